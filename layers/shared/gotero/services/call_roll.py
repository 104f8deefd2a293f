"""People put many records into a segment by name, or take them out: at once, or as a job where they are too many."""

from collections.abc import Sequence
from dataclasses import dataclass

from gotero.domain.errors import InvalidError
from gotero.domain.job import Job
from gotero.domain.record import Cause, Ref
from gotero.ports import Definition, Definitions, Json, Memberships, Records
from gotero.services.change_members import add_members, refuse_strangers, remove_members
from gotero.services.work_job import JobKind, JobLine, Step, start_job
from gotero.services.write_definition import get_definition

PUT_IN, TAKE_OUT = "put_in", "take_out"
#: Two requests to the table each: as many as fit into the time of one call with room to spare.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Roll:
    """What it needs."""

    memberships: Memberships
    records: Records
    definitions: Definitions
    line: JobLine


def put_in(roll: Roll, segment: Definition, refs: Sequence[Ref], *, user_id: str, key: str | None = None) -> Json:
    """{"entered": n}, or {"job_id": …}. InvalidError for each that is not there, ConflictError for an inactive one."""
    refuse_strangers(segment, refs, roll.records)
    if len(refs) > AT_ONCE:
        return _as_job(roll, PUT_IN, segment, refs, user_id, key)
    return {"entered": _add(roll, segment, refs, Cause("user", user_id))}


def take_out(roll: Roll, segment: Definition, refs: Sequence[Ref], *, user_id: str, key: str | None = None) -> Json:
    """{"left": n}, or {"job_id": …}."""
    if len(refs) > AT_ONCE:
        return _as_job(roll, TAKE_OUT, segment, refs, user_id, key)
    return {"left": _remove(roll, segment, refs, Cause("user", user_id))}


def roll_kinds(roll: Roll) -> dict[str, JobKind]:
    """How these jobs do their next step."""
    return {PUT_IN: lambda job: _step(roll, job), TAKE_OUT: lambda job: _step(roll, job)}


def _as_job(roll: Roll, kind: str, segment: Definition, refs: Sequence[Ref], user_id: str, key: str | None) -> Json:
    params = {"segment": segment.id, "items": [str(ref) for ref in refs]}
    job = start_job(roll.line, kind, params, name=segment.data["name"], user_id=user_id, total=len(refs), key=key)
    return {"job_id": job.id}


def _step(roll: Roll, job: Job) -> Step:
    at = (job.position or {"at": 0})["at"]
    items = job.params["items"]
    refs = [Ref.parse(text) for text in items[at : at + AT_ONCE]]
    segment, cause = get_definition(roll.definitions, "segments", job.params["segment"]), Cause("user", job.created_by)
    do = _add if job.kind == PUT_IN else _remove
    changed = job.outcome.get("changed", 0) + do(roll, segment, refs, cause)
    more = at + AT_ONCE < len(items)
    return Step({"at": at + AT_ONCE} if more else None, len(refs), {"changed": changed})


def _add(roll: Roll, segment: Definition, refs: Sequence[Ref], cause: Cause) -> int:
    try:
        return _added(roll, segment, refs, cause)
    except InvalidError:
        # Some of them have gone since the job began; at once, refuse_strangers has said so already.
        alive = {ref for ref, record in roll.records.get_many(refs).items() if not record.deleted_at}
        return _added(roll, segment, [ref for ref in refs if ref in alive], cause)


def _added(roll: Roll, segment: Definition, refs: Sequence[Ref], cause: Cause) -> int:
    source, clock = ("manual", cause.id), roll.line.clock
    return add_members(
        segment, refs, source=source, cause=cause, memberships=roll.memberships, records=roll.records, clock=clock
    )


def _remove(roll: Roll, segment: Definition, refs: Sequence[Ref], cause: Cause) -> int:
    return remove_members(segment, refs, cause=cause, memberships=roll.memberships, clock=roll.line.clock)
