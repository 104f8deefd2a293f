"""Segments that ask for the members of other segments: followed at once, and never in a circle."""

from itertools import pairwise
from typing import Any

import pytest

from gotero.domain.errors import InUseError, InvalidError
from gotero.domain.membership import Source
from gotero.domain.record import Ref
from gotero.ports import Definition
from gotero.services.change_members import remove_members
from gotero.services.explain_membership import explain_membership
from gotero.services.find_filter import Chosen
from gotero.services.save_segment import delete_segment
from gotero.services.segment_links import MAX_CHAIN
from gotero.services.set_autosync import turn_on
from gotero.services.start_fill import start_fill
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice

ALZIRA = {"field": "city", "op": "is", "value": "Alzira"}


def member_of(segment: Definition, op: str = "is_member") -> dict[str, Any]:
    return {"segment": segment.id, "op": op}


def pick(office: SyncedOffice, segment: Definition, ref: Ref) -> None:
    office.memberships.add(segment.id, ref, Source("manual", MARC, "2026-11-21T09:00:00.000Z", BY_MARC))
    office.sync()


def turn(office: SyncedOffice, segment: Definition, condition: dict[str, Any]) -> None:
    switch = turn_on(office.definer, segment.id, Chosen("contacts", condition), replaces=None, cause=BY_MARC)
    start_fill(office.filler, switch, user_id=MARC)
    office.work()


def test_who_enters_one_enters_those_that_ask_for_it_and_leaves_them_with_it() -> None:
    office = SyncedOffice()
    first = office.segment()
    second = office.segment({"all": [member_of(first), ALZIRA]})
    third = office.segment(member_of(second, "is_not_member"))
    lia = office.contact(city="Alzira")
    office.sync()
    assert (office.members(second), office.members(third)) == (set(), {lia})
    pick(office, first, lia)
    assert (office.members(second), office.members(third)) == ({lia}, set())
    told = explain_membership(office.evaluator, second.id, lia)["rules"][0]
    assert [part["found"] for part in told["tree"]["all"]] == [True, "Alzira"]
    remove_members(first, [lia], cause=BY_MARC, memberships=office.memberships, clock=office.clock)
    office.sync(times=2)
    assert (office.members(second), office.members(third)) == (set(), {lia})


def test_filling_finds_those_who_are_members_already() -> None:
    office = SyncedOffice()
    first, second = office.segment(), office.segment()
    lia, _ = office.contact(city="Alzira"), office.contact()
    pick(office, first, lia)
    turn(office, second, member_of(first))
    assert office.members(second) == {lia}


def test_a_segment_that_asks_for_itself_is_refused_with_the_path_and_the_loop() -> None:
    office = SyncedOffice()
    first, second, third = office.segment(), office.segment(), office.segment()
    turn(office, second, {"any": [ALZIRA, member_of(first)]})
    turn(office, third, {"not": member_of(second)})
    for segment, loop in ((third, "s0 → s2 → s1 → s0"), (first, "s0 → s0")):
        with pytest.raises(InvalidError) as refused:
            turn(office, first, {"all": [ALZIRA, {"not": member_of(segment)}]})
        (error,) = refused.value.errors
        assert (error.path, error.rule) == ("condition.all[1].not.segment", "segment_loop")
        assert dict(error.values)["loop"] == loop
    assert office.rules.now().index.of_segment(first.id, "contacts") == []


def test_two_that_are_turned_to_each_other_at_once_do_not_both_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    office = SyncedOffice()
    first, second = office.segment(), office.segment()
    switch, rules = office.definitions.put, {"first": True}

    def overtaken(definition: Definition, **named: Any) -> None:
        """Before the first is written, the second is turned to it."""
        if rules.pop("first", False):
            turn(office, second, member_of(first))
        switch(definition, **named)

    monkeypatch.setattr(office.definitions, "put", overtaken)
    with pytest.raises(InvalidError):
        turn(office, first, member_of(second))
    index = office.rules.now().index
    assert (len(index.of_segment(first.id, "contacts")), len(index.of_segment(second.id, "contacts"))) == (0, 1)


def test_a_row_of_segments_has_an_end() -> None:
    office = SyncedOffice()
    row = [office.segment() for _ in range(MAX_CHAIN + 1)]
    for before, segment in pairwise(row[:-1]):
        turn(office, segment, member_of(before))
    with pytest.raises(InvalidError) as refused:
        turn(office, row[-1], member_of(row[-2]))
    assert refused.value.errors[0].rule == "segment_chain"


def test_what_a_condition_names_must_be_there_and_stays_there() -> None:
    office = SyncedOffice()
    first, second = office.segment(), office.segment()
    for missing in ({"segment": "nobody"}, {"activity": "form_posted", "form": "none"}):
        with pytest.raises(InvalidError) as refused:
            turn(office, second, {"any": [missing]})
        assert refused.value.errors[0].rule == "not_found"
    turn(office, second, member_of(first))
    with pytest.raises(InUseError):
        delete_segment(office.definitions, first, office.jobs)
