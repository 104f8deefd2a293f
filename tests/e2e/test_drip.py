"""Story step 5: three welcomes by a plan, one taken back, birthdays, New Year, what has gone by, through the API."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e
MADRID = ZoneInfo("Europe/Madrid")
MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>Hola {{ contact.firstname|default('hola') }}</mj-text>"
    "</mj-column></mj-section></mj-body></mjml>"
)


def contact(stack: Stack, name: str, **values: str) -> dict[str, str]:
    values = {"firstname": name, "lastname": "Goteo", "email": f"{name.lower()}@drip.example", **values}
    return {"module": "contacts", "id": stack.api("POST", "/v1/records/contacts", {"values": values}, expect=201)["id"]}


def scheduled(stack: Stack, subject: str, when: dict[str, Any]) -> str:
    template = stack.api("POST", "/v1/templates", {"name": subject, "subject": subject, "mjml": MJML}, expect=201)
    action = {"name": subject, "kind": "mail", "class": "marketing", "params": {"template_id": template["id"]}}
    made = stack.api("POST", "/v1/actions", action, expect=201)
    body = {
        "reference": subject,
        "action_id": made["id"],
        "status": "active",
        "sender": "recipient_owner",
        "when": when,
    }
    return str(stack.api("POST", "/v1/scheduled-actions", body, expect=201)["id"])


def assignments(stack: Stack, person: dict[str, str]) -> list[dict[str, Any]]:
    found = stack.api("GET", f"/v1/assignments?recipient={person['module']}%23{person['id']}")
    return list(found["items"])


def states(stack: Stack, person: dict[str, str]) -> list[str]:
    return [item["reason"] or item["state"] for item in assignments(stack, person)]


def wait_for_states(stack: Stack, person: dict[str, str], wanted: list[str]) -> None:
    wait_until(lambda: states(stack, person) == wanted, 300, f"{wanted}, not {states(stack, person)}")


@pytest.fixture(scope="module")
def welcome(stack: Stack) -> list[str]:
    company = {"name": "Huerta Turia, S.L.", "address": "Camino del Huerto 1, Valencia", "send_delay_minutes": 0}
    if not stack.api("GET", "/v1/settings/company").get("sender"):
        stack.api("PUT", "/v1/settings/company", {**company, "sender": "hola@huertaturia.example"})
    return [
        scheduled(stack, f"Bienvenida +{days}", {"on": "assignment", "offset": {"days": days}}) for days in (0, 10, 40)
    ]


def test_a_welcome_of_three_mails_of_which_one_person_takes_back_the_last(stack: Stack, welcome: list[str]) -> None:
    lia, iker = contact(stack, "Lia"), contact(stack, "Iker", time_zone="Asia/Tokyo")
    plan = stack.api("POST", "/v1/plans", {"name": "Bienvenida", "scheduled_actions": welcome}, expect=201)["id"]
    for person in (lia, iker):
        assigned = stack.api("POST", f"/v1/plans/{plan}/assign", {"recipients": [person]}, expect=200)["items"]
        assert len(assigned) == 3

    # The first leaves at once, without a tick; the others stand with their exact instants.
    for name in ("lia", "iker"):
        stack.mailbox.wait_for(to=f"{name}@drip.example", subject="Bienvenida +0")
    wait_for_states(stack, lia, ["done", "pending", "pending"])
    first, second, third = (datetime.fromisoformat(item["due_at"]) for item in assignments(stack, lia))
    for later, days in ((second, 10), (third, 40)):
        assert later.astimezone(MADRID).replace(tzinfo=None) - first.astimezone(MADRID).replace(
            tzinfo=None
        ) == timedelta(days=days)

    stack.clock.move_to((second + timedelta(minutes=2)).isoformat())
    for person in (lia, iker):
        wait_for_states(stack, person, ["done", "done", "pending"])
    for name in ("lia", "iker"):
        stack.mailbox.wait_for(to=f"{name}@drip.example", subject="Bienvenida +10")
    left = stack.api("POST", f"/v1/scheduled-actions/{welcome[2]}/unassign", {"recipients": [iker]}, expect=200)
    assert [item["reason"] for item in left["items"]] == ["unassigned"]

    stack.clock.move_to((third + timedelta(minutes=2)).isoformat())
    wait_for_states(stack, lia, ["done", "done", "done"])
    stack.mailbox.wait_for(to="lia@drip.example", subject="Bienvenida +40")
    assert states(stack, iker) == ["done", "done", "unassigned"]
    # The plan says so too: everybody who came by it, a page at a time.
    page = stack.api("GET", f"/v1/plans/{plan}/recipients?limit=4", expect=200)
    listed = page["items"] + stack.api("GET", f"/v1/plans/{plan}/recipients?cursor={page['next']}&limit=4")["items"]
    assert sorted(item["reason"] or item["state"] for item in listed) == ["done"] * 5 + ["unassigned"]
    assert {item["title"] for item in listed} == {"Lia Goteo", "Iker Goteo"}
    # A further tick, or two: once each.
    functions = stack.aws("lambda").list_functions(MaxItems=100)["Functions"]
    (function,) = (f["FunctionName"] for f in functions if "TickFunction" in f["FunctionName"])
    for _ in range(2):
        assert stack.aws("lambda").invoke(FunctionName=function, Payload=b"{}")["StatusCode"] == 200
    assert len(stack.mailbox.messages(to="lia@drip.example", subject="Bienvenida")) == 3
    assert len(stack.mailbox.messages(to="iker@drip.example", subject="Bienvenida")) == 2


def test_one_task_assigns_all_three_and_another_takes_back_what_is_left(stack: Stack, welcome: list[str]) -> None:
    def workflow(name: str, trigger: str, department: str, type: str, params: dict[str, Any]) -> None:
        condition = {"all": [{"field": "department", "op": "is", "value": department}]}
        task = {"type": type, "name": name, "params": params}
        body = {"name": name, "module": "contacts", "active": True, "trigger": {"on": trigger}, "condition": condition}
        stack.api("POST", "/v1/workflows", {**body, "tasks": [task]}, expect=201)

    workflow("Dar la bienvenida", "create", "Nuevas", "assign", {"scheduled_action_ids": welcome})
    workflow("Dejar de dar la bienvenida", "modify", "Bajas", "unassign", {"scheduled_action_ids": welcome})
    carme = contact(stack, "Carme2", department="Nuevas")
    wait_for_states(stack, carme, ["done", "pending", "pending"])
    assert [item["via"] for item in assignments(stack, carme)] == [["direct"]] * 3
    assert {"workflow", "task", "event", "depth"} <= assignments(stack, carme)[0]["cause"].keys()
    stack.api("PATCH", f"/v1/records/contacts/{carme['id']}", {"values": {"department": "Bajas"}})
    wait_for_states(stack, carme, ["done", "unassigned", "unassigned"])
    stack.mailbox.wait_for(to="carme2@drip.example")
    assert len(stack.mailbox.messages(to="carme2@drip.example")) == 1


def test_birthdays_and_holidays_have_their_exact_instants_and_the_past_is_skipped(stack: Stack) -> None:
    now = datetime.fromisoformat(stack.clock.now())
    birthday = {"on": "field", "field": "birthday", "at": "09:00"}
    coming = scheduled(stack, "Felicidades", {**birthday, "count": "next_anniversary"})
    literal = scheduled(stack, "Un año", {**birthday, "count": "as_is", "offset": {"days": 365}})
    new_year = scheduled(stack, "Feliz año", {"on": "date", "date": f"{now.year + 2}-01-01", "at": "09:00"})
    people = {
        "1985-03-14": contact(stack, "Carme", birthday="1985-03-14"),
        "1988-02-29": contact(stack, "Bisiesta", birthday="1988-02-29"),
        f"{now.year}-04-20": contact(stack, "Bebe", birthday=f"{now.year}-04-20"),
    }
    for born, person in people.items():
        body = {"recipients": [person]}
        (shown,) = stack.api("POST", f"/v1/scheduled-actions/{coming}/preview", body)["items"]
        (kept,) = stack.api("POST", f"/v1/scheduled-actions/{coming}/assign", body)["items"]
        assert (kept["due_at"], kept["state"]) == (shown["due_at"], "pending")
        due = datetime.fromisoformat(kept["due_at"])
        local = due.astimezone(MADRID)
        day = "02-28" if born.endswith("02-29") and local.year % 4 else born[5:]
        assert f"{local:%m-%d %H:%M}" == f"{day} 09:00"
        assert now < due < now + timedelta(days=368 + (366 if born.startswith(str(now.year)) else 0))
    (old,) = stack.api("POST", f"/v1/scheduled-actions/{literal}/assign", {"recipients": [people["1985-03-14"]]})[
        "items"
    ]
    assert (old["state"], old["reason"]) == ("skipped", "past")
    (year,) = stack.api("POST", f"/v1/scheduled-actions/{new_year}/assign", {"recipients": [people["1985-03-14"]]})[
        "items"
    ]
    assert year["due_at"] == f"{now.year + 2}-01-01T08:00:00.000Z"
    cancelled = stack.api("DELETE", f"/v1/assignments/{year['id']}")
    assert cancelled["reason"] == "unassigned"


def test_what_makes_no_sense_is_refused_with_its_path(stack: Stack, welcome: list[str]) -> None:
    answer = stack.call("POST", f"/v1/scheduled-actions/{welcome[0]}/assign", {"recipients": [{"module": "contacts"}]})
    assert (answer.status, answer.json()["errors"][0]["path"]) == (422, "recipients[0].id")
    assert stack.call("GET", "/v1/assignments").status == 422
    assert stack.call("GET", "/v1/plans/nothing").status == 404
    assert stack.call("GET", "/v1/plans", token="").status == 401
