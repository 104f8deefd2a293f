"""/v1/segments as a client meets it: AutoSync, a filter loaded once, and why somebody is in."""

from typing import Any

import pytest

from functions.filters_api.app import api as filters_api
from functions.segments_api.app import api
from gotero.adapters.memory.signer import MemorySigner
from gotero.domain.record import Ref
from gotero.entry import wiring, wiring_segments
from gotero.services.call_roll import Roll, roll_kinds
from gotero.services.change_members import add_members
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
        "autosync_rules": office.rules,
    }.items():
        monkeypatch.setattr(wiring, name, lambda made=made: made)
    monkeypatch.setattr(wiring, "clock", office.clock)
    monkeypatch.setattr(wiring_segments, "filler", lambda: office.filler)
    roll = Roll(office.memberships, office.records, office.definitions, office.job_line)
    monkeypatch.setattr(wiring_segments, "roll", lambda: roll)
    monkeypatch.setattr(wiring_segments, "evaluator", lambda: office.evaluator)
    monkeypatch.setattr(wiring, "signer", MemorySigner)
    monkeypatch.setattr(wiring, "timeline", lambda: office.timeline)
    return office


def a_segment() -> str:
    return str(call(api, "POST", "/v1/segments", {"name": "twitter", "owner": "lucia"}).body["id"])


def test_the_same_key_makes_one_segment(office: SyncedOffice) -> None:
    key = {"Idempotency-Key": "k1"}
    first, again = (call(api, "POST", "/v1/segments", {"name": "twitter"}, headers=key) for _ in range(2))
    assert (first.status, again.status, again.body) == (201, 201, first.body)


def test_the_owner_is_a_user_or_a_group(office: SyncedOffice) -> None:
    for method, path in (("POST", "/v1/segments"), ("PATCH", f"/v1/segments/{a_segment()}")):
        answer = call(api, method, path, {"name": "other", "owner": "nobody"})
        assert (answer.status, answer.broken()) == (422, [("owner", "user")])


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


def test_the_list_has_all_sizes_in_one_answer_and_can_leave_out_the_inactive(office: SyncedOffice) -> None:
    segment, lia = a_segment(), office.contact()
    asleep = call(api, "POST", "/v1/segments", {"name": "asleep", "status": "Inactivo"}).body["id"]
    call(api, "POST", f"/v1/segments/{segment}/members", {"items": [lia.to_json()]})
    office.project()
    listed = call(api, "GET", "/v1/segments", query={"counts": "true"}).body
    assert {item["id"]: item["counts"] for item in listed["items"]} == {segment: {"contacts": 1}, asleep: {}}
    assert listed["as_of"]
    plain = call(api, "GET", "/v1/segments").body
    assert [item for item in plain["items"] if "counts" in item] == []
    offered = call(api, "GET", "/v1/segments", query={"status": "Activo"}).body["items"]
    assert [item["id"] for item in offered] == [segment]
    assert call(api, "GET", "/v1/segments", query={"status": "x"}).broken() == [("status", "choice")]


def test_an_inactive_segment_takes_nobody_in(office: SyncedOffice) -> None:
    path, lia = f"/v1/segments/{a_segment()}", office.contact(leadsource="Twitter")
    call(api, "POST", f"{path}/autosync", {"module": "contacts", "condition": TWITTER, "on": True})
    office.sync()
    call(api, "PATCH", path, {"status": "Inactivo"})
    ana = office.contact(leadsource="Twitter")
    office.sync()
    segment = path.rpartition("/")[2]
    assert (office.memberships.get(segment, lia) is None, office.memberships.get(segment, ana)) == (False, None)
    refused = [
        call(api, "POST", f"{path}/members", {"items": [ana.to_json()]}),
        call(api, "POST", f"{path}/load", {"module": "contacts", "condition": TWITTER}),
        call(api, "POST", f"{path}/autosync", {"module": "contacts", "condition": BIRTHDAY, "on": True}),
        call(api, "DELETE", f"{path}/blocked", {"items": [ana.to_json()]}),
    ]
    assert [answer.status for answer in refused] == [409, 409, 409, 409]
    call(api, "PATCH", path, {"status": "Activo"})
    office.work()
    assert office.memberships.get(segment, ana)


def test_who_is_kept_out_is_shown_and_let_in_again(office: SyncedOffice) -> None:
    segment = a_segment()
    lia, ana = office.contact(leadsource="Twitter"), office.contact()
    office.sync()
    path = f"/v1/segments/{segment}"
    call(api, "POST", f"{path}/autosync", {"module": "contacts", "condition": TWITTER, "on": True})
    office.work()
    call(api, "POST", f"{path}/members", {"items": [ana.to_json()]})
    both = {"items": [lia.to_json(), ana.to_json()]}
    call(api, "DELETE", f"{path}/members", both)
    office.project()
    kept = call(api, "GET", f"{path}/blocked", query={"module": "contacts"}).body["items"]
    assert {row["id"]: row["blocked"]["cause"] for row in kept} == {ref.id: {"user": "lucia"} for ref in (lia, ana)}
    assert call(api, "DELETE", f"{path}/blocked", both).body == {"freed": 2}
    assert call(api, "DELETE", f"{path}/blocked", both).body == {"freed": 0}
    assert office.given(lia)
    assert office.memberships.get(segment, ana) is None
    office.project()
    assert call(api, "GET", f"{path}/blocked", query={"module": "contacts"}).body["items"] == []


def test_the_segments_of_a_record_are_told_with_those_that_keep_it_out(office: SyncedOffice) -> None:
    twitter, other = a_segment(), call(api, "POST", "/v1/segments", {"name": "other"}).body["id"]
    lia = office.contact()
    member = {"items": [lia.to_json()]}
    for segment in (twitter, other):
        call(api, "POST", f"/v1/segments/{segment}/members", member)
    call(api, "DELETE", f"/v1/segments/{other}/members", member)
    told = call(api, "GET", f"/v1/segments/of/contacts/{lia.id}").body["items"]
    assert [(t["name"], t["member"], bool(t["blocked"])) for t in told] == [
        ("other", False, True),
        ("twitter", True, False),
    ]
    assert call(api, "GET", f"/v1/segments/of/products/{lia.id}").status == 404


def test_a_segment_can_keep_out_whoever_was_taken_out(office: SyncedOffice) -> None:
    made = call(api, "POST", "/v1/segments", {"name": "strict", "keeps_out": True}).body
    assert made["keeps_out"]
    lia = office.contact()
    member, path = {"items": [lia.to_json()]}, f"/v1/segments/{made['id']}/members"
    call(api, "POST", path, member)
    call(api, "DELETE", path, member)
    segment = office.definitions.get("segments", made["id"])
    assert segment
    tools = {"memberships": office.memberships, "records": office.records, "clock": office.clock}
    for kind in ("workflow", "form", "dashboard"):
        assert not add_members(segment, [lia], source=(kind, "x"), cause=BY_MARC, **tools)  # type: ignore[arg-type]  # the tools are what they say
    assert call(api, "POST", path, member).body == {"entered": 1}
    broken = call(api, "PATCH", f"/v1/segments/{made['id']}", {"keeps_out": "yes"})
    assert broken.broken() == [("keeps_out", "boolean")]


def test_in_step_with_another_segment_and_without_a_third(office: SyncedOffice) -> None:
    """Exclusion is a condition: who is in the one and not in the other."""
    clients, out = a_segment(), call(api, "POST", "/v1/segments", {"name": "out"}).body["id"]
    both = call(api, "POST", "/v1/segments", {"name": "both"}).body["id"]
    lia, ana = office.contact(), office.contact()
    people = {"items": [lia.to_json(), ana.to_json()]}
    call(api, "POST", f"/v1/segments/{clients}/members", people)
    call(api, "POST", f"/v1/segments/{out}/members", {"items": [ana.to_json()]})
    office.sync()
    condition = {
        "all": [{"segment": clients, "op": "is_member"}, {"not": {"segment": out, "op": "is_member"}}],
    }
    body = {"module": "contacts", "condition": condition, "on": True}
    assert call(api, "POST", f"/v1/segments/{both}/autosync", body).status == 202
    office.work()
    assert office.memberships.members_of([both], [lia, ana]) == {lia}
    call(api, "DELETE", f"/v1/segments/{out}/members", {"items": [ana.to_json()]})
    call(api, "DELETE", f"/v1/segments/{clients}/members", {"items": [lia.to_json()]})
    office.sync(times=2)
    assert office.memberships.members_of([both], [lia, ana]) == {ana}
    (rule,) = why(both, ana)["rules"]
    assert rule["verdict"]
    loop = {"module": "contacts", "condition": {"segment": both, "op": "is_member"}, "on": True}
    assert call(api, "POST", f"/v1/segments/{clients}/autosync", loop).status == 422


def test_history_and_why_as_of_an_instant_are_served(office: SyncedOffice) -> None:
    segment, lia = a_segment(), office.contact()
    path = f"/v1/segments/{segment}"
    assert call(api, "GET", f"{path}/history").body["items"] == []
    about = f"{path}/why/contacts/{lia.id}"
    assert call(api, "GET", about, query={"at": "2026-11-21T09:00:00Z"}).body["member"] is False
    for wrong in ("yesterday", "2026-11-21T09:00:00"):
        assert call(api, "GET", about, query={"at": wrong}).broken() == [("at", "datetime")]


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
