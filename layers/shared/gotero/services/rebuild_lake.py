"""Rebuild the lake from the tables: a job in steps, while everybody goes on reading it and appending to it.

A line is drawn in every dataset. Then the tables are read, four parts of each at once, and what they hold is staged; at
the end each dataset is switched to it, with what was appended behind the line laid over. Whatever a change is part of,
the scan or the stream, it is there; of what is part of both the higher version wins, as ever.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gotero.domain.activity import history
from gotero.domain.job import Job
from gotero.domain.membership import Membership
from gotero.domain.message import Message
from gotero.domain.modules import MODULES
from gotero.domain.record import Record
from gotero.domain.record_link import RecordLink
from gotero.ports import LakeRebuild, LakeRow, Moved, Posted, Truth
from gotero.ports.rebuild import Item, Table
from gotero.services.project_change import (
    ACTIVITY,
    MEMBERS,
    TRANSITIONS,
    MembershipChange,
    activity_row,
    member_row,
    message_row,
    move_row,
    post_row,
    record_row,
)
from gotero.services.project_link import LINKS, link_row
from gotero.services.read_tables import at_end, beginning, read_some
from gotero.services.work_job import JobKind, JobLine, Step, start_job

KIND = "lake_rebuild"
TABLES: tuple[Table, ...] = ("records", "memberships", "messages", "timeline")
_Row = tuple[str, LakeRow]


@dataclass(frozen=True, slots=True)
class Rebuilder:
    truth: Truth
    lake: LakeRebuild


def start_rebuild(line: JobLine, user_id: str) -> Job:
    return start_job(line, KIND, {}, name="", user_id=user_id)


def rebuild_kinds(rebuilder: Rebuilder) -> dict[str, JobKind]:
    return {KIND: lambda job: _step(rebuilder, job)}


def datasets() -> tuple[str, ...]:
    return (*MODULES, LINKS, MEMBERS, TRANSITIONS, ACTIVITY)


def _step(rebuilder: Rebuilder, job: Job) -> Step:
    if job.position is None:
        for dataset in datasets():
            rebuilder.lake.begin(dataset, job.id)
        return Step(beginning(), 0, {"rows": 0})
    if at_end(job.position, TABLES):
        # All of them: a rebuild that began later has drawn other lines, and switches for both.
        swapped = [dataset for dataset in datasets() if rebuilder.lake.swap(dataset, job.id)]
        left = len(datasets()) - len(swapped)
        return Step(None, 0, {**job.outcome, "datasets": len(swapped), **({"failed": left} if left else {})})
    items, position = read_some(rebuilder.truth, TABLES, job.position)
    rows = list(_rows(items))
    for dataset, batch in _by_dataset(rows).items():
        rebuilder.lake.stage(dataset, job.id, job.turn, batch)
    return Step(position, len(rows), {"rows": job.outcome.get("rows", 0) + len(rows)})


def _by_dataset(rows: Iterable[_Row]) -> dict[str, list[LakeRow]]:
    found: dict[str, list[LakeRow]] = {}
    for dataset, row in rows:
        found.setdefault(dataset, []).append(row)
    return found


def _rows(items: Iterable[Item]) -> Iterator[_Row]:
    """What the projection would have appended, had it seen everything at once."""
    for item in items:
        match item:
            case Record():
                yield item.module, record_row(item)
            case Posted():
                yield ACTIVITY, post_row(item.ref, item.event, item.form, item.at)
            case RecordLink():
                yield LINKS, link_row(item)
            case Membership():
                yield MEMBERS, member_row(MembershipChange(item, item.version))
            case Message():
                yield "messages", message_row(item)
                yield from ((ACTIVITY, activity_row(item, one)) for one in history(item))
            case Moved():
                yield TRANSITIONS, move_row(item.id, item.ref, item.segment, item.kind, item.at)
