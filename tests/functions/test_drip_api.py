"""/v1/actions, /v1/scheduled-actions, /v1/plans and /v1/assignments, as a client meets them."""

from typing import Any

import pytest

from functions.drip_api.app import api
from gotero.adapters.memory.signer import MemorySigner
from gotero.domain.record import Ref
from gotero.domain.user import User
from gotero.entry import wiring
from tests.functions.admin_request import LUCIA, Answer, call
from tests.unit.services.drip_world import World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(api, "_find_user", lambda sub: LUCIA)
    monkeypatch.setattr(wiring, "drips", lambda: world.drips)
    monkeypatch.setattr(wiring, "definitions", lambda: world.definitions)
    monkeypatch.setattr(wiring, "records", lambda: world.records)
    monkeypatch.setattr(wiring, "definition_writer", lambda: world.writer)
    return world


def to(*recipients: Ref, **more: Any) -> dict[str, Any]:
    return {"recipients": [ref.to_json() for ref in recipients], **more}


def get(path: str, **query: str) -> Answer:
    return call(api, "GET", path, query=query)


def test_a_drip_from_its_action_to_its_assignments(world: World) -> None:
    lia = world.contact()
    action = call(api, "POST", "/v1/actions", {"name": "Bienvenida 2", "params": {"template_id": "welcome"}})
    assert action.status == 201
    assert (action.body["kind"], action.body["class"], action.body["version"]) == ("mail", "marketing", 1)
    when = {"on": "assignment", "offset": {"days": 10}}
    scheduled = call(
        api, "POST", "/v1/scheduled-actions", {"reference": "+10", "action_id": action.body["id"], "when": when}
    )
    assert scheduled.status == 201
    assert scheduled.body["sender"] == "recipient_owner"
    plan = call(api, "POST", "/v1/plans", {"name": "P", "scheduled_actions": [scheduled.body["id"]]})
    assert plan.status == 201
    assigned = call(api, "POST", f"/v1/plans/{plan.body['id']}/assign", to(lia))
    assert assigned.status == 200
    (item,) = assigned.body["items"]
    assert item["scheduled_action"] == scheduled.body["id"]
    assert item["recipient"] == {"module": "contacts", "id": "lia"}
    assert (item["subject"], item["state"], item["reason"]) == (None, "pending", None)
    assert (item["due_at"], item["zone"]) == ("2026-12-01T09:00:00.000Z", "Europe/Madrid")
    assert (item["via"], item["cause"]) == ([f"plan:{plan.body['id']}"], {"user": "lucia"})
    for text in ("contacts/lia", "contacts#lia"):
        assert get("/v1/assignments", recipient=text).body == {"items": [item], "next": None}
    assert get(f"/v1/assignments/{item['id']}").body == item
    cancelled = call(api, "DELETE", f"/v1/assignments/{item['id']}")
    assert (cancelled.status, cancelled.body["reason"]) == (200, "unassigned")


def test_assign_unassign_and_preview_of_one_scheduled_action(world: World) -> None:
    lia = world.contact()
    path = f"/v1/scheduled-actions/{world.welcome[2]}"
    shown = call(api, "POST", f"{path}/preview", to(lia)).body["items"][0]
    assert get("/v1/assignments", recipient="contacts/lia").body["items"] == []
    assert call(api, "POST", f"{path}/assign", to(lia, subject=None)).body["items"] == [shown]
    (left,) = call(api, "POST", f"{path}/unassign", to(lia)).body["items"]
    assert (left["state"], left["reason"], left["via"]) == ("skipped", "unassigned", [])


def test_pages_of_assignments_go_on_from_their_cursor(world: World) -> None:
    lia = world.contact()
    call(api, "POST", f"/v1/plans/{world.plan}/assign", to(lia))
    first = get("/v1/assignments", recipient="contacts/lia", limit="2").body
    second = get("/v1/assignments", recipient="contacts/lia", limit="2", cursor=first["next"]).body
    assert len({item["id"] for item in first["items"] + second["items"]}) == 3
    assert second["next"] is None
    only = get("/v1/assignments", recipient="contacts/lia", scheduled_action=world.welcome[0]).body["items"]
    assert [item["scheduled_action"] for item in only] == [world.welcome[0]]


def test_a_plan_lists_who_came_by_it_and_how_each_stands(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "signer", MemorySigner)
    path = f"/v1/plans/{world.plan}"
    assert get(f"{path}/recipients").body == {"items": [], "hidden": 0, "next": None}
    lia = world.contact()
    assigned = call(api, "POST", f"{path}/assign", to(lia)).body["items"]
    call(api, "DELETE", f"/v1/assignments/{assigned[0]['id']}")
    first = get(f"{path}/recipients", limit="2").body
    second = get(f"{path}/recipients", limit="2", cursor=first["next"]).body
    stand = {item["id"]: item["reason"] for item in first["items"] + second["items"]}
    assert stand == {item["id"]: "unassigned" if item is assigned[0] else None for item in assigned}
    assert second["next"] is None
    person = world.records.get(lia)
    assert person
    assert {item["number"] for item in first["items"]} == {person.number}
    assert get("/v1/plans/nope/recipients").status == 404
    forged = get(f"{path}/recipients", limit="2", cursor=first["next"] + "x")
    assert (forged.status, forged.broken()) == (422, [("cursor", "cursor")])


def test_changes_ask_for_their_version_and_keep_the_rest(world: World) -> None:
    path = f"/v1/plans/{world.plan}"
    changed = call(api, "PATCH", path, {"name": "Otro"}, headers={"if-match": '"1"'})
    assert (changed.status, changed.body["name"], changed.headers["etag"]) == (200, "Otro", '"2"')
    assert changed.body["scheduled_actions"] == world.welcome
    assert call(api, "PATCH", path, {"name": "Tarde"}, headers={"if-match": '"1"'}).status == 409
    assert get(path).body["name"] == "Otro"
    assert [plan["id"] for plan in get("/v1/plans").body["items"]] == [world.plan]
    assert call(api, "DELETE", path).status == 204
    assert get(path).status == 404


def test_the_same_idempotency_key_makes_one_plan(world: World) -> None:
    new = {"name": "Q", "scheduled_actions": world.welcome}
    first, second = (call(api, "POST", "/v1/plans", new, headers={"idempotency-key": "k"}) for _ in range(2))
    assert first.body["id"] == second.body["id"]
    assert len(get("/v1/plans").body["items"]) == 2


@pytest.mark.parametrize("path", ["/v1/actions", "/v1/scheduled-actions", "/v1/plans"])
@pytest.mark.parametrize("body", ["", "[]", "null", "{", "5", '{"a": NaN}', "{}", '{"name": {}}', '{"x": 1}'])
def test_broken_bodies_are_problems_and_write_nothing(world: World, path: str, body: str) -> None:
    before = get(path).body
    answer = call(api, "POST", path, body)
    assert answer.status == 422
    assert answer.broken()
    assert get(path).body == before


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({}, ("recipients", "required")),
        ({"recipients": []}, ("recipients", "limit")),
        ({"recipients": [{"module": "contacts", "id": "lia"}] * 101}, ("recipients", "limit")),
        ({"recipients": ["contacts#lia"]}, ("recipients[0]", "object")),
        ({"recipients": [{"module": "contacts"}]}, ("recipients[0].id", "required")),
        ({"recipients": [{"module": "contacts", "id": "nobody"}]}, ("recipients[0].id", "not_found")),
        ({"recipients": [{"module": "contacts", "id": ""}]}, ("recipients[0].id", "required")),
        ({"recipients": [{"module": "invoices", "id": "x"}]}, ("recipients[0].module", "choice")),
        ({"recipients": [{"module": "contacts", "id": "lia"}], "when": "now"}, ("when", "unknown_key")),
        (
            {"recipients": [{"module": "contacts", "id": "lia"}], "subject": {"module": "x", "id": "y"}},
            ("subject", "not_found"),
        ),
    ],
)
@pytest.mark.parametrize("verb", ["assign", "preview"])
def test_broken_assignments_are_refused_with_their_path(
    world: World, verb: str, body: dict[str, Any], broken: tuple[str, str]
) -> None:
    world.contact()
    answer = call(api, "POST", f"/v1/plans/{world.plan}/{verb}", body)
    assert (answer.status, answer.broken()) == (422, [broken])
    assert get("/v1/assignments", recipient="contacts/lia").body["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "query", "status"),
    [
        ("GET", "/v1/actions/nothing", {}, 404),
        ("GET", "/v1/assignments/nothing", {}, 404),
        ("DELETE", "/v1/assignments/nothing", {}, 404),
        ("DELETE", "/v1/plans/nothing", {}, 404),
        ("POST", "/v1/plans/nothing/assign", {}, 404),
        ("POST", "/v1/scheduled-actions/nothing/unassign", {}, 404),
        ("POST", "/v1/scheduled-actions/nothing/dance", {}, 404),
        ("GET", "/v1/drips", {}, 404),
        ("GET", "/v1/assignments", {}, 422),
        ("GET", "/v1/assignments", {"recipient": "lia"}, 422),
        ("GET", "/v1/assignments", {"recipient": "contacts/"}, 422),
        ("GET", "/v1/assignments", {"recipient": "invoices/x"}, 422),
        ("GET", "/v1/assignments", {"recipient": "contacts/lia", "limit": "0"}, 422),
        ("GET", "/v1/assignments", {"recipient": "contacts/lia", "cursor": "nonsense"}, 422),
    ],
)
def test_what_is_not_there_or_makes_no_sense(
    world: World, method: str, path: str, query: dict[str, str], status: int
) -> None:
    assert call(api, method, path, {} if method == "POST" else None, query=query).status == status


def test_what_is_inactive_or_in_use_is_refused(world: World) -> None:
    lia = world.contact()
    path = f"/v1/scheduled-actions/{world.welcome[0]}"
    assert call(api, "DELETE", path).status == 409
    assert call(api, "DELETE", f"/v1/actions/{world.action}").status == 409
    call(api, "PATCH", path, {"status": "inactive"})
    refused = call(api, "POST", f"{path}/assign", to(lia))
    assert (refused.status, refused.broken()) == (422, [("scheduled_action_ids[0]", "inactive")])
    preview = call(api, "POST", f"{path}/preview", to(lia)).body["items"][0]
    assert (preview["state"], preview["reason"]) == ("skipped", "inactive")


def test_a_viewer_reads_and_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_find_user", lambda sub: User("v", "V", "v@huertaturia.example", "viewer"))
    assert get("/v1/plans").status == 200
    assert call(api, "POST", f"/v1/plans/{world.plan}/assign", to(world.contact())).status == 403
    assert world.assignments.of(Ref("contacts", "lia"))[0] == []
