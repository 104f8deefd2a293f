"""A group is deleted once nobody is in it, nothing names it, and nothing is its own."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.fields_api.app import api as fields
from functions.records_api.app import api as records
from functions.users_api.app import api as users
from gotero.adapters.memory.messages import MemoryMessages
from gotero.entry import wiring, wiring_sending
from gotero.ports import Count, Definitions
from gotero.services.read_record import Reading
from tests.functions.admin_request import LUCIA, call
from tests.unit.services.synced_office import SyncedOffice

SALES = "/v1/groups/sales"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, declaring: Callable[[Definitions], None]) -> SyncedOffice:
    office = SyncedOffice()
    administrator = replace(LUCIA, role="admin")
    office.define("users", administrator.to_json(), LUCIA.id)
    office.define("groups", {"name": "Comerciales"}, "sales")
    for api in (fields, records, users):
        monkeypatch.setattr(api, "_find_user", lambda _: administrator)
    for name, made in {
        "definitions": office.definitions,
        "definition_writer": office.definer,
        "record_writer": office.writer,
        "records": office.records,
        "reading": Reading(office.records, MemoryMessages()),
        "lake": office.lake,
    }.items():
        monkeypatch.setattr(wiring, name, lambda made=made: made)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
    declaring(office.definitions)
    return office


def test_a_group_that_owns_records_stays_until_they_are_handed_over(office: SyncedOffice) -> None:
    made = [
        call(records, "POST", f"/v1/records/{module}", {"values": {field: "N"}, "owner": "sales"})
        for module, field in (("contacts", "lastname"), ("contacts", "lastname"), ("accounts", "accountname"))
    ]
    office.project()

    refused = call(users, "DELETE", SALES)

    owned = [("records.accounts", "owns_records"), ("records.contacts", "owns_records")]
    assert (refused.status, sorted(refused.broken())) == (409, owned)
    told = {error["path"]: error["message"] for error in refused.body["errors"]}
    assert told["records.contacts"] == "Todavía es responsable de 2: traspásalos antes."
    assert call(users, "GET", SALES).status == 200

    for module, answer in zip(("contacts", "contacts", "accounts"), made, strict=True):
        path = f"/v1/records/{module}/{answer.body['id']}"
        headers = {"If-Match": answer.headers["etag"]}
        assert call(records, "PATCH", path, {"values": {}, "owner": LUCIA.id}, headers=headers).status == 200
    office.project()
    assert call(users, "DELETE", SALES).status == 204
    assert call(users, "GET", SALES).status == 404


def test_a_group_with_members_a_share_or_a_definition_stays(office: SyncedOffice) -> None:
    office.define("users", {**LUCIA.to_json(), "name": "Eva", "groups": ["sales"]}, "eva")
    share = {"module": "contacts", "owner": "sales", "to": LUCIA.id}
    office.define("settings", {"private": ["contacts"], "shares": [share]}, "visibility")
    office.define("segments", {"name": "Feria", "owner": "sales", "status": "Activo"}, "fair")

    refused = call(users, "DELETE", SALES)

    uses = [("segments.fair", "in_use"), ("settings.visibility", "in_use"), ("users.eva", "in_use")]
    assert (refused.status, sorted(refused.broken())) == (409, uses)
    listed = call(fields, "GET", "/v1/uses/groups/sales").body["items"]
    assert sorted(f"{use['kind']}.{use['id']}" for use in listed) == [path for path, _ in uses]
    for kind, id in (("users", "eva"), ("settings", "visibility"), ("segments", "fair")):
        office.definitions.delete(kind, id)
    assert call(users, "DELETE", SALES).status == 204


def test_whose_records_are_is_not_guessed(office: SyncedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.lake, "count", lambda *_: Count(0, [], "2026-11-21T08:00:00.000Z", False))
    answer = call(users, "DELETE", SALES)
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert call(users, "GET", SALES).status == 200
