"""Everything that is kept about one person, as one JSON document: a job that anybody can see was asked for.

Gathered step by step: the record and those merged into it, what they are linked with, memberships with their sources
(ended ones and blocks too), assignments, messages with what became of them, what stands on the suppression list, and
the whole timeline, in which are the changes, the form posts and the workflow runs. It is kept for seven days and goes
by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gotero.domain import instant, modules, validation
from gotero.domain.errors import NotAllowedError, NotFoundError
from gotero.domain.ids import derived_id
from gotero.domain.job import Job
from gotero.domain.record import Cause, Ref
from gotero.ports import JobLog, Json, Memberships, Messages, Records, Suppressions, Timeline, TimelineEntry
from gotero.services.assign import Drips
from gotero.services.link_records import linked_with
from gotero.services.save_record import get_record
from gotero.services.work_job import JobKind, JobLine, Step, done_at_once, start_job

EXPORT = "person_export"
KEPT = timedelta(days=7)
_NOTE = "data"
#: Entries of the timeline of one step.
EACH = 200


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Where things about a person stand."""

    records: Records
    memberships: Memberships
    drips: Drips
    messages: Messages
    suppressions: Suppressions
    timeline: Timeline
    log: JobLog
    line: JobLine


def start_export(file: PersonFile, ref: Ref, *, user_id: str, key: str | None) -> Job:
    """The job, done unless the timeline is very long. NotFoundError; NotAllowedError for what is nobody."""
    if ref.module not in modules.RECIPIENTS:
        raise NotAllowedError(f"{ref.module}: export")
    record = get_record(file.records, ref)
    params = {"person": str(ref)}
    job = start_job(file.line, EXPORT, params, name=record.number, user_id=user_id, key=key, at_once=True)
    return done_at_once(file.line, export_kinds(file), job)


def export_kinds(file: PersonFile) -> dict[str, JobKind]:
    return {EXPORT: lambda job: _step(file, job)}


def read_export(file: PersonFile, ref: Ref, job_id: str) -> Json:
    """The document. NotFoundError when it is another's, not complete, or has gone after its seven days."""
    job = file.line.jobs.get(job_id)
    if job is None or job.kind != EXPORT or job.params["person"] != str(ref) or job.state != "finished":
        raise NotFoundError(f"export {job_id}")
    document: dict[str, list[Any]] = {part: [] for part in (*_PARTS, "timeline")}
    for turn in range(job.turn):
        for row in file.log.read(job.id, f"{_NOTE}#{turn:06d}") or ():
            document[row["part"]].append(row["data"])
    if not document["record"]:
        raise NotFoundError(f"export {job_id}")
    return {"person": ref.to_json(), "exported_at": job.created_at, "by": job.created_by, **document}


def _step(file: PersonFile, job: Job) -> Step:
    ref = Ref.parse(job.params["person"])
    record = get_record(file.records, ref)
    refs = [ref, *(Ref(ref.module, id) for id in record.absorbed)]
    position = job.position or {"who": 0, "after": None}
    if job.position is None:
        _tell(file, job, ref)
        rows = [{"part": part, "data": data} for part, gather in _PARTS.items() for data in gather(file, refs)]
        following: Json | None = position
    else:
        entries, after = file.timeline.page(refs[position["who"]], EACH, position["after"])
        rows = [
            {"part": "timeline", "data": {"at": e.at, "kind": e.kind, "cause": e.cause.to_json(), "data": e.data}}
            for e in entries
        ]
        who = position["who"] if after else position["who"] + 1
        following = {"who": who, "after": after} if who < len(refs) else None
    until = instant.read(job.created_at) + KEPT
    file.log.write(job.id, f"{_NOTE}#{job.turn:06d}", rows, until)
    return Step(following, len(rows), {"entries": job.seen + len(rows), "download_until": instant.write(until)})


def _tell(file: PersonFile, job: Job, ref: Ref) -> None:
    cause = Cause("user", job.created_by, event=job.id)
    entry = TimelineEntry(ref, job.created_at, "exported", cause, derived_id("exported", job.id), {"job": job.id})
    file.timeline.add([entry])


def _records(file: PersonFile, refs: Sequence[Ref]) -> list[Json]:
    found = file.records.get_many(refs)
    return [found[ref].to_json() for ref in refs if ref in found]


def _linked(file: PersonFile, refs: Sequence[Ref]) -> list[Json]:
    """Campaigns and products, by what they are called."""
    others = dict.fromkeys(other for ref in refs for other in linked_with(file.records, ref))
    alive = [record for record in file.records.get_many(list(others)).values() if not record.deleted_at]
    return [
        {**r.ref.to_json(), "number": r.number, "title": modules.title(modules.module(r.module), r.values)}
        for r in alive
    ]


def _memberships(file: PersonFile, refs: Sequence[Ref]) -> list[Json]:
    stored = [member for ref in refs for member in file.memberships.standing(ref).memberships]
    return [
        {
            "segment": member.segment,
            "since": member.since,
            "sources": [source.to_json() for source in member.sources],
            "blocked": member.blocked.to_json() if member.blocked else None,
        }
        for member in stored
    ]


def _assignments(file: PersonFile, refs: Sequence[Ref]) -> list[Json]:
    found: list[Json] = []
    for ref in refs:
        page, after = file.drips.assignments.of(ref)
        found += [assignment.to_json() for assignment in page]
        while after:
            page, after = file.drips.assignments.of(ref, after=after)
            found += [assignment.to_json() for assignment in page]
    return found


def _messages(file: PersonFile, refs: Sequence[Ref]) -> list[Json]:
    return [
        {**message.to_record().to_json(), "address": message.mailing.address}
        for ref in refs
        for message in file.messages.of(ref)
    ]


def _suppressions(file: PersonFile, refs: Sequence[Ref]) -> list[Json]:
    found = file.records.get_many(refs).values()
    keys = {key for record in found for key in validation.addresses(modules.module(record.module), record.values)}
    return [suppression.to_json() for suppression in file.suppressions.get_many(sorted(keys)).values()]


_PARTS: dict[str, Callable[[PersonFile, Sequence[Ref]], list[Json]]] = {
    "record": _records,
    "linked": _linked,
    "memberships": _memberships,
    "assignments": _assignments,
    "messages": _messages,
    "suppressions": _suppressions,
}
