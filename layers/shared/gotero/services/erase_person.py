"""Erase a person: a job in steps, each of which can be repeated, so that one that was cut off is done again.

The person is a record with those merged into it, wherever they lie. What stays: empty husks, so that no id or number is
ever another's; messages with their states and counts; a keyed hash of each suppressed address; and who erased whom by
number, and when. What the streams still carried when it was done is taken out by the same steps a day later: they keep
nothing longer than that.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from gotero.domain import instant, modules, validation
from gotero.domain.erasure import erased_activity, erased_message
from gotero.domain.errors import ConflictError, FieldError, InvalidError, NotAllowedError, NotFoundError, TransientError
from gotero.domain.ids import derived_id, is_id
from gotero.domain.job import Job
from gotero.domain.message import MODULE as MESSAGES
from gotero.domain.record import Cause, Record, Ref
from gotero.domain.validation import address
from gotero.ports import Due, IndexKeys, Json, Lake, LakeRow, Letters, TimelineEntry
from gotero.services.bin_record import delete_record, emptied
from gotero.services.change_message import Ledger, change_message
from gotero.services.export_person import EXPORT, NOTE, PersonFile, file_key
from gotero.services.import_file import KIND as IMPORTS
from gotero.services.import_file import job_of
from gotero.services.link_records import forget_links
from gotero.services.mass_change import ERROR_NOTE, UNDO_NOTE, note_of, undo_until
from gotero.services.project_change import ACTIVITY, MEMBERS, message_row
from gotero.services.project_link import LINKS
from gotero.services.save_record import ATTEMPTS, RecordWriter, event_of
from gotero.services.suppress import history_of
from gotero.services.work_job import JobKind, Step, start_job

ERASE = "person_erase"
#: What a stream carries is gone after a day; then the same is done again.
AGAIN_AFTER = timedelta(hours=25)
#: The due item that asks for that.
AGAIN = "erase"
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Eraser:
    """Where things about a person stand, and how they are emptied."""

    file: PersonFile
    writer: RecordWriter
    ledger: Ledger
    letters: Letters
    lake: Lake


def preview_erase(eraser: Eraser, ref: Ref) -> Json:
    """What would go and what would stay; writes nothing. NotFoundError, NotAllowedError for what is nobody."""
    file, person = eraser.file, _person(eraser, ref)
    refs = _refs(person)
    found = file.records.get_many(refs)
    keys = _addresses_of(found.values())
    return {
        "number": person.number,
        "records": [{"module": r.module, "id": r.id, "number": r.number} for r in found.values()],
        "memberships": sum(len(file.memberships.standing(one).memberships) for one in refs),
        "assignments": sum(len(file.drips.assignments.of(one)[0]) for one in refs),
        "messages": sum(len(file.messages.of(one)) for one in refs),
        "stays_suppressed": bool(file.suppressions.get_many(keys)) or any(map(_objected, found.values())),
    }


def start_erase(eraser: Eraser, ref: Ref, confirm: str, *, user_id: str, key: str | None) -> Job:
    """The job that erases the person, once their number was typed. NotFoundError, NotAllowedError, InvalidError."""
    person = _person(eraser, ref)
    if confirm != person.number:
        raise InvalidError(FieldError("confirm", "confirm_number", (("number", person.number),)))
    params = {"person": str(person.ref)}
    return start_job(eraser.file.line, ERASE, params, name=person.number, user_id=user_id, total=len(_STEPS), key=key)


def erase_again(eraser: Eraser, job_id: str) -> None:
    """A day later: the job of the same person, once however often it is asked for."""
    first = eraser.file.line.jobs.get(job_id)
    if first:
        params = {"person": first.params["person"], "first": first.id}
        name, by = first.params["name"], first.created_by
        start_job(eraser.file.line, ERASE, params, name=name, user_id=by, total=len(_STEPS), key=first.id)


def again_id(first: Job) -> str:
    """The id of the job that does the same a day later."""
    return derived_id(ERASE, first.created_by, first.id)


def erase_kinds(eraser: Eraser) -> dict[str, JobKind]:
    return {ERASE: lambda job: _step(eraser, job)}


def _step(eraser: Eraser, job: Job) -> Step:
    number = (job.position or {"step": 0})["step"]
    person = _person(eraser, Ref.parse(job.params["person"]))
    _STEPS[number](eraser, job, _refs(person))
    following = {"step": number + 1} if number + 1 < len(_STEPS) else None
    return Step(following, 1, {"records": 1 + len(person.absorbed)}, total=len(_STEPS))


def _person(eraser: Eraser, ref: Ref) -> Record:
    """The record that everything of this person has become a part of."""
    if ref.module not in modules.RECIPIENTS:
        raise NotAllowedError(f"{ref.module}: erase")
    record = eraser.file.records.get(ref) if is_id(ref.id) else None
    while record is not None and record.merged_into:
        into = eraser.file.records.get(Ref(ref.module, record.merged_into))
        if into is None or record.id not in into.absorbed:
            break
        record = into
    if record is None:
        raise NotFoundError(str(ref))
    return record


def _refs(person: Record) -> list[Ref]:
    return [person.ref, *(Ref(person.module, id) for id in person.absorbed)]


def _cause(job: Job) -> Cause:
    return Cause("user", job.created_by, event=job.id)


# ------------------------------------------------------------------------------------------------------ the steps


def _away(eraser: Eraser, job: Job, refs: Sequence[Ref]) -> None:
    """Out of every list first, as any deletion: nothing new begins for them while the rest goes."""
    if "first" not in job.params:
        due = Due(eraser.file.line.clock.now() + AGAIN_AFTER, f"{AGAIN}#{job.id}")
        eraser.file.line.due_index.put(due.at, due.thing, {})
    for record in eraser.file.records.get_many(refs).values():
        if not record.deleted_at:
            delete_record(eraser.writer, record.ref, cause=_cause(job))


def _addresses(eraser: Eraser, job: Job, refs: Sequence[Ref]) -> None:
    """While it is still known which they are: what is suppressed stays so, as a keyed hash."""
    records = eraser.file.records.get_many(refs).values()
    keys = _addresses_of(records)
    keys |= {key for ref in refs for m in eraser.file.messages.of(ref) if (key := address.key(m.mailing.address))}
    for entry in _timeline(eraser, refs):
        keys |= {key for key in map(address.key, _texts(entry.data)) if key}
    at = instant.write(eraser.file.line.clock.now())
    eraser.file.suppressions.erase(keys, at if any(map(_objected, records)) else "")
    for key in keys:
        eraser.file.timeline.forget(history_of(key))


def _notes(eraser: Eraser, job: Job, refs: Sequence[Ref]) -> None:
    """What jobs had noted for undoing them, and whole exports. The timeline names the jobs."""
    ids = {ref.id for ref in refs}
    entries = _timeline(eraser, refs)
    named = {str(e.data.get("job") or e.cause.event) for e in entries if e.cause.kind == "user"}
    imports = {str(e.cause.id) for e in entries if e.cause.kind == "import"}
    found = (eraser.writer.definitions.get(IMPORTS, id) for id in sorted(imports))
    named |= {job_of(definition) for definition in found if definition}
    for other in filter(None, map(eraser.file.line.jobs.get, sorted(named - {"None", job.id}))):
        if other.kind == EXPORT:
            eraser.file.files.forget(file_key(other.id))
        # One more than it has ended: a step that was cut off has noted too.
        for turn in range(other.turn + 1):
            if other.kind == EXPORT:
                eraser.file.log.forget(other.id, note_of(NOTE, turn))
            for kind in (UNDO_NOTE, ERROR_NOTE):
                _strike(eraser, other, note_of(kind, turn), ids)


def _strike(eraser: Eraser, job: Job, name: str, ids: set[str]) -> None:
    rows = eraser.file.log.read(job.id, name)
    kept = [row for row in rows or () if row.get("id") not in ids]
    if rows is not None and len(kept) < len(rows):
        eraser.file.log.forget(job.id, name)
        eraser.file.log.write(job.id, name, kept, instant.read(undo_until(job)))


def _messages(eraser: Eraser, job: Job, refs: Sequence[Ref]) -> None:
    """They keep state and counts. What providers said of them word for word goes, and letters of their own."""
    for ref in refs:
        messages = eraser.file.messages.of(ref)
        eraser.letters.forget([m.key.source_id for m in messages if m.key.source_kind == "tx"])
        for message in messages:
            change_message(eraser.ledger, message, erased_message, "", _cause(job))
            eraser.file.timeline.forget(Ref(MESSAGES, message.id))


def _beside(eraser: Eraser, job: Job, refs: Sequence[Ref]) -> None:
    """Everything that stands beside the records. The timeline then says one thing: that they were erased."""
    for ref in refs:
        forget_links(eraser.file.records, ref, instant.write(eraser.file.line.clock.now()))
        for forget in (
            eraser.file.timeline.forget,
            eraser.file.memberships.forget,
            eraser.file.records.forget,
            eraser.file.drips.assignments.forget,
        ):
            forget(ref)
    first = job.params.get("first", job.id)
    at = (eraser.file.line.jobs.get(first) or job).created_at
    cause, id = Cause("user", job.created_by, event=first), derived_id("erased", first)
    eraser.file.timeline.add([TimelineEntry(refs[0], at, "erased", cause, id)])


def _husks(eraser: Eraser, job: Job, refs: Sequence[Ref]) -> None:
    for ref in refs:
        _empty(eraser, job, ref)


def _empty(eraser: Eraser, job: Job, ref: Ref) -> None:
    for _ in range(ATTEMPTS):
        record = eraser.file.records.get(ref)
        if record is None or not (record.values or record.tags):
            return
        husk = emptied(record, at=instant.write(eraser.file.line.clock.now()))
        try:
            # What lies in the bin holds no keys.
            eraser.file.records.update(
                husk, event_of(eraser.writer, "purge", _cause(job), husk), IndexKeys(), IndexKeys()
            )
        except ConflictError:
            continue
        return
    raise TransientError("the record is being written by many at once")


def _lake(eraser: Eraser, job: Job, refs: Sequence[Ref]) -> None:
    """Every row, in the version without the person; none of the versions before is left in any object."""
    records = eraser.file.records.get_many(refs).values()
    rows = [LakeRow(record.id, record.version, {}, deleted=True) for record in records]
    _forget(eraser, refs[0].module, rows)
    _forget(eraser, MESSAGES, [message_row(message) for ref in refs for message in eraser.file.messages.of(ref)])
    for dataset in (MEMBERS, LINKS):
        ended = [row for ref in refs for row in eraser.lake.rows(dataset, ref.id)]
        _forget(eraser, dataset, [LakeRow(row.id, row.version + (not row.deleted), {}, deleted=True) for row in ended])
    happened = [row for ref in refs for row in eraser.lake.rows(ACTIVITY, ref.id)]
    _forget(eraser, ACTIVITY, [_silent(row) for row in happened])


def _forget(eraser: Eraser, dataset: str, rows: Sequence[LakeRow]) -> None:
    if rows:
        eraser.lake.forget(dataset, rows)


def _silent(row: LakeRow) -> LakeRow:
    data = erased_activity(row.data)
    return row if data == row.data else replace(row, version=row.version + 1, data=data)


_STEPS: tuple[Callable[[Eraser, Job, Sequence[Ref]], None], ...] = (
    _away,
    _addresses,
    _notes,
    _messages,
    _beside,
    _husks,
    _lake,
)


# ------------------------------------------------------------------------------------------------------ what they hold


def _addresses_of(records: Iterable[Record]) -> set[str]:
    return {key for record in records for key in validation.addresses(modules.module(record.module), record.values)}


def _objected(record: Record) -> bool:
    """Whoever had said no is not written to because their record has gone."""
    return bool(record.values.get("do_not_email"))


def _timeline(eraser: Eraser, refs: Sequence[Ref]) -> list[TimelineEntry]:
    entries: list[TimelineEntry] = []
    for ref in refs:
        after: str | None = None
        while True:
            page, after = eraser.file.timeline.page(ref, _PAGE, after)
            entries += page
            if after is None:
                break
    return entries


def _texts(data: Json) -> list[str]:
    """What fields held before they were changed, where that may be an address."""
    values = [value for pair in data.values() if isinstance(pair, list) for value in pair]
    return [value for value in values if isinstance(value, str) and "@" in value]
