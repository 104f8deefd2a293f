"""/v1/forms and /v1/workflows, as a client meets them."""

from typing import Any

import pytest

from functions.forms_api.app import api as forms
from functions.workflows_api.app import api as workflows
from gotero.entry import wiring
from gotero.entry.http import Api
from tests.functions.admin_request import LUCIA, call
from tests.unit.services.office import Office

FORM = {
    "name": "Contacto",
    "module": "contacts",
    "allowed_domains": ["huertaturia.example"],
    "fields": [{"field": "lastname", "required": True}],
}
WORKFLOW = {"name": "Nada", "module": "contacts", "trigger": {"on": "save"}, "tasks": []}


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office()
    office.define("users", LUCIA.to_json(), LUCIA.id)
    for api in (forms, workflows):
        monkeypatch.setattr(api, "_find_user", lambda _: LUCIA)
    monkeypatch.setattr(wiring, "definitions", lambda: office.definitions)
    monkeypatch.setattr(wiring, "definition_writer", lambda: office.definer)
    monkeypatch.setattr(wiring, "record_writer", lambda: office.writer)
    monkeypatch.setenv("PUBLIC_URL", "https://links.gotero.example")
    return office


@pytest.mark.parametrize(("api", "path", "body"), [(forms, "/v1/forms", FORM), (workflows, "/v1/workflows", WORKFLOW)])
def test_the_same_key_makes_one(office: Office, api: Api, path: str, body: dict[str, Any]) -> None:
    first, second = (call(api, "POST", path, body, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status, second.status, first.body) == (201, 201, second.body)
    assert len(call(api, "GET", path).body["items"]) == 1
    changed = call(api, "PATCH", f"{path}/{first.body['id']}", {"active": False}, headers={"If-Match": '"1"'})
    assert (changed.status, changed.body["active"], changed.headers["etag"]) == (200, False, '"2"')
    assert call(api, "PATCH", f"{path}/{first.body['id']}", {}, headers={"If-Match": '"1"'}).status == 409
    assert call(api, "DELETE", f"{path}/{first.body['id']}").status == 204
    assert call(api, "GET", f"{path}/{first.body['id']}").status == 404


def test_a_form_left_half_done_is_reached_after_its_repetition(office: Office) -> None:
    headers = {"Idempotency-Key": "k1"}
    form = call(forms, "POST", "/v1/forms", FORM, headers=headers).body
    office.definitions.delete("public_forms", form["public_id"])
    assert call(forms, "POST", "/v1/forms", FORM, headers=headers).body == form
    found = office.definitions.get("public_forms", form["public_id"])
    assert found
    assert found.data["form"] == form["id"]
    assert f"https://links.gotero.example/f/{form['public_id']}" in _html(form["id"])


def test_a_name_that_another_form_has_is_told_at_the_name(office: Office) -> None:
    first = call(forms, "POST", "/v1/forms", FORM).body
    refused = call(forms, "POST", "/v1/forms", {**FORM, "name": "CONTACTO"})
    assert (refused.status, refused.broken()) == (409, [("name", "unique")])
    assert [form["id"] for form in call(forms, "GET", "/v1/forms").body["items"]] == [first["id"]]
    assert len(office.definitions.all("public_forms")) == 1


def test_what_no_item_can_hold_is_refused(office: Office) -> None:
    values = {"lastname": "X", "description": "x" * 20_000}
    tasks = [
        {"id": f"t{n}", "type": "create_record", "params": {"module": "contacts", "values": values}} for n in range(30)
    ]
    refused = call(workflows, "POST", "/v1/workflows", {**WORKFLOW, "tasks": tasks})
    assert (refused.status, refused.broken()) == (422, [("", "definition_too_large")])
    assert office.definitions.all("workflows") == []


@pytest.mark.parametrize(
    ("trigger", "where"),
    [
        ({"on": "form_posted", "form_id": "gone"}, ("trigger.form_id", "not_found")),
        ({"on": "segment_entered", "segment_id": "gone"}, ("trigger.segment_id", "not_found")),
        ({"on": "segment_left", "segment_id": "gone"}, ("trigger.segment_id", "not_found")),
        ({"on": "message_event", "event": "sneezed"}, ("trigger.event", "choice")),
    ],
)
def test_a_trigger_that_nothing_could_set_off_is_refused(
    office: Office, trigger: dict[str, str], where: tuple[str, str]
) -> None:
    refused = call(workflows, "POST", "/v1/workflows", {**WORKFLOW, "trigger": trigger})
    assert (refused.status, refused.broken()) == (422, [where])
    assert office.definitions.all("workflows") == []


def test_a_trigger_names_what_exists(office: Office) -> None:
    form = call(forms, "POST", "/v1/forms", FORM).body
    narrowed: list[dict[str, Any]] = [
        {"on": "form_posted", "form_id": form["id"]},
        {"on": "form_posted"},
        {"on": "message_event", "event": "clicked"},
        {"on": "message_event", "event": "skipped"},
    ]
    for trigger in narrowed:
        made = call(workflows, "POST", "/v1/workflows", {**WORKFLOW, "name": str(trigger), "trigger": trigger})
        assert (made.status, made.body["trigger"]) == (201, trigger)


def test_a_form_that_a_workflow_waits_for_stays(office: Office) -> None:
    form = call(forms, "POST", "/v1/forms", FORM).body
    trigger = {"on": "form_posted", "form_id": form["id"]}
    answering = call(workflows, "POST", "/v1/workflows", {**WORKFLOW, "trigger": trigger}).body

    refused = call(forms, "DELETE", f"/v1/forms/{form['id']}")

    assert (refused.status, refused.broken()) == (409, [(f"workflows.{answering['id']}", "in_use")])
    assert f"/f/{form['public_id']}" in _html(form["id"])
    assert call(workflows, "DELETE", f"/v1/workflows/{answering['id']}").status == 204
    assert call(forms, "DELETE", f"/v1/forms/{form['id']}").status == 204


def _html(form_id: str) -> str:
    request = {"http": {"method": "GET", "path": ""}, "stage": "$default"}
    event = {"rawPath": f"/v1/forms/{form_id}/html", "headers": {}, "body": None, "requestContext": request}
    answer = forms.handler(event, None)  # type: ignore[arg-type]  # the handler does not look at its context
    assert answer["statusCode"] == 200
    body: str = answer["body"]
    return body
