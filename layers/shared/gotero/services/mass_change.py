"""Change or delete many records: those named, those that a filter finds, or the members of a segment.

Every step notes what it is going to change before it does, so that all of it can be undone (undo_job.py), and goes on
from where the one before it stood; one that was cut off finds its own note and does the rest. What cannot be changed
is listed with its reason and stops nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gotero.domain import instant, modules
from gotero.domain.audience import Audience
from gotero.domain.errors import ConflictError, DuplicateError, FieldError, InvalidError, NotFoundError
from gotero.domain.job import Job
from gotero.domain.mass_edit import Chosen, Edit, differences
from gotero.domain.record import Cause, Record, Ref
from gotero.ports import JobLog, Json, Lake, Memberships
from gotero.services.assign import Drips
from gotero.services.bin_record import KEPT, Bin, bin_record
from gotero.services.save_record import RecordWriter, checked_change, first_origin, update_record
from gotero.services.work_job import JobKind, JobLine, Step, done_at_once, start_job

EDIT, DELETE = "mass_edit", "mass_delete"
UNDO_NOTE, ERROR_NOTE = "undo", "errors"

#: As many are changed while the caller waits.
AT_ONCE = 100
#: Ids that one request may name; more are chosen by a filter.
MAX_NAMED = 1000
#: Records of one step: a transaction each, some seconds in all.
EACH = 50
#: Failures that the job itself shows; all of them stand in its notes.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Mass:
    """What changing many needs."""

    bin: Bin
    lake: Lake
    log: JobLog
    line: JobLine
    memberships: Memberships
    drips: Drips

    @property
    def writer(self) -> RecordWriter:
        return self.bin.writer


@dataclass(frozen=True, slots=True)
class _Doing:
    """`row`: by what the change of a record is undone, None where there is nothing to do. `do` changes it."""

    row: Callable[[Job, Record], Json | None]
    do: Callable[[Mass, Job, Record], object]


def count_chosen(mass: Mass, chosen: Chosen) -> Json:
    """How many there are, with the first of them: what is shown before it is done."""
    if chosen.ids is not None:
        found = mass.writer.records.get_many([Ref(chosen.module, id) for id in chosen.ids])
        alive = [record.to_json() for record in found.values() if not record.deleted_at]
        return {"count": len(alive), "sample": alive[:5], "as_of": None, "exact": True}
    if chosen.segment is not None:
        count = mass.lake.member_counts(chosen.segment).get(chosen.module, 0)
        page = mass.lake.members(chosen.segment, module=chosen.module, limit=5)
        return {"count": count, "sample": page.items, "as_of": page.as_of, "exact": page.exact}
    many = mass.lake.count(chosen.module, chosen.condition, search=chosen.search)
    return {"count": many.count, "sample": many.sample, "as_of": many.as_of, "exact": many.exact}


def checked_edit(writer: RecordWriter, module_id: str, edit: Edit) -> Edit:
    """The edit with its values in normal form; InvalidError."""
    if edit.empty:
        raise InvalidError(FieldError("values", "nothing_to_do"))
    return replace(edit, values=checked_change(writer, modules.module(module_id), edit.values, edit.owner))


def start_mass(mass: Mass, chosen: Chosen, edit: Edit | None, *, user_id: str, name: str, key: str | None) -> Job:
    """The job that lays `edit` over them, or deletes them for None; a small one is done when this answers.

    InvalidError: nothing is written then.
    """
    params: Json = {"chosen": chosen.to_json()}
    if edit:
        params["edit"] = checked_edit(mass.writer, chosen.module, edit).to_json()
    count = count_chosen(mass, chosen)["count"]
    small, kind = count <= AT_ONCE, EDIT if edit else DELETE
    job = start_job(mass.line, kind, params, name=name, user_id=user_id, total=count, key=key, at_once=small)
    return done_at_once(mass.line, mass_kinds(mass), job) if small else job


def mass_kinds(mass: Mass) -> dict[str, JobKind]:
    """How these jobs do their next step."""
    return {EDIT: lambda job: _step(mass, job, _EDITING), DELETE: lambda job: _step(mass, job, _DELETING)}


def cause_of(job: Job) -> Cause:
    """Whoever started the job did it; the job is the event."""
    return Cause("user", job.created_by, event=job.id)


def note_of(kind: str, turn: int) -> str:
    return f"{kind}#{turn:06d}"


def _step(mass: Mass, job: Job, doing: _Doing) -> Step:
    refs, position = _planned(mass, job)
    records = mass.writer.records.get_many(refs)
    noted = {row["id"]: row for row in mass.log.read(job.id, note_of(UNDO_NOTE, job.turn)) or ()}
    rows = {ref.id: row for ref in refs if (row := _row(doing, job, records.get(ref)) or noted.get(ref.id))}
    failures = [
        _failure(ref, None, FieldError("id", "gone"))
        for ref in refs
        if not rows.get(ref.id) and _gone(records.get(ref))
    ]
    unchanged = len(refs) - len(rows) - len(failures)
    write_note(mass.log, job, UNDO_NOTE, list(rows.values()))
    for ref in refs:
        failure = _tried(mass, job, records[ref], rows, doing) if ref.id in rows else None
        if failure:
            failures.append(failure)
            del rows[ref.id]
    if failures:
        write_note(mass.log, job, UNDO_NOTE, list(rows.values()))
        write_note(mass.log, job, ERROR_NOTE, failures)
    return Step(position, len(refs), _outcome(job, len(rows), unchanged, failures))


def _gone(record: Record | None) -> bool:
    return record is None or record.deleted_at is not None


def _row(doing: _Doing, job: Job, record: Record | None) -> Json | None:
    row = doing.row(job, record) if record and not record.deleted_at else None
    return {"id": record.id, **row} if record and row is not None else None


def _tried(mass: Mass, job: Job, record: Record, rows: dict[str, Json], doing: _Doing) -> Json | None:
    """Do it over the version that the note was made of; whoever was overtaken looks once more. The failure, if any."""
    current: Record | None = record
    for _ in range(2):
        if current is None or current.deleted_at:
            return None if doing is _DELETING else _failure(record.ref, record, FieldError("id", "gone"))
        try:
            doing.do(mass, job, current)
        except DuplicateError as error:
            return _failure(record.ref, record, error.field_error)
        except InvalidError as error:
            return _failure(record.ref, record, error.errors[0])
        except (ConflictError, NotFoundError):
            current = mass.writer.records.get(record.ref)
            rows[record.id] = _row(doing, job, current) or rows[record.id]
            write_note(mass.log, job, UNDO_NOTE, list(rows.values()))
            continue
        return None
    return _failure(record.ref, record, FieldError("", "being_changed"))


def write_note(log: JobLog, job: Job, kind: str, rows: Sequence[Json]) -> None:
    log.write(job.id, note_of(kind, job.turn), rows, instant.read(undo_until(job)))


def undo_until(job: Job) -> str:
    return instant.write(instant.read(job.created_at) + KEPT)


def _failure(ref: Ref, record: Record | None, error: FieldError) -> Json:
    values = dict(error.values)
    return {"id": ref.id, "number": record.number if record else "", "path": error.path, "rule": error.rule, **values}


def _outcome(job: Job, changed: int, unchanged: int, failures: Sequence[Json]) -> Json:
    before: Json = job.outcome
    return {
        "changed": before.get("changed", 0) + changed,
        "unchanged": before.get("unchanged", 0) + unchanged,
        "failed": before.get("failed", 0) + len(failures),
        "errors": [*before.get("errors", ()), *failures][:SHOWN],
        "undo_until": undo_until(job),
    }


# --------------------------------------------------------------------------------------------- which come next


def _planned(mass: Mass, job: Job) -> tuple[list[Ref], Json | None]:
    """The records of this step: those of its first attempt, since what that changed may not be found any more."""
    module, name = job.params["chosen"]["module"], note_of("plan", job.turn)
    for plan in mass.log.read(job.id, name) or ():
        return [Ref(module, id) for id in plan["ids"]], plan["position"]
    refs, position = _next(mass, job)
    mass.log.write(
        job.id, name, [{"ids": [ref.id for ref in refs], "position": position}], instant.read(undo_until(job))
    )
    return refs, position


def _next(mass: Mass, job: Job) -> tuple[list[Ref], Json | None]:
    chosen = Chosen.from_json(job.params["chosen"])
    position = job.position or {}
    if chosen.ids is not None:
        at = position.get("at", 0)
        ids = list(dict.fromkeys(chosen.ids))
        refs = [Ref(chosen.module, id) for id in ids[at : at + EACH]]
        return refs, {"at": at + EACH} if at + EACH < len(ids) else None
    if chosen.segment is not None:
        return _next_members(mass, chosen, chosen.segment, position.get("after", ""))
    # By creation, which no edit moves: what is changed or deleted on the way shifts nothing.
    page = mass.lake.page(
        chosen.module,
        condition=chosen.condition,
        search=chosen.search,
        sort=[("created_at", False)],
        limit=EACH,
        after=position.get("after"),
    )
    # What came to be after the job had been asked for was not meant by it.
    meant = [item for item in page.items if item["created_at"] <= job.created_at]
    more = page.after is not None and len(meant) == len(page.items)
    return [Ref(chosen.module, item["id"]) for item in meant], {"after": page.after} if more else None


def _next_members(mass: Mass, chosen: Chosen, segment: str, after: str) -> tuple[list[Ref], Json | None]:
    batches = mass.lake.audience(Audience(segments=(segment,)), EACH, Ref(chosen.module, after))
    refs = [ref for ref in next(iter(batches), []) if ref.module == chosen.module]
    return refs, {"after": refs[-1].id} if len(refs) == EACH else None


# --------------------------------------------------------------------------------------------- what is done to each


def _edit_of(job: Job, record: Record) -> tuple[Edit, Mapping[str, Any]]:
    edit = Edit.from_json(job.params["edit"])
    return edit, first_origin(modules.module(record.module), record.values, edit.values)


def _edit_row(job: Job, record: Record) -> Json | None:
    edit, origin = _edit_of(job, record)
    after = record.changed({**edit.values, **origin}, at="", owner=edit.owner, tags=edit.tags_of(record))
    return differences(record, after)


def _edit(mass: Mass, job: Job, record: Record) -> None:
    edit, _ = _edit_of(job, record)
    tags = edit.tags_of(record)
    cause, version = cause_of(job), record.version
    update_record(
        mass.writer, record.ref, edit.values, cause=cause, expected_version=version, owner=edit.owner, tags=tags
    )


def _delete(mass: Mass, job: Job, record: Record) -> None:
    bin_record(mass.bin, record.ref, cause=cause_of(job), expected_version=record.version)


_EDITING = _Doing(_edit_row, _edit)
_DELETING = _Doing(lambda job, record: {}, _delete)
