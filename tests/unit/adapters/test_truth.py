"""What rebuilding reads of the tables on DynamoDB: each item as it was written, and nothing that only leads to it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from gotero.adapters.dynamodb.assignments import DynamoAssignments
from gotero.adapters.dynamodb.jobs import DynamoJobs
from gotero.adapters.dynamodb.memberships import DynamoMemberships
from gotero.adapters.dynamodb.suppressions import DynamoSuppressions
from gotero.adapters.dynamodb.timeline import DynamoTimeline
from gotero.adapters.dynamodb.truth import DynamoTruth
from gotero.domain.assignment import Assignment, Key
from gotero.domain.job import Chunk, Job
from gotero.domain.record import Cause, Ref
from gotero.domain.suppression import Suppression
from gotero.ports import Standing, TimelineEntry
from gotero.ports.rebuild import Item, Table

AT, LATER = "2026-11-21T09:00:00.000Z", "2026-11-23T09:00:00.000Z"
LIA = Ref("contacts", "lia")
CAUSE = Cause("workflow", "w1", event="e1")


def read(table: Table) -> list[Item]:
    found: list[Item] = []
    for segment in range(2):
        items, after = DynamoTruth().scan(table, segment, 2, None, 100)
        assert after is None
        found += items
    return found


def test_what_waits_is_read_as_it_was_written(
    dynamodb_tables: Callable[[], AbstractContextManager[None]],
) -> None:
    assignment = Assignment(Key("s1", LIA), "pending", LATER, "Europe/Madrid", ("plan:p",), CAUSE, AT, AT)
    job = Job("j1", "campaign_send", "running", {"campaign": "c"}, AT, "u1")
    chunk = Chunk("j1", 0, (LIA,), not_before=LATER)
    suppression = Suppression("lia@example.com", "manual", AT)
    told = [{"task": "t", "state": "waiting", "until": LATER, "id": "t1"}]
    waits = TimelineEntry(LIA, AT, "workflow_ran", CAUSE, "e1", {"workflow": "w", "tasks": told, "event": {"id": "e1"}})
    done = TimelineEntry(LIA, LATER, "workflow_ran", CAUSE, "e2", {"workflow": "w", "tasks": []})
    with dynamodb_tables():
        assignments, jobs, timeline = DynamoAssignments(), DynamoJobs(), DynamoTimeline()
        memberships = DynamoMemberships()
        assignments.put(assignment)
        jobs.create(job)
        jobs.add_chunks(job, [chunk], LIA)
        jobs.keep_addresses("j1", {"lia@example.com": "m1"}, ())
        DynamoSuppressions(lambda: ["secret"]).add(suppression)
        changed = TimelineEntry(LIA, AT, "changed", CAUSE, "e3", {"event": [None, "fair"]})
        timeline.add([waits, done, changed])
        memberships.settle(Standing(LIA), [], (), LATER, CAUSE, AT)
        memberships.settle(Standing(Ref("contacts", "ana")), [], (), "", CAUSE, AT)
        assert read("assignments") == [assignments.get(assignment.key)]
        assert sorted(read("jobs"), key=lambda item: type(item).__name__) == [chunk, jobs.get("j1")]
        assert read("messages") == [suppression]
        assert read("timeline") == [waits]
        assert read("memberships") == [Standing(LIA, 1, LATER)]
        here = (LIA, AT, "e1")
        assert timeline.told({here, (LIA, AT, "e2"), (Ref("leads", "l"), AT, "e1")}) == {here}
        assert timeline.told(()) == set()
