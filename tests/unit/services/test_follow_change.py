"""AutoSync by change: what a change touches is evaluated, at once and for the records that point to it."""

from typing import Any

from gotero.domain.record import Ref
from gotero.domain.rule_index import RuleIndex
from gotero.services.bin_record import delete_record
from gotero.services.change_members import add_members, remove_members
from gotero.services.follow_change import AT_ONCE
from gotero.services.save_record import update_record
from tests.unit.services.office import BY_MARC
from tests.unit.services.synced_office import SyncedOffice


def leaf(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


TWITTER = leaf("leadsource", "is", "Twitter")
BANKING = leaf("account.industry", "is", "Banking")


def update(office: SyncedOffice, ref: Ref, **values: Any) -> None:
    update_record(office.writer, ref, values, cause=BY_MARC)


def test_a_contact_enters_and_leaves_with_its_fields_once_each() -> None:
    office = SyncedOffice()
    segment = office.segment(TWITTER)
    lia = office.contact(leadsource="Twitter")
    office.sync(times=3)
    assert office.members(segment) == {lia}
    update(office, lia, city="Alzira")
    update(office, lia, leadsource="Web Site")
    office.sync(times=2)
    assert office.members(segment) == set()
    assert [kind for kind, _ in office.memberships.told] == ["segment_entered", "segment_left"]


def test_the_cause_of_a_transition_carries_the_depth_of_what_set_it_off() -> None:
    office = SyncedOffice()
    segment = office.segment(TWITTER)
    lia = office.contact(leadsource="Twitter")
    office.sync()
    found = office.memberships.get(segment.id, lia)
    assert found
    (source,) = found.sources
    assert (source.kind, source.cause.kind, source.cause.event) == ("filter", "system", office.records.events[0].id)


def test_autosync_takes_away_only_what_it_gave() -> None:
    office = SyncedOffice()
    segment = office.segment(TWITTER)
    lia = office.contact(leadsource="Twitter")
    office.sync()
    tools = {"memberships": office.memberships, "clock": office.clock}
    add_members(segment, [lia], source=("manual", "marc"), cause=BY_MARC, records=office.records, **tools)  # type: ignore[arg-type]  # the tools are what they say
    update(office, lia, leadsource=None)
    office.sync()
    assert office.members(segment) == {lia}
    remove_members(segment, [lia], cause=BY_MARC, **tools)  # type: ignore[arg-type]  # see above
    update(office, lia, leadsource="Twitter")
    office.sync()
    assert office.members(segment) == set()
    add_members(segment, [lia], source=("form", "f"), cause=BY_MARC, records=office.records, **tools)  # type: ignore[arg-type]  # see above
    update(office, lia, leadsource="Web Site")
    update(office, lia, leadsource="Twitter")
    office.sync()
    assert office.given(lia) == {(segment.id, segment.data["autosync"][0]["id"])}


def test_a_changed_account_moves_its_contacts_however_many() -> None:
    office = SyncedOffice()
    segment = office.segment(BANKING)
    bank, other = office.account(industry="Banking"), office.account(industry="Hospitality")
    people = {office.contact(account=bank.id) for _ in range(2 * AT_ONCE + 5)}
    lone = office.contact(account=other.id)
    office.sync()
    assert office.members(segment) == people
    update(office, bank, industry="Hospitality")
    update(office, other, industry="Banking")
    office.sync()
    assert office.members(segment) == {lone}
    update(office, lone, account=bank.id)
    office.sync()
    assert office.members(segment) == set()
    update(office, bank, industry="Banking")
    delete_record(office.writer, bank, cause=BY_MARC)
    office.sync()
    assert office.members(segment) == set()


def test_a_record_in_the_bin_is_in_no_autosynced_segment() -> None:
    office = SyncedOffice()
    segments = [office.segment(leaf("city", "is_empty")), office.segment(TWITTER), office.segment({"all": []})]
    lia = office.contact(leadsource="Twitter")
    office.sync()
    assert [office.members(s) for s in segments] == [{lia}] * 3
    delete_record(office.writer, lia, cause=BY_MARC)
    office.sync()
    assert [office.members(s) for s in segments] == [set()] * 3


def test_an_inactive_segment_follows_nothing() -> None:
    office = SyncedOffice()
    segment = office.segment(TWITTER, status="Inactivo")
    office.contact(leadsource="Twitter")
    office.sync()
    assert office.members(segment) == set()


def test_a_change_looks_at_the_rules_of_its_values_alone() -> None:
    office = SyncedOffice()
    for number in range(300):
        office.segment(leaf("city", "is", f"City {number}"))
    office.segment(leaf("leadsource", "is", "Twitter"))
    lia = office.contact(city="City 7")
    before = office.records.get(lia)
    update(office, lia, city="City 9", title="x")
    index: RuleIndex = office.rules.now().index
    touched = index.touched("contacts", before, office.records.get(lia))
    asked = sorted(rule.condition.to_json()["value"] for rule in touched)
    assert asked == ["City 7", "City 9"]
    assert index.touched("contacts", office.records.get(lia), office.records.get(lia)) == []
    office.sync()
    assert len(office.memberships.of(lia)) == 1


def test_a_change_that_no_rule_reads_writes_nothing() -> None:
    office = SyncedOffice()
    office.segment(TWITTER)
    lia = office.contact()
    office.sync()
    update(office, lia, city="Alzira")
    office.sync()
    assert office.memberships.standing(lia).version == 0
