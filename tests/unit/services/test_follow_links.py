"""AutoSync through links, many to many: either end follows when a link is made or taken away, or the other changes."""

from typing import Any

from gotero.domain.record import Ref
from gotero.services.bin_record import delete_record, restore_record
from gotero.services.follow_change import AT_ONCE
from gotero.services.save_record import create_record, update_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice

AT = "2026-11-21T09:00:00.000Z"
IN_AN_ACTIVE_ONE = {"related": "campaigns", "where": {"field": "status", "op": "is", "value": "Active"}}
IN_NONE = {"related": "campaigns", "match": "none"}


def a_campaign(office: SyncedOffice, **values: Any) -> Ref:
    return create_record(office.writer, "campaigns", {"name": "Feria", **values}, cause=BY_MARC, owner=MARC).ref


def test_a_link_lets_a_contact_enter_and_its_end_lets_it_leave() -> None:
    office = SyncedOffice()
    active, none = office.segment(IN_AN_ACTIVE_ONE), office.segment(IN_NONE)
    lia, fair = office.contact(), a_campaign(office, status="Active")
    office.sync()
    assert (office.members(active), office.members(none)) == (set(), {lia})
    for _ in range(2):
        office.records.link(fair, lia, BY_MARC, AT)
    assert len(office.changes) == 2, "each end hears it once"
    office.sync(times=2)
    assert (office.members(active), office.members(none)) == ({lia}, set())
    update_record(office.writer, fair, {"status": "Completed"}, cause=BY_MARC)
    office.sync()
    assert office.members(active) == set()
    update_record(office.writer, fair, {"status": "Active"}, cause=BY_MARC)
    office.sync()
    office.records.unlink(lia, fair, BY_MARC, AT)
    office.sync()
    assert (office.members(active), office.members(none)) == (set(), {lia})


def test_what_lies_in_the_bin_is_linked_with_nobody_until_it_is_back() -> None:
    office = SyncedOffice()
    active = office.segment(IN_AN_ACTIVE_ONE)
    lia, fair = office.contact(), a_campaign(office, status="Active")
    office.records.link(fair, lia, BY_MARC, AT)
    office.sync()
    for gone in (fair, lia):
        delete_record(office.writer, gone, cause=BY_MARC)
        office.sync()
        assert office.given(lia) == set()
        restore_record(office.writer, gone, cause=BY_MARC)
        office.sync()
        assert office.members(active) == {lia}


def test_a_campaign_changes_before_anybody_has_heard_that_it_was_left() -> None:
    """By what it says now nobody would be looked at, and by its own change nobody is found any more."""
    office = SyncedOffice()
    active = office.segment(IN_AN_ACTIVE_ONE)
    lia, fair = office.contact(), a_campaign(office, status="Active")
    office.records.link(fair, lia, BY_MARC, AT)
    office.sync()
    update_record(office.writer, fair, {"status": "Completed"}, cause=BY_MARC)
    office.records.unlink(fair, lia, BY_MARC, AT)
    office.sync()
    assert office.members(active) == set()


def test_a_link_touches_the_rules_that_read_what_the_other_has_and_no_more() -> None:
    office = SyncedOffice()
    named = [
        office.segment({"related": "campaigns", "where": {"field": "name", "op": "is", "value": f"n{n}"}})
        for n in range(50)
    ]
    lia, fair = office.contact(), a_campaign(office, name="n7")
    other = office.records.get(fair)
    assert other
    index = office.rules.now().index
    assert [rule.segment for rule in index.linked("contacts", other)] == [named[7].id]
    assert len(index.unlinked("contacts", "campaigns")) == len(named)
    assert index.linked("accounts", other) == []
    office.records.link(fair, lia, BY_MARC, AT)
    office.sync()
    assert office.members(named[7]) == {lia}


def test_more_people_than_one_call_takes_follow_their_campaign() -> None:
    office = SyncedOffice()
    active = office.segment(IN_AN_ACTIVE_ONE)
    fair, people = a_campaign(office), [office.contact() for _ in range(AT_ONCE + 20)]
    for ref in people:
        office.records.link(fair, ref, BY_MARC, AT)
    office.sync()
    assert office.members(active) == set()
    update_record(office.writer, fair, {"status": "Active"}, cause=BY_MARC)
    office.sync()
    assert office.members(active) == set(people)
