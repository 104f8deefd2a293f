"""Rebuild the lake from the tables: a job in steps, while everybody goes on reading it and appending to it.

A line is drawn in every dataset. Then the tables are read, four parts of each at once, and what they hold is staged; at
the end each dataset is switched to it, with what was appended behind the line laid over. Whatever a change is part of,
the scan or the stream, it is there; of what is part of both the higher version wins, as ever.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from gotero.domain.activity import history
from gotero.domain.job import Job
from gotero.domain.membership import Membership
from gotero.domain.message import Message
from gotero.domain.modules import MODULES
from gotero.domain.record import Record
from gotero.domain.record_link import RecordLink
from gotero.ports import Json, LakeRebuild, LakeRow, Posted, Truth
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
from gotero.services.work_job import JobKind, JobLine, Step, start_job

KIND = "lake_rebuild"
TABLES: tuple[Table, ...] = ("records", "memberships", "messages", "timeline")
SEGMENTS = 4
#: DynamoDB answers with a megabyte at most: a step holds a few of them from each segment.
_PAGE, _PAGES = 1000, 4

#: Where a segment of a table stands: not begun, at a key of the table, at its end.
_NOT_BEGUN: Json = {}
_ENDED = None
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
        return Step(_at(0), 0, {"rows": 0})
    table = int(job.position["table"])
    if table == len(TABLES):
        # All of them: a rebuild that began later has drawn other lines, and switches for both.
        swapped = [dataset for dataset in datasets() if rebuilder.lake.swap(dataset, job.id)]
        return Step(None, 0, {**job.outcome, "datasets": len(swapped)})
    rows, after = _read(rebuilder.truth, TABLES[table], job.position["after"])
    for dataset, batch in _by_dataset(rows).items():
        rebuilder.lake.stage(dataset, job.id, job.turn, batch)
    ended = all(position is _ENDED for position in after)
    position = _at(table + 1) if ended else {"table": table, "after": after}
    return Step(position, len(rows), {"rows": job.outcome.get("rows", 0) + len(rows)})


def _at(table: int) -> Json:
    return {"table": table, "after": [_NOT_BEGUN] * SEGMENTS}


def _read(
    truth: Truth, table: Table, positions: list[Json | None]
) -> tuple[list[tuple[str, LakeRow]], list[Json | None]]:
    """Some pages of each segment that has not ended, as rows by dataset, and where each stands after."""

    def some(segment: int) -> tuple[list[tuple[str, LakeRow]], Json | None]:
        rows: list[tuple[str, LakeRow]] = []
        position = positions[segment]
        for _ in range(_PAGES):
            if position is _ENDED:
                break
            items, position = truth.scan(table, segment, SEGMENTS, position or None, _PAGE)
            rows += _rows(items)
        return rows, position

    with ThreadPoolExecutor(SEGMENTS) as pool:
        read = list(pool.map(some, range(SEGMENTS)))
    return [row for rows, _ in read for row in rows], [position for _, position in read]


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
            case _:
                yield TRANSITIONS, move_row(item.id, item.ref, item.segment, item.kind, item.at)
