"""Everything that is kept about one person, as one JSON document: a job that anybody can see was asked for.

Gathered step by step: the record and those merged into it, what they are linked with, memberships with their sources
(ended ones and blocks too), assignments, messages with what became of them, what stands on the suppression list, and
the whole timeline, in which are the changes, the form posts and the workflow runs. The last step puts it together as a
file, whatever its size; the file and what the steps noted are kept for seven days and go by themselves.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from gotero.domain import instant, modules, validation
from gotero.domain.errors import NotAllowedError, NotFoundError
from gotero.domain.ids import derived_id
from gotero.domain.job import Job
from gotero.domain.record import Cause, Ref
from gotero.ports import (
    Definitions,
    Files,
    JobLog,
    Json,
    Memberships,
    Messages,
    Records,
    Suppressions,
    Timeline,
    TimelineEntry,
)
from gotero.services.assign import Drips
from gotero.services.find_sight import sight_of
from gotero.services.join_file import join
from gotero.services.link_records import linked_with
from gotero.services.save_record import get_record
from gotero.services.sighted import seen_records
from gotero.services.work_job import JobKind, JobLine, Step, done_at_once, start_job

EXPORT = "person_export"
KEPT = timedelta(days=7)
NOTE, LINKED = "data", "linked"
_LAST: Json = {"file": True}
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
    files: Files
    definitions: Definitions


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


def file_key(job_id: str) -> str:
    return f"people/{job_id}.json"


def read_export(file: PersonFile, ref: Ref, job_id: str, user_id: str = "") -> Json:
    """How far it is, and where the file can be fetched. NotFoundError for another's, and after its seven days.

    `user_id`: who asks, where not everybody sees everything. What its author sees stands in it, and is nobody else's.
    """
    job = file.line.jobs.get(job_id)
    if job is None or job.kind != EXPORT or job.params["person"] != str(ref):
        raise NotFoundError(f"export {job_id}")
    if user_id not in ("", job.created_by):
        raise NotFoundError(f"export {job_id}")
    if job.state != "finished":
        return {**job.to_json(), "url": None}
    over = file.line.clock.now() >= instant.read(job.created_at) + KEPT
    if over or file.files.size(file_key(job.id)) is None:
        raise NotFoundError(f"export {job_id}")
    return {**job.to_json(), "url": file.files.download_url(file_key(job.id), f"{job.params['name']}.json")}


def _step(file: PersonFile, job: Job) -> Step:
    ref = Ref.parse(job.params["person"])
    record = get_record(file.records, ref)
    if job.position == _LAST:
        join(file.files, file_key(job.id), _pieces(file, job, ref))
        return Step(None, 0, job.outcome)
    refs = [ref, *(Ref(ref.module, id) for id in record.absorbed)]
    position = job.position or {"who": 0, "after": None}
    if job.position is None:
        _tell(file, job, ref)
        seen = seen_records(file.records, sight_of(file.definitions, job.created_by))
        rows = [{"part": part, "data": data} for part, gather in _PARTS.items() for data in gather(file, refs)]
        rows += [{"part": LINKED, "data": data} for data in _linked(seen, refs)]
        following: Json = position
    else:
        entries, after = file.timeline.page(refs[position["who"]], EACH, position["after"])
        rows = [{"at": e.at, "kind": e.kind, "cause": e.cause.to_json(), "data": e.data} for e in entries]
        who = position["who"] if after else position["who"] + 1
        following = {"who": who, "after": after} if who < len(refs) else _LAST
    until = instant.read(job.created_at) + KEPT
    file.log.write(job.id, _note(job.turn), rows, until)
    return Step(following, len(rows), {"entries": job.seen + len(rows), "download_until": instant.write(until)})


def _note(turn: int) -> str:
    return f"{NOTE}#{turn:06d}"


def _pieces(file: PersonFile, job: Job, ref: Ref) -> Iterator[bytes]:
    """The document: what is known now in one piece, then the timeline, as many entries at a time as a step read."""
    known = file.log.read(job.id, _note(0)) or ()
    parts = {part: [row["data"] for row in known if row["part"] == part] for part in (*_PARTS, LINKED)}
    head = {"person": ref.to_json(), "exported_at": job.created_at, "by": job.created_by, **parts}
    yield _text(head).removesuffix(b"}") + b', "timeline": ['
    between = b""
    for turn in range(1, job.turn):
        for entry in file.log.read(job.id, _note(turn)) or ():
            yield between + _text(entry)
            between = b",\n"
    yield b"]}\n"


def _text(data: Json) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _tell(file: PersonFile, job: Job, ref: Ref) -> None:
    cause = Cause("user", job.created_by, event=job.id)
    entry = TimelineEntry(ref, job.created_at, "exported", cause, derived_id("exported", job.id), {"job": job.id})
    file.timeline.add([entry])


def _records(file: PersonFile, refs: Sequence[Ref]) -> list[Json]:
    found = file.records.get_many(refs)
    return [found[ref].to_json() for ref in refs if ref in found]


def _linked(seen: Records, refs: Sequence[Ref]) -> list[Json]:
    """Campaigns and products, by what they are called, as far as whoever asks sees them."""
    others = dict.fromkeys(other for ref in refs for other in linked_with(seen, ref))
    alive = [record for record in seen.get_many(list(others)).values() if not record.deleted_at]
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
    "memberships": _memberships,
    "assignments": _assignments,
    "messages": _messages,
    "suppressions": _suppressions,
}
