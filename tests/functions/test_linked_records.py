"""/v1/records/…/linked/…: a campaign's contacts, a contact's campaigns."""

import pytest

from functions.records_api.app import api
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.signer import MemorySigner
from gotero.domain.record import Ref
from gotero.entry import wiring
from gotero.services.bin_record import delete_record
from gotero.services.read_record import Reading
from tests.functions.admin_request import LUCIA, call
from tests.unit.services.office import BY_MARC, Office


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office()
    office.define("users", LUCIA.to_json(), LUCIA.id)
    monkeypatch.setattr(api, "_find_user", lambda _: LUCIA)
    for name, made in {
        "records": office.records,
        "record_writer": office.writer,
        "reading": Reading(office.records, MemoryMessages()),
        "signer": MemorySigner(),
        "clock": office.clock,
    }.items():
        monkeypatch.setattr(wiring, name, made if name == "clock" else lambda made=made: made)
    return office


def a_record(module: str, **values: str) -> str:
    answer = call(api, "POST", f"/v1/records/{module}", {"values": values})
    assert answer.status == 201
    return str(answer.body["id"])


def test_contacts_of_a_campaign_are_linked_listed_from_both_sides_and_let_go(office: Office) -> None:
    campaign = a_record("campaigns", name="Feria")
    contacts = sorted(a_record("contacts", lastname=name) for name in ("A", "B", "C"))
    path = f"/v1/records/campaigns/{campaign}/linked/contacts"
    assert call(api, "POST", path, {"ids": contacts}).body == {"linked": 3}
    assert call(api, "POST", path, {"ids": contacts[:1]}).body == {"linked": 1}

    first = call(api, "GET", path, query={"limit": "2"}).body
    assert ([item["id"] for item in first["items"]], first["exact"]) == (contacts[:2], True)
    second = call(api, "GET", path, query={"limit": "2", "cursor": first["next"]}).body
    assert ([item["id"] for item in second["items"]], second["next"]) == (contacts[2:], None)
    other_way = call(api, "GET", f"/v1/records/contacts/{contacts[1]}/linked/campaigns").body["items"]
    assert [item["values"]["name"] for item in other_way] == ["Feria"]

    delete_record(office.writer, Ref("contacts", contacts[1]), cause=BY_MARC)
    assert call(api, "DELETE", path, {"ids": contacts[:1]}).status == 204
    assert [item["id"] for item in call(api, "GET", path).body["items"]] == contacts[2:]


def test_only_what_is_there_and_can_be_linked_is_linked(office: Office) -> None:
    campaign, contact = a_record("campaigns", name="Feria"), a_record("contacts", lastname="A")
    path = f"/v1/records/campaigns/{campaign}/linked"
    refused = call(api, "POST", f"{path}/contacts", {"ids": [contact, "nobody", "x" * 300]})
    assert refused.broken() == [("ids[1]", "relation"), ("ids[2]", "relation")]
    assert call(api, "GET", f"{path}/contacts").body["items"] == []
    assert call(api, "POST", f"{path}/contacts", {"ids": []}).status == 422
    assert call(api, "POST", f"{path}/invoices", {"ids": [contact]}).status == 404
    assert call(api, "GET", f"{path}/planets").status == 404
    assert call(api, "GET", "/v1/records/campaigns/nobody/linked/contacts").status == 404
    assert call(api, "POST", f"/v1/records/messages/{campaign}/linked/contacts", {"ids": [contact]}).status == 403
