"""Assignments and the due index: one suite for the stores in memory and on DynamoDB."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gotero.adapters.dynamodb.assignments import DynamoAssignments
from gotero.adapters.dynamodb.due_index import PAGE, DynamoDueIndex
from gotero.adapters.dynamodb.timeline import DynamoTimeline
from gotero.adapters.memory.assignments import MemoryAssignments
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.records import MemoryTimeline
from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import ConflictError
from gotero.domain.record import Cause, Ref
from gotero.ports import Assignments, Due, DueIndex, Timeline, TimelineEntry

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
LIA = Ref("contacts", "lia")
INVOICE = Ref("invoices", "f117")
CAUSE = Cause("workflow", "w1", part="t1", event="e1", depth=2)


@dataclass(frozen=True)
class Stores:
    assignments: Assignments
    index: DueIndex
    timeline: Timeline


@pytest.fixture(params=["memory", "dynamodb"])
def stores(
    request: pytest.FixtureRequest, dynamodb_tables: Callable[[], AbstractContextManager[None]]
) -> Iterator[Stores]:
    if request.param == "memory":
        timeline = MemoryTimeline()
        yield Stores(MemoryAssignments(timeline), MemoryDueIndex(), timeline)
        return
    with dynamodb_tables():
        yield Stores(DynamoAssignments(), DynamoDueIndex(), DynamoTimeline())


def assignment(scheduled_action: str = "s1", subject: Ref | None = None, **changes: Any) -> Assignment:
    at = "2026-11-21T09:00:00.000Z"
    made = Assignment(
        Key(scheduled_action, LIA, subject), "pending", at, "Europe/Madrid", ("direct", "plan:p"), CAUSE, at, at
    )
    return replace(made, **{"came_by": made.via, **changes})


@pytest.mark.parametrize(
    "written",
    [
        assignment(),
        assignment(subject=INVOICE, seen=("x", "y"), claimed_at="2026-11-21T09:00:01.000Z"),
        assignment(state="skipped", reason="no_date", due_at=None, via=()),
    ],
)
def test_an_assignment_comes_back_as_it_was_written(stores: Stores, written: Assignment) -> None:
    stores.assignments.put(written)
    assert stores.assignments.get(written.key) == written
    assert stores.assignments.find(written.id) == written
    assert stores.assignments.of(LIA) == ([written], None)


def test_what_is_not_there_is_none(stores: Stores) -> None:
    assert stores.assignments.get(Key("s1", LIA)) is None
    assert stores.assignments.find("nothing") is None
    assert stores.assignments.of(LIA) == ([], None)


def test_a_write_over_another_version_is_refused(stores: Stores) -> None:
    stores.assignments.put(assignment())
    stores.assignments.put(assignment(version=2, state="done"))
    for stale in (assignment(), assignment(version=2), assignment(version=4)):
        with pytest.raises(ConflictError):
            stores.assignments.put(stale)
    with pytest.raises(ConflictError):
        stores.assignments.put(assignment("s2", version=2))
    stored = stores.assignments.get(assignment().key)
    assert stored is not None
    assert (stored.version, stored.state) == (2, "done")


def test_what_is_told_of_a_write_is_told_with_it_or_not_at_all(stores: Stores) -> None:
    first, second = (TimelineEntry(LIA, f"2026-11-21T09:00:0{n}.000Z", "assigned", CAUSE, f"e{n}") for n in (1, 2))
    stores.assignments.put(assignment(), first)
    with pytest.raises(ConflictError):
        stores.assignments.put(assignment(), second)
    assert stores.timeline.page(LIA, 9, None)[0] == [first]
    stores.assignments.put(assignment(version=2, state="skipped", reason="unassigned"), second)
    assert stores.timeline.page(LIA, 9, None)[0] == [second, first]


def test_those_of_a_recipient_in_pages_and_by_scheduled_action(stores: Stores) -> None:
    wanted = [assignment(f"s{n}", subject) for n in range(3) for subject in (None, INVOICE)]
    for one in wanted:
        stores.assignments.put(one)
    stores.assignments.put(replace(assignment(), key=Key("s1", Ref("contacts", "iker"))))
    found: list[Assignment] = []
    after: Key | None = None
    while True:
        page, after = stores.assignments.of(LIA, limit=4, after=after)
        found += page
        if after is None:
            break
    assert {a.key for a in found} == {a.key for a in wanted}
    assert len(found) == len(wanted)
    only, _ = stores.assignments.of(LIA, scheduled_action="s1")
    assert {a.key for a in only} == {Key("s1", LIA), Key("s1", LIA, INVOICE)}


def test_those_of_a_plan_in_pages_whatever_became_of_them(stores: Stores) -> None:
    people = [Ref("contacts", f"c{n}") for n in range(9)]
    wanted = [replace(assignment(s, came_by=("direct", "plan:p")), key=Key(s, who)) for who in people for s in "ab"]
    for one in [*wanted, replace(assignment(came_by=("plan:q",), via=("plan:q",)), key=Key("a", LIA))]:
        stores.assignments.put(one)
    left = replace(wanted[0], version=2, via=(), state="skipped", reason="unassigned")
    stores.assignments.put(left)
    found: list[Assignment] = []
    after: Key | None = None
    while True:
        page, after = stores.assignments.of_plan("p", 4, after)
        found += page
        if after is None:
            break
    assert {a.key: a for a in found} == {a.key: a for a in [left, *wanted[1:]]}
    assert len(found) == len(wanted)
    stores.assignments.forget(people[0])
    assert {a.key for a in stores.assignments.of_plan("p", 50)[0]} == {a.key for a in wanted[2:]}
    assert stores.assignments.of_plan("nobody", 5) == ([], None)


def test_the_due_index_gives_what_is_due_and_forgets_what_is_done(stores: Stores) -> None:
    entries = [Due(NOW + timedelta(seconds=n), f"assignment#{n}", {"n": n, "subject": None}) for n in range(5)]
    for entry in [*entries, entries[0]]:
        stores.index.put(entry.at, entry.thing, entry.payload)
    due = [one for page in stores.index.due(entries[2].at) for one in page]
    assert sorted(due, key=lambda one: one.at) == entries[:3]
    stores.index.done(due[:2])
    assert [one for page in stores.index.due(entries[2].at) for one in page] == due[2:]
    stores.index.done([*due, Due(NOW, "assignment#nothing")])
    left = [one for page in stores.index.due(NOW + timedelta(days=1)) for one in page]
    assert sorted(left, key=lambda one: one.at) == entries[3:]


def test_one_thing_can_be_due_at_two_instants(stores: Stores) -> None:
    for at in (NOW, NOW + timedelta(milliseconds=1)):
        stores.index.put(at, "message#m", {})
    assert len([one for page in stores.index.due(NOW) for one in page]) == 1
    assert len([one for page in stores.index.due(NOW + timedelta(seconds=1)) for one in page]) == 2


def test_many_due_at_once_come_in_pages(stores: Stores) -> None:
    stores.index.put_many([Due(NOW, f"task#{n}", {"n": n}) for n in range(PAGE + 10)])
    pages = list(stores.index.due(NOW))
    assert len(pages) > 1
    assert sorted(one.payload["n"] for page in pages for one in page) == list(range(PAGE + 10))
    for page in pages:
        stores.index.done(page)
    assert list(stores.index.due(NOW)) == []


def test_those_of_somebody_who_was_erased_go_with_what_leads_to_them(stores: Stores) -> None:
    theirs = [assignment(), assignment("s2", subject=INVOICE)]
    other = replace(assignment(), key=replace(assignment().key, recipient=Ref("contacts", "ana")))
    for made in (*theirs, other):
        stores.assignments.put(made)
    for _ in range(2):
        stores.assignments.forget(LIA)
    assert stores.assignments.of(LIA) == ([], None)
    assert [stores.assignments.find(made.id) for made in theirs] == [None, None]
    assert stores.assignments.find(other.id) == other
