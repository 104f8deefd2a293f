"""What a segment was: its size over time, and whether a record was in at an instant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gotero.domain import instant
from gotero.domain.errors import NotFoundError
from gotero.domain.ids import derived_id
from gotero.domain.record import Ref
from gotero.ports import Definition
from gotero.services.bin_record import delete_record, restore_record
from gotero.services.change_members import remove_members
from gotero.services.explain_as_of import explain_as_of
from gotero.services.fill_segment import CAUSE
from gotero.services.project_change import (
    MembershipChange,
    Projection,
    RecordChange,
    Transition,
    project_changes,
)
from gotero.services.read_segment_history import read_segment_history
from gotero.services.save_record import update_record
from tests.unit.services.office import BY_MARC
from tests.unit.services.synced_office import SyncedOffice

TWITTER = {"field": "leadsource", "op": "is", "value": "Twitter"}


class Told(SyncedOffice):
    """An office whose changes are projected as the stream would, at the instant of the clock."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.seen = 0

    def tell(self) -> None:
        now = self.clock.now()
        changes = [RecordChange(c.after, c.before, c.event) for c in self.changes]
        self.sync()
        told, self.seen = self.memberships.told[self.seen :], len(self.memberships.told)
        moves = [
            MembershipChange(m, m.version, Transition(derived_id(str(m.version), str(m.ref)), kind, CAUSE, at))
            for kind, m in told
            for at in [instant.write(now)]
        ]
        projection = Projection(self.lake, self.timeline, self.definitions, self.clock)
        project_changes(projection, [*changes, *moves], now)

    def later(self, **delta: float) -> datetime:
        self.clock.set(self.clock.now() + timedelta(**delta))
        return self.clock.now()

    def asked(self, segment: Definition, ref: Ref, at: datetime) -> dict[str, Any]:
        return explain_as_of(self.evaluator, self.timeline, segment.id, ref, at)


def test_as_of_an_instant_it_tells_who_was_in_since_when_and_what_the_values_were() -> None:
    office = Told()
    segment = office.segment(TWITTER, {"field": "account.industry", "op": "is", "value": "Banking"})
    before = office.clock.now()
    office.later(hours=1)
    lia = office.contact(leadsource="Twitter")
    office.tell()
    entered = office.clock.now()
    office.later(hours=1)
    update_record(office.writer, lia, {"leadsource": "Web Site"}, cause=BY_MARC)
    office.tell()
    left = office.clock.now()
    office.later(hours=1)
    then = office.asked(segment, lia, entered + timedelta(minutes=30))
    assert (then["member"], then["since"], then["until"]) == (True, instant.write(entered), instant.write(left))
    assert [source["kind"] for source in then["sources"]] == ["filter"]
    own, around = then["rules"]
    assert (own["verdict"], own["tree"]["found"]) == (True, "Twitter")
    assert (around["verdict"], around["tree"]) == (None, None)
    now = office.asked(segment, lia, office.clock.now())
    assert (now["member"], now["since"], now["until"]) == (False, instant.write(left), None)
    assert (now["rules"][0]["verdict"], now["sources"]) == (False, [])
    unborn = office.asked(segment, lia, before)
    assert (unborn["member"], unborn["since"], unborn["until"], unborn["rules"]) == (
        False,
        None,
        instant.write(entered),
        [],
    )
    with pytest.raises(NotFoundError):
        office.asked(segment, Ref("products", lia.id), before)


def test_of_the_bin_and_of_what_a_timeline_has_cut_short_the_past_says_nothing() -> None:
    office = Told()
    segment = office.segment({"field": "description", "op": "contains", "value": "final"}, TWITTER)
    lia = office.contact(leadsource="Twitter", description="x" * 600 + " final")
    office.tell()
    alive = office.clock.now()
    office.later(hours=1)
    delete_record(office.writer, lia, cause=BY_MARC)
    office.tell()
    binned = office.clock.now()
    office.later(hours=1)
    restore_record(office.writer, lia, cause=BY_MARC)
    office.tell()
    office.later(hours=1)
    update_record(office.writer, lia, {"description": "short"}, cause=BY_MARC)
    office.tell()
    of_rules = {rule.id: rule.condition.to_json() for rule in office.rules.now().index.rules.values()}
    told = office.asked(segment, lia, alive)["rules"]
    assert {of_rules[rule["id"]]["field"]: rule["verdict"] for rule in told} == {
        "description": None,
        "leadsource": True,
    }
    assert office.asked(segment, lia, binned)["rules"] == []


def test_the_curve_ends_at_the_size_of_now_whatever_came_twice() -> None:
    office = Told()
    segment = office.segment(TWITTER)
    office.clock.set(datetime(2026, 11, 20, 9, tzinfo=UTC))
    people = [office.contact(leadsource="Twitter") for _ in range(3)]
    office.tell()
    office.later(hours=2)
    tools = {"memberships": office.memberships, "clock": office.clock}
    remove_members(segment, people[:1], cause=BY_MARC, **tools)  # type: ignore[arg-type]  # the tools are what they say
    office.contact(leadsource="Twitter")
    office.contact(leadsource="Twitter")
    office.tell()
    office.tell()
    told = read_segment_history(office.lake, office.clock, segment.id)
    assert (told["unit"], [(i["at"][11:13], i["count"], i["entered"], i["left"]) for i in told["items"]]) == (
        "hour",
        [("08", 0, 0, 0), ("09", 3, 3, 0), ("11", 4, 2, 1)],
    )
    office.later(days=5)
    by_day = read_segment_history(office.lake, office.clock, segment.id)
    assert (by_day["unit"], [(i["at"][:10], i["count"]) for i in by_day["items"]]) == (
        "day",
        [("2026-11-19", 0), ("2026-11-20", 4)],
    )
    assert by_day["items"][-1]["counts"] == {"contacts": 4}


def test_a_segment_that_nothing_happened_to_has_no_curve() -> None:
    office = Told()
    told = read_segment_history(office.lake, office.clock, office.segment().id)
    assert told["items"] == []
