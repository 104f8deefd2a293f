"""A field that an administrator adds works everywhere on a stack that has been running, without a restart."""

import csv
import io
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from infra.local.http import request
from infra.local.stack import Stack, wait_until
from tests.e2e.test_imports import finished

pytestmark = pytest.mark.e2e
TALLA = {"field": "talla", "label": {"es": "Talla", "en": "Size"}, "type": "picklist", "options": ["S", "M", "L"]}
IS_M = {"all": [{"field": "talla", "op": "is", "value": "M"}]}


def lines(stack: Stack, **query: str) -> list[dict[str, Any]]:
    return list(stack.api("GET", f"/v1/records/contacts?{urlencode(query)}")["items"])


def imported_with_a_size(stack: Stack) -> None:
    """One row comes in with its size; the other names a size that does not exist, and is refused for it."""
    body = b"Apellidos;Talla\r\nImportada;L\r\nAjena;XXL\r\n"
    made = stack.api("POST", "/v1/imports", {"module": "contacts", "name": "tallas.csv", "size": len(body)}, expect=201)
    put = {"content-type": "text/csv", "origin": stack.console_url.removesuffix("/console/")}
    assert request("PUT", made["upload_url"], body=body, headers=put).status == 200
    path = f"/v1/imports/{made['id']}"
    # The field is found by its label; without an address to match, every row is a contact of its own.
    plan = stack.api("POST", f"{path}/preview", {})["plan"]
    assert plan["columns"] == ["lastname", "talla"]
    stack.api("POST", f"{path}/start", {"columns": plan["columns"], "match": plan["match"]}, expect=202)
    result = finished(stack, path)["job"]["result"]
    assert (result["new"], result["refused"], result["reasons"]) == (1, 1, {"talla:picklist": 1})


def exported_sizes(stack: Stack) -> list[tuple[str, ...]]:
    """Surname and size of whoever has the size L, as a file of an export tells them."""
    wanted = {"module": "contacts", "condition": {"field": "talla", "op": "is", "value": "L"}}
    wait_until(lambda: stack.api("POST", "/v1/filters/count", wanted)["count"] == 2, 300, "both in the lake")
    job = stack.api("POST", "/v1/exports", {**wanted, "columns": ["lastname", "talla"]}, expect=202)["job_id"]
    url = finished(stack, f"/v1/exports/{job}")["url"]
    head, *rows = csv.reader(io.StringIO(request("GET", url).body.decode("utf-8-sig")), delimiter=";")
    assert head[-1] == "Talla"
    return [tuple(row[-2:]) for row in rows]


def test_a_field_is_added_and_used_everywhere_at_once(stack: Stack) -> None:
    # Every function that is asked below has run before, and knows the modules as they were.
    for path in ("records/contacts", "forms", "workflows", "templates", "segments", "filters", "meta"):
        stack.api("GET", f"/v1/{path}")
    assert stack.call("POST", "/v1/filters/count", {"module": "contacts", "condition": IS_M}).status == 422
    early = stack.api("POST", "/v1/records/contacts", {"values": {"lastname": "Antes"}}, expect=201)["id"]

    stack.api("POST", "/v1/fields/contacts", {**TALLA, "list_column": True}, expect=201)
    contacts = next(m for m in stack.api("GET", "/v1/meta")["modules"] if m["id"] == "contacts")
    assert "talla" in contacts["list_columns"]

    body = {"name": "Talla M", "module": "contacts", "condition": IS_M}
    filter_id = stack.api("POST", "/v1/filters", body, expect=201)["id"]
    segment = stack.api("POST", "/v1/segments", {"name": "Tallas M"}, expect=201)["id"]
    stack.api("POST", f"/v1/segments/{segment}/autosync", {"filter_id": filter_id, "on": True}, expect=202)
    condition = {"all": [*IS_M["all"], {"field": "title", "op": "is", "value": "Crece"}]}
    task = {"type": "update_fields", "params": {"values": {"talla": "L"}}}
    workflow = {"name": "Una talla más", "module": "contacts", "trigger": {"on": "save"}, "condition": condition}
    workflow_id = stack.api("POST", "/v1/workflows", {**workflow, "tasks": [task]}, expect=201)["id"]
    asked = [{"field": "lastname"}, {"field": "email"}, {"field": "talla"}]
    form = {"name": "Tallas", "module": "contacts", "any_domain": True, "fields": asked}
    made = stack.api("POST", "/v1/forms", form, expect=201)
    assert 'name="talla"' in stack.call("GET", f"/v1/forms/{made['id']}/html").text
    content = {"name": "Tu talla", "subject": "Talla {{ contact.talla }}", "html": "<p>{{ contact.talla }}</p>"}
    template = stack.api("POST", "/v1/templates", content, expect=201)
    assert template["warnings"] == []

    typed = {"lastname": "Núñez", "email": "talla@correo.example", "talla": "M"}
    origin = {"Origin": "https://huertaturia.example", "Accept": "application/json"}
    assert request("POST", f"{stack.public_url}/f/{made['public_id']}", form=typed, headers=origin).status == 200
    wait_until(lambda: lines(stack, filter_id=filter_id), 300, "the contact in the list")
    (found,) = lines(stack, filter_id=filter_id, sort="talla")
    assert found["values"]["talla"] == "M"
    why = f"/v1/segments/{segment}/why/contacts/{found['id']}"
    wait_until(lambda: stack.api("GET", why)["member"], 300, "the contact in the segment")
    preview = f"/v1/templates/{template['id']}/preview"
    shown = stack.api("POST", preview, {"record": {"module": "contacts", "id": found["id"]}})
    assert shown["subject"] == "Talla M"

    stack.api("PATCH", f"/v1/records/contacts/{found['id']}", {"values": {"title": "Crece"}})
    record = f"/v1/records/contacts/{found['id']}"
    wait_until(lambda: stack.api("GET", record)["values"]["talla"] == "L", 300, "the workflow to write")
    wait_until(lambda: not stack.api("GET", why)["member"], 300, "the contact to leave the segment")
    empty = {"all": [{"field": "talla", "op": "is_empty"}, {"field": "lastname", "op": "is", "value": "Antes"}]}
    assert [line["id"] for line in lines(stack, filter=json.dumps(empty))] == [early]

    imported_with_a_size(stack)
    assert ("Importada", "L") in exported_sizes(stack)

    refused = stack.call("DELETE", "/v1/fields/contacts/talla")
    assert refused.status == 409
    named = {error["path"].partition(".")[0] for error in refused.json()["errors"]}
    assert named == {"filters", "segments", "workflows", "forms", "templates"}

    for path in (f"workflows/{workflow_id}", f"forms/{made['id']}", f"templates/{template['id']}"):
        stack.api("DELETE", f"/v1/{path}", expect=204)
    for path in (f"segments/{segment}", f"filters/{filter_id}", "fields/contacts/talla"):
        stack.api("DELETE", f"/v1/{path}", expect=204)
    assert stack.call("POST", "/v1/filters/count", {"module": "contacts", "condition": IS_M}).status == 422


def test_contacts_are_linked_to_a_campaign_and_found_from_both_sides(stack: Stack) -> None:
    campaign = stack.api("POST", "/v1/records/campaigns", {"values": {"name": "Feria de otoño"}}, expect=201)["id"]
    contact = stack.api("POST", "/v1/records/contacts", {"values": {"lastname": "Ferial"}}, expect=201)["id"]
    stack.api("POST", f"/v1/records/campaigns/{campaign}/linked/contacts", {"ids": [contact]})
    linked = f"/v1/records/contacts/{contact}/linked/campaigns"
    assert [item["id"] for item in stack.api("GET", linked)["items"]] == [campaign]
    stack.api("DELETE", linked, {"ids": [campaign]}, expect=204)
    assert stack.api("GET", f"/v1/records/campaigns/{campaign}/linked/contacts")["items"] == []
