"""Undo a job that changed records, for thirty days: by what its steps noted.

A part of a record is laid back only where nobody has changed it since; what is left is listed with what stands in the
way. Undoing is a job of its own, the same one however often it is asked for.
"""

from collections.abc import Callable, Mapping, Sequence

from gotero.domain import instant, modules
from gotero.domain.errors import HIDDEN, ConflictError, DuplicateError, InvalidError, NotFoundError
from gotero.domain.job import DONE, Job
from gotero.domain.mass_edit import marks, undone
from gotero.domain.record import Record, Ref
from gotero.ports import Json
from gotero.services.bin_record import bin_record, restore_record
from gotero.services.find_sight import sight_of
from gotero.services.import_notes import module_of
from gotero.services.import_rows import IMPORT
from gotero.services.mass_change import (
    AT_ONCE,
    DELETE,
    EDIT,
    ERROR_NOTE,
    SHOWN,
    UNDO_NOTE,
    Mass,
    cause_of,
    note_of,
    undo_until,
    write_note,
)
from gotero.services.merge_records import MERGE, unmerge_assignment, unmerge_member
from gotero.services.merge_relations import ON, unmerge_link
from gotero.services.save_record import absorb, get_record, update_record
from gotero.services.sighted import seen_records
from gotero.services.work_job import JobKind, Step, done_at_once, start_job

UNDO = "undo"

#: Undo what a row tells, as this undoing job; what is left: {"rule": …}, or None when all of it is as it was before.
UndoRow = Callable[[Mass, Job, str, Json], Json | None]


def start_undo(mass: Mass, job_id: str, *, user_id: str) -> Job:
    """The job that undoes another. NotFoundError; ConflictError where there is nothing to undo, or it is too late."""
    job = mass.line.jobs.get(job_id)
    if job is None:
        raise NotFoundError(f"job {job_id}")
    if job.kind not in _UNDOING or job.state not in DONE:
        raise ConflictError("nothing to undo", "nothing_to_undo")
    if instant.write(mass.writer.clock.now()) > undo_until(job):
        raise ConflictError("too late", "undo_too_late")
    small = job.seen <= AT_ONCE
    params = {"job": job.id, "kind": job.kind, "module": module_of(job), "kept": job.params.get("kept")}
    made = start_job(
        mass.line, UNDO, params, name=job.params["name"], user_id=user_id, total=job.seen, key=job.id, at_once=small
    )
    return done_at_once(mass.line, undo_kinds(mass), made) if small else made


def undo_kinds(mass: Mass) -> dict[str, JobKind]:
    return {UNDO: lambda job: _step(mass, job)}


def _step(mass: Mass, job: Job) -> Step:
    """What one step of the other job did."""
    first = mass.line.jobs.get(job.params["job"])
    if first is None:
        raise NotFoundError(job.params["job"])
    turn: int = (job.position or {"turn": 0})["turn"]
    # Of a merge the kept record gives back first, so that the others can be taken out again; then the rest moves back.
    undoing: int = {0: 1, 1: 0}.get(turn, turn) if first.kind == MERGE else turn
    if first.kind == IMPORT:
        # A file may name a record twice: the last change goes first. A step that nothing came after has noted too.
        undoing = first.turn - turn
    noted = mass.log.read(first.id, note_of(UNDO_NOTE, undoing)) or []
    rows = [row for row in noted if row.get("do") != ON]
    left = []
    for row in reversed(rows):
        reason = _UNDOING[first.kind](mass, job, module_of(first), row)
        if reason:
            left.append({"id": row["id"], "path": "", **reason})
    if left:
        write_note(mass.log, job, ERROR_NOTE, left)
    last = first.turn if first.kind == IMPORT else first.turn - 1
    return Step({"turn": turn + 1} if turn < last else None, len(rows), _outcome(job, len(rows), left))


def _outcome(job: Job, seen: int, left: Sequence[Json]) -> Json:
    before: Json = job.outcome
    return {
        "changed": before.get("changed", 0) + seen - len(left),
        "failed": before.get("failed", 0) + len(left),
        "errors": [*before.get("errors", ()), *left][:SHOWN],
    }


def undo_edit(mass: Mass, job: Job, module: str, row: Json) -> Json | None:
    """Lay back what nobody has changed since."""
    for _ in range(2):
        try:
            record = get_record(mass.writer.records, Ref(module, row["id"]))
            back, left = undone(record, row)
            if back:
                lay_back(mass, job, record, back)
        except NotFoundError:
            return {"rule": "gone"}
        except DuplicateError as error:
            return _held(mass, job, module, error)
        except InvalidError as error:
            return {"rule": error.errors[0].rule, "path": error.errors[0].path}
        except ConflictError:
            continue
        return {"rule": "changed_since", "fields": ", ".join(left)} if left else None
    return {"rule": "being_changed"}


def lay_back(mass: Mass, job: Job, record: Record, back: Json) -> None:
    values = {name: value for name, value in back.items() if name not in ("owner", "tags")}
    fields = modules.module(record.module)
    computed = {name: value for name, value in values.items() if (f := fields.field(name)) and f.readonly}
    update_record(
        mass.writer,
        record.ref,
        {name: value for name, value in values.items() if name not in computed},
        cause=cause_of(job),
        expected_version=record.version,
        owner=back.get("owner"),
        tags=tuple(back["tags"]) if "tags" in back else None,
        computed=computed,
    )


def undo_import(mass: Mass, job: Job, module: str, row: Json) -> Json | None:
    """Lay back what it changed; what it made goes to the bin, unless somebody has changed it since."""
    if "made" not in row:
        return undo_edit(mass, job, module, row)
    record = mass.writer.records.get(Ref(module, row["id"]))
    if record is None or record.deleted_at:
        return None
    now, made = marks(record), row["made"]
    changed = [name for name in {**now, **made} if now.get(name) != made.get(name)]
    if changed and record.version != row["version"]:
        return {"rule": "changed_since", "fields": ", ".join(changed)}
    try:
        bin_record(mass.bin, record.ref, cause=cause_of(job), expected_version=record.version)
    except (ConflictError, NotFoundError):
        return {"rule": "being_changed"}
    return None


def undo_merge(mass: Mass, job: Job, module: str, row: Json) -> Json | None:
    """Take back one part of a merge."""
    kept = Ref(module, job.params["kept"])
    match row["do"]:
        case "relation":
            return undo_edit(mass, job, row["module"], row)
        case "link":
            unmerge_link(mass, job, kept, row)
        case "member":
            unmerge_member(mass, job, kept, row)
        case "assignment":
            unmerge_assignment(mass, job, kept, row)
        case "lay":
            return undo_edit(mass, job, module, row)
        case _:
            return _undo_away(mass, job, kept, row)
    return None


def _undo_away(mass: Mass, job: Job, kept: Ref, row: Json) -> Json | None:
    try:
        part = restore_record(mass.writer, Ref(kept.module, row["id"]), cause=cause_of(job), unmerge=True)
        absorb(mass.writer, kept, {}, None, (), cause=cause_of(job), released=(part.id, *part.absorbed))
    except DuplicateError as error:
        return _held(mass, job, kept.module, error)
    except NotFoundError:
        return undo_delete(mass, job, kept.module, row)
    return None


def undo_delete(mass: Mass, job: Job, module: str, row: Json) -> Json | None:
    """Take it out of the bin; what is out already is as it was."""
    ref = Ref(module, row["id"])
    try:
        restore_record(mass.writer, ref, cause=cause_of(job))
    except DuplicateError as error:
        return _held(mass, job, module, error)
    except ConflictError:
        return {"rule": "gone"}  # taken out and merged meanwhile: it is a part of another now
    except NotFoundError:
        found = mass.writer.records.get(ref)
        return None if found and not found.deleted_at else {"rule": "gone"}
    return None


def _held(mass: Mass, job: Job, module: str, error: DuplicateError) -> Json:
    """Who has a unique value by now, if whoever undoes sees that record."""
    seen = seen_records(mass.writer.records, sight_of(mass.writer.definitions, job.created_by))
    holder = error.holder_id if seen.get(Ref(module, error.holder_id)) else HIDDEN
    told = DuplicateError(error.path, holder).field_error
    return {"rule": told.rule, "path": told.path, **dict(told.values)}


_UNDOING: Mapping[str, UndoRow] = {
    EDIT: undo_edit,
    DELETE: undo_delete,
    MERGE: undo_merge,
    IMPORT: undo_import,
}
