"""Begin jobs on the members of a segment (fill_segment.py), and go on with one that had ended at a deadly step."""

from contextlib import suppress

from gotero.domain import instant
from gotero.domain.errors import ConflictError, FieldError, InvalidError
from gotero.domain.ids import derived_id
from gotero.domain.job import DONE, Job
from gotero.domain.narrowing import narrowed
from gotero.domain.segment import ACTIVE, MODULES
from gotero.domain.visibility import Sight
from gotero.ports import Clock, Definition, DueIndex, Json
from gotero.services.fill_segment import FILL, LOAD, Filler, go_on, thing_of
from gotero.services.find_filter import Chosen
from gotero.services.set_autosync import Switch
from gotero.services.work_job import LOST_AFTER


def start_fill(filler: Filler, switch: Switch, *, user_id: str) -> Job:
    """The job that fills the new generation, or only takes the retired ones away; the one at work, if there is one."""
    params = {"rule": switch.rule, "retired": list(switch.retired)}
    id = derived_id(FILL, switch.rule or "", *([] if switch.rule else sorted(switch.retired)))
    first = filler.jobs.get(id)
    if first and first.state not in DONE:
        go_on(filler, id)
        return first
    given = None if first else id
    return _start(filler, FILL, switch.definition.id, switch.definition.data["name"], params, user_id, given)


def resync_if_woken(filler: Filler, before: Definition, after: Definition, *, user_id: str) -> None:
    """A segment that becomes active again has slept through changes: each of its rules looks at everybody anew."""
    if (before.data["status"] == ACTIVE) == (after.data["status"] == ACTIVE) or after.data["status"] != ACTIVE:
        return
    for rule in after.data.get("autosync") or ():
        params = {"rule": rule["id"], "retired": [], "again": True, "filling": rule["state"] == "filling"}
        _start(filler, FILL, after.id, after.data["name"], params, user_id)


def start_load(filler: Filler, segment: Definition, chosen: Chosen, *, user_id: str, sight: Sight | None = None) -> Job:
    """The job that adds, once, everybody who meets a filter now and is seen. ConflictError for an inactive segment."""
    if segment.data["status"] != ACTIVE:
        raise ConflictError("inactive", "segment_inactive", "status")
    if chosen.module not in MODULES:
        raise InvalidError(FieldError("module", "choice", (("choices", ", ".join(MODULES)),)))
    source = chosen.filter_id or derived_id("load", chosen.module, str(chosen.condition))
    condition = narrowed(chosen.condition, chosen.module, sight or Sight())
    params = {"module": chosen.module, "condition": condition, "source": source}
    return _start(filler, LOAD, segment.id, segment.data["name"], params, user_id)


def _start(
    filler: Filler, kind: str, segment: str, name: str, params: Json, user_id: str, id: str | None = None
) -> Job:
    now = filler.evaluator.clock.now()
    at = instant.write(now)
    job = Job(
        id=id or filler.writer.ids.new(),
        kind=kind,
        state="running",
        params={"name": name, "segment": segment, **params},
        created_at=at,
        created_by=user_id,
        started_at=at,
    )
    # Before the job: whatever is lost after its first write, the due index finds it.
    filler.evaluator.due_index.put(now + LOST_AFTER, thing_of(job.id), {"look": True})
    # A conflict: two have asked at once, and one job does what both want.
    with suppress(ConflictError):
        filler.jobs.create(job)
    go_on(filler, job.id)
    return job


def take_up_fill(due_index: DueIndex, clock: Clock, job_id: str) -> None:
    """Go on where it had ended, within a minute; nobody looks after it any more."""
    now = clock.now()
    due_index.put(now + LOST_AFTER, thing_of(job_id), {"look": True})
    due_index.put(now, thing_of(job_id), {})
