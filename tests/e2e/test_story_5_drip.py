"""Story step 5, what test_drip.py leaves: from whom drips leave, and that birthday and New Year arrive, once each."""

from datetime import datetime, timedelta

import pytest

from infra.local.demo import contents
from infra.local.demo.company import INES, demo_id
from infra.local.demo.desk import Desk
from infra.local.stack import wait_until
from tests.e2e.evidence import Json, assert_lawful, tick

pytestmark = pytest.mark.e2e


def assign(desk: Desk, scheduled_action: str, person: Json) -> Json:
    body = {"recipients": [{"module": person["module"], "id": person["id"]}]}
    (item,) = desk.stack.api("POST", f"/v1/scheduled-actions/{scheduled_action}/assign", body)["items"]
    return dict(item)


def test_one_task_assigns_all_three_and_the_first_leaves_at_once_from_the_contacts_owner(desk: Desk) -> None:
    welcomes = [
        desk.scheduled(f"Historia +{days}", template, contents.after(days))
        for days, template in contents.WELCOME.items()
    ]
    desk.made("/v1/workflows", contents.welcome_workflow(welcomes))
    values = {"firstname": "Pau", "lastname": "Climent", "email": "pau.climent@correo.example"}
    pau = desk.typed_in("contacts", {**values, "leadsource": "Word of mouth"}, owner=desk.user(INES))

    mail = desk.stack.mailbox.wait_for(to="pau.climent@correo.example", subject="Bienvenida a la huerta")

    assert mail["from"].endswith("<ines.duarte@huertaturia.example>")  # her name stands encoded before it
    assert_lawful(desk, mail)

    def one_done() -> list[Json] | None:
        items = desk.assignments("contacts", pau["id"])
        return items if [item["state"] for item in items] == ["done", "pending", "pending"] else None

    first, second, third = wait_until(one_done, 60, "one done and two pending")
    assert first["cause"]["workflow"]
    begun = datetime.fromisoformat(first["due_at"])
    for item, days in ((second, 10), (third, 40)):
        # A wall-clock day may be an hour longer or shorter where the clocks change between.
        assert abs(datetime.fromisoformat(item["due_at"]) - begun - timedelta(days=days)) <= timedelta(hours=1)
    message = desk.record("messages", f"contacts-{pau['id']}-as-{first['id']}-1")
    assert message["number"].startswith("MSG-")


def test_new_year_and_the_birthday_of_29_february_arrive_once_at_their_hour(desk: Desk) -> None:
    now = datetime.fromisoformat(desk.stack.clock.now())
    leaper = next(desk.records("contacts", {"field": "birthday", "op": "is", "value": "1988-02-29"}))
    madrid = desk.record("contacts", demo_id("contacts", "kaethe-gross"))
    new_year = desk.scheduled("Año nuevo de la historia", contents.NEW_YEAR, contents.on_new_year(now.year + 1))
    birthday = desk.scheduled("Cumpleaños de la historia", contents.BIRTHDAY, contents.NEXT_BIRTHDAY)
    greeting, congratulation = assign(desk, new_year, madrid), assign(desk, birthday, leaper)
    assert greeting["due_at"] == f"{now.year + 1}-01-01T08:00:00.000Z"  # nine o'clock in the company's zone
    instants = sorted((item["due_at"], item["id"]) for item in (greeting, congratulation))

    for due_at, id in instants:
        before = datetime.fromisoformat(due_at) - timedelta(hours=2)
        desk.stack.clock.move_to(before.isoformat())
        assert desk.stack.api("GET", f"/v1/assignments/{id}")["state"] == "pending"
        desk.stack.clock.move_to((datetime.fromisoformat(due_at) + timedelta(minutes=2)).isoformat())
        for _ in range(2):
            tick(desk.stack)
        wait_until(lambda id=id: _state(desk, id) == "done", 60, "the mail")  # type: ignore[misc]  # mypy infers no lambda with a default

    for person, subject in ((madrid, "Feliz año nuevo"), (leaper, "Felicidades")):
        desk.stack.mailbox.wait_for(to=_wire(desk, person), subject=subject)
        assert len(desk.stack.mailbox.messages(to=_wire(desk, person), subject=subject)) == 1


def _state(desk: Desk, assignment: str) -> str:
    return str(desk.stack.api("GET", f"/v1/assignments/{assignment}")["state"])


def _wire(desk: Desk, person: Json) -> str:
    """An address as the provider is handed it: a domain beyond ASCII is encoded there."""
    return str(person["values"]["email"]).partition("@")[0] + "@"
