"""Segments that the time alone fills and empties: one due item a record, at its earliest instant."""

from datetime import UTC, datetime
from typing import Any

from gotero.domain.record import Ref
from gotero.ports import Due
from gotero.services.bin_record import delete_record
from gotero.services.evaluate_record import flip_record
from gotero.services.find_filter import Chosen
from gotero.services.save_record import update_record
from gotero.services.set_autosync import turn_on
from gotero.services.start_fill import start_fill
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice

BIRTHDAY = {"field": "birthday", "op": "is_today"}
NEW = {"field": "created_at", "op": "less_than_hours_before", "value": 10}


def plans(office: SyncedOffice, ref: Ref) -> list[Due]:
    entries = [entry for page in office.due_index.due(datetime(2200, 1, 1, tzinfo=UTC)) for entry in page]
    return [entry for entry in entries if entry.thing == f"flip#{ref}"]


def update(office: SyncedOffice, ref: Ref, **values: Any) -> None:
    update_record(office.writer, ref, values, cause=BY_MARC)
    office.sync()


def test_a_birthday_enters_at_midnight_leaves_at_the_next_and_comes_back() -> None:
    office = SyncedOffice()
    segment = office.segment(BIRTHDAY)
    lia = office.contact(birthday="1990-11-23")
    office.sync()
    assert office.members(segment) == set()
    assert len(plans(office, lia)) == 1
    office.pass_time(days=1, hours=14, minutes=5)  # in Madrid it is the 23rd now
    assert office.members(segment) == {lia}
    office.pass_time(days=1)
    assert office.members(segment) == set()
    office.pass_time(days=365)
    assert [kind for kind, _ in office.memberships.told] == ["segment_entered", "segment_left"] * 2
    assert len(plans(office, lia)) == 1


def test_what_only_postpones_writes_nothing() -> None:
    office = SyncedOffice()
    office.segment({"field": "birthday", "op": "in_more_than", "value": 30})
    lia = office.contact(birthday="2027-01-10")
    office.sync()
    first = plans(office, lia)
    update(office, lia, birthday="2027-01-20")
    assert plans(office, lia) == first
    update(office, lia, birthday="2027-01-05")
    assert len(plans(office, lia)) == 2
    office.pass_time(days=40)
    assert plans(office, lia) == []
    assert office.memberships.standing(lia).flip_at == ""


def test_what_fires_too_early_is_planned_again() -> None:
    office = SyncedOffice()
    segment = office.segment(NEW)
    lia = office.contact()
    office.sync()
    (plan,) = plans(office, lia)
    office.due_index.done([plan])
    flip_record(office.evaluator, lia)
    assert plans(office, lia) == [plan]
    office.pass_time(hours=10)
    assert office.members(segment) == {lia}
    office.pass_time(seconds=1)
    assert office.members(segment) == set()


def test_what_the_time_cannot_turn_is_not_planned() -> None:
    office = SyncedOffice()
    office.segment({"all": [BIRTHDAY, {"field": "city", "op": "is", "value": "Alzira"}]})
    lia = office.contact(birthday="1990-11-23", city="Gandia")
    office.sync()
    assert plans(office, lia) == []
    update(office, lia, city="Alzira")
    assert len(plans(office, lia)) == 1
    delete_record(office.writer, lia, cause=BY_MARC)
    office.sync()
    office.pass_time(days=3)
    assert plans(office, lia) == []


def test_autosync_turned_on_plans_those_who_are_not_in_today() -> None:
    office = SyncedOffice()
    made = office.segment()
    lia = office.contact(birthday="1990-11-23")
    office.sync()
    switch = turn_on(office.definer, made.id, Chosen("contacts", BIRTHDAY), replaces=None, cause=BY_MARC)
    start_fill(office.filler, switch, user_id=MARC)
    office.work()
    office.pass_time(days=2)
    assert office.members(made) == {lia}
