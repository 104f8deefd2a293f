"""/v1/segments as a client meets it: AutoSync, a filter loaded once, and why somebody is in."""

from typing import Any

import pytest

from functions.filters_api.app import api as filters_api
from functions.segments_api.app import api
from gotero.domain.record import Ref
from gotero.entry import wiring, wiring_segments
from gotero.services.call_roll import Roll, roll_kinds
from gotero.services.save_record import update_record
from gotero.services.work_job import work_job
from tests.functions.admin_request import LUCIA, call
from tests.unit.services.office import BY_MARC
from tests.unit.services.synced_office import SyncedOffice

BIRTHDAY = {"field": "birthday", "op": "is_today"}
TWITTER = {"field": "leadsource", "op": "is", "value": "Twitter"}


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> SyncedOffice:
    office = SyncedOffice()
    for served in (api, filters_api):
        monkeypatch.setattr(served, "_find_user", lambda sub: LUCIA)
    for name, made in {
        "definitions": office.definitions,
        "definition_writer": office.definer,
        "numbers": office.writer.numbers,
        "memberships": office.memberships,
        "records": office.records,
        "lake": office.lake,
    }.items():
        monkeypatch.setattr(wiring, name, lambda made=made: made)
    monkeypatch.setattr(wiring, "clock", office.clock)
    monkeypatch.setattr(wiring_segments, "filler", lambda: office.filler)
    roll = Roll(office.memberships, office.records, office.definitions, office.job_line)
    monkeypatch.setattr(wiring_segments, "roll", lambda: roll)
    monkeypatch.setattr(wiring_segments, "evaluator", lambda: office.evaluator)
    return office


def a_segment() -> str:
    return str(call(api, "POST", "/v1/segments", {"name": "twitter", "owner": "lucia"}).body["id"])


def test_the_same_key_makes_one_segment(office: SyncedOffice) -> None:
    key = {"Idempotency-Key": "k1"}
    first, again = (call(api, "POST", "/v1/segments", {"name": "twitter"}, headers=key) for _ in range(2))
    assert (first.status, again.status, again.body) == (201, 201, first.body)


def test_beyond_a_hundred_members_are_changed_by_a_job(office: SyncedOffice) -> None:
    segment, people = a_segment(), [office.contact() for _ in range(101)]
    path, items = f"/v1/segments/{segment}/members", [person.to_json() for person in people]
    assert call(api, "POST", path, {"items": items[:100]}).body == {"entered": 100}
    broken = call(api, "POST", path, {"items": [*items, {"module": "contacts", "id": "nobody"}]})
    assert broken.broken() == [("items[101]", "relation")]
    started = call(api, "DELETE", path, {"items": items})
    assert started.status == 202
    roll = wiring_segments.roll()
    work_job(office.job_line, roll_kinds(roll), started.body["job_id"], lambda: 600.0)
    job = office.jobs.get(started.body["job_id"])
    assert job
    assert (job.state, job.outcome, job.total) == ("finished", {"changed": 100}, 101)


def test_autosync_on_changed_and_off(office: SyncedOffice) -> None:
    segment = a_segment()
    lia = office.contact(leadsource="Twitter")
    office.sync()
    body = {"name": "De Twitter", "module": "contacts", "condition": TWITTER}
    filter_id = call(filters_api, "POST", "/v1/filters", body).body["id"]
    path = f"/v1/segments/{segment}/autosync"
    turned = call(api, "POST", path, {"filter_id": filter_id, "on": True})
    assert turned.status == 202
    (rule,) = turned.body["autosync"]
    assert (rule["state"], rule["module"], rule["generation"]) == ("filling", "contacts", 1)
    office.work()
    job = office.jobs.get(turned.body["job_id"])
    assert job
    assert (job.state, job.params["name"]) == ("finished", "twitter")
    shown = call(api, "GET", f"/v1/segments/{segment}").body
    assert (shown["counts"], shown["autosync"][0]["state"]) == ({"contacts": 1}, "active")
    refused = call(filters_api, "DELETE", f"/v1/filters/{filter_id}")
    assert (refused.status, refused.broken()) == (409, [(f"segments.{segment}", "in_use")])
    again = call(api, "POST", path, {"filter_id": filter_id, "on": True})
    assert (again.status, again.body["job_id"]) == (202, None)
    off = call(api, "POST", path, {"id": rule["id"], "on": False})
    assert (off.status, off.body["autosync"]) == (202, [])
    assert call(api, "GET", f"/v1/segments/{segment}").body["counts"] == {}
    office.work()
    assert office.given(lia) == set()
    assert call(filters_api, "DELETE", f"/v1/filters/{filter_id}").status == 204


def test_what_makes_no_sense_is_refused(office: SyncedOffice) -> None:
    path = f"/v1/segments/{a_segment()}/autosync"
    assert call(api, "POST", path, {"on": True}).broken() == [("module", "required")]
    assert call(api, "POST", path, {"filter_id": "nobody", "on": True}).broken() == [("filter_id", "not_found")]
    assert call(api, "POST", path, {"filter_id": "messages-opened", "on": True}).broken() == [("module", "choice")]
    past = {"module": "contacts", "condition": {"field": "city", "op": "has_changed"}, "on": True}
    assert call(api, "POST", path, past).broken() == [("condition.op", "not_in_filter")]
    assert call(api, "POST", "/v1/segments/nobody/autosync", {"filter_id": "contacts-all", "on": True}).status == 404
    assert call(api, "POST", "/v1/segments/nobody/load", {"filter_id": "contacts-all"}).status == 404
    changed = call(api, "PATCH", path.removesuffix("/autosync"), {"autosync": [{"id": "mine"}]})
    assert changed.body["autosync"] == []


def test_a_filter_loaded_once(office: SyncedOffice) -> None:
    segment = a_segment()
    lia, ana = office.contact(leadsource="Twitter"), office.contact()
    office.sync()
    loaded = call(api, "POST", f"/v1/segments/{segment}/load", {"module": "contacts", "condition": TWITTER})
    assert loaded.status == 202
    office.work()
    assert office.jobs.get(loaded.body["job_id"])
    assert office.memberships.get(segment, lia)
    assert office.memberships.get(segment, ana) is None


def test_why_names_sources_and_blocks(office: SyncedOffice) -> None:
    segment = a_segment()
    lia = office.contact(leadsource="Twitter")
    office.sync()
    call(api, "POST", f"/v1/segments/{segment}/autosync", {"module": "contacts", "condition": TWITTER, "on": True})
    office.work()
    member = {"items": [lia.to_json()]}
    assert call(api, "DELETE", f"/v1/segments/{segment}/members", member).body == {"left": 1}
    update_record(office.writer, lia, {"leadsource": None}, cause=BY_MARC)
    update_record(office.writer, lia, {"leadsource": "Twitter"}, cause=BY_MARC)
    office.sync()
    told = why(segment, lia)
    assert (told["member"], told["sources"]) == (False, [])
    assert told["blocked"]["cause"] == {"user": "lucia"}
    assert call(api, "POST", f"/v1/segments/{segment}/members", member).body == {"entered": 1}
    told = why(segment, lia)
    assert (told["member"], told["blocked"]) == (True, None)
    assert [source["kind"] for source in told["sources"]] == ["manual"]


def test_why_tells_what_a_rule_found_what_would_turn_it_and_when_the_time_will(office: SyncedOffice) -> None:
    segment = a_segment()
    bank = office.account(industry="Banking")
    lia = office.contact(birthday="1990-11-25", account=bank.id)
    office.sync()
    condition = {"all": [{"field": "account.industry", "op": "is", "value": "Banking"}, BIRTHDAY]}
    call(api, "POST", f"/v1/segments/{segment}/autosync", {"module": "contacts", "condition": condition, "on": True})
    office.work()
    (rule,) = why(segment, lia)["rules"]
    assert (rule["verdict"], rule["state"], rule["flips_at"]) == (False, "active", "2026-11-24T23:00:00.000Z")
    assert [part["found"] for part in rule["tree"]["all"]] == ["Banking", "1990-11-25"]
    assert [leaf["field"] for leaf in rule["turned_by"]] == ["birthday"]
    update_record(office.writer, bank, {"industry": "Hospitality"}, cause=BY_MARC)
    office.sync()
    (rule,) = why(segment, lia)["rules"]
    assert (rule["turned_by"], rule["flips_at"]) == ([], None)
    assert call(api, "GET", f"/v1/segments/{segment}/why/contacts/nobody").status == 404


def why(segment: str, ref: Ref) -> dict[str, Any]:
    body: dict[str, Any] = call(api, "GET", f"/v1/segments/{segment}/why/{ref.module}/{ref.id}").body
    return body
