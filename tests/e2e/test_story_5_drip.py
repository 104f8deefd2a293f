"""Story step 5, what test_drip.py leaves: from whom drips leave, and that birthday and New Year arrive, once each."""

from datetime import datetime, timedelta

import pytest

from infra.local.demo import contents
from infra.local.demo.company import INES, demo_id
from infra.local.demo.desk import Desk
from infra.local.stack import wait_until
from tests.e2e.evidence import Json, assert_lawful, tick

pytestmark = pytest.mark.e2e


def ours(template: Json) -> Json:
    """Under a name that no other test's template has."""
    return {**template, "name": f"Historia: {template['name']}"}


def assign(desk: Desk, scheduled_action: str, person: Json) -> Json:
    body = {"recipients": [{"module": person["module"], "id": person["id"]}]}
    (item,) = desk.stack.api("POST", f"/v1/scheduled-actions/{scheduled_action}/assign", body)["items"]
    return dict(item)


def test_one_task_assigns_all_three_and_the_first_leaves_at_once_from_the_contacts_owner(desk: Desk) -> None:
    welcomes = [
        desk.scheduled(f"Historia +{days}", ours(template), contents.after(days))
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

    first, second, third = wait_until(one_done, 300, "one done and two pending")
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
    new_year = desk.scheduled("Historia: año", ours(contents.NEW_YEAR), contents.on_new_year(now.year + 1))
    birthday = desk.scheduled("Historia: cumpleaños", ours(contents.BIRTHDAY), contents.NEXT_BIRTHDAY)
    greeting, congratulation = assign(desk, new_year, madrid), assign(desk, birthday, leaper)
    assert greeting["due_at"] == f"{now.year + 1}-01-01T08:00:00.000Z"  # nine o'clock in the company's zone
    planned = [(greeting, madrid, "Feliz año nuevo"), (congratulation, leaper, "Felicidades")]

    for item, person, subject in sorted(planned, key=lambda one: str(one[0]["due_at"])):
        due = datetime.fromisoformat(item["due_at"])
        desk.stack.clock.move_to((due - timedelta(hours=2)).isoformat())
        assert _state(desk, item) == "pending"
        desk.stack.clock.move_to((due + timedelta(minutes=2)).isoformat())
        for _ in range(2):
            tick(desk.stack)
        # Before the clock moves again: it must not jump over a mail on its way.
        desk.stack.mailbox.wait_for(to=_local_part(person), subject=subject, timeout=300)
        assert _state(desk, item) == "done"

    for _, person, subject in planned:
        assert len(desk.stack.mailbox.messages(to=_local_part(person), subject=subject)) == 1


def _state(desk: Desk, assignment: Json) -> str:
    return str(desk.stack.api("GET", f"/v1/assignments/{assignment['id']}")["state"])


def _local_part(person: Json) -> str:
    """What is left of the @ stays as it is on the way; a domain beyond ASCII is encoded for the provider."""
    return str(person["values"]["email"]).partition("@")[0] + "@"
