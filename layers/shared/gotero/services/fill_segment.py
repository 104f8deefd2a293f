"""Jobs on the members of a segment: fill a generation of AutoSync and swap it in, take one away, load a filter once.

A job goes step by step through the queue of what is due; every step is idempotent, so that one that comes twice, or
begins again, ends the same. The lake says whom to look at and may trail behind: the truth about each record is read
when it is evaluated, and a last round some minutes later finds whom the lake did not know yet.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Literal

from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.autosync import Rule, completed, forgotten
from gotero.domain.errors import ConflictError, FieldError, InvalidError
from gotero.domain.ids import derived_id
from gotero.domain.job import DONE, Job
from gotero.domain.membership import Source
from gotero.domain.modules import module
from gotero.domain.narrowing import narrowed
from gotero.domain.record import Cause, Ref
from gotero.domain.segment import ACTIVE, MODULES
from gotero.domain.visibility import Sight
from gotero.ports import Definition, Due, Jobs, Json, Lake, Queue
from gotero.services.autosync_rules import SEGMENTS
from gotero.services.evaluate_record import Evaluator, evaluate_record, matches
from gotero.services.find_filter import Chosen
from gotero.services.set_autosync import Switch, rewrite
from gotero.services.write_definition import DefinitionWriter

FILL, LOAD = "segment_fill", "segment_load"
#: Records of one step: a few seconds of work.
STEP = 100
#: The lake trails by seconds; whom it did not know yet, it knows by then.
LAST_ROUND = timedelta(minutes=2)
#: A job without a step for so long has lost its message.
LOST_AFTER = timedelta(minutes=5)

Stage = Literal["fill", "load", "settle", "take"]
CAUSE = Cause("system", "autosync")


@dataclass(frozen=True, slots=True)
class Step:
    """Where a job stands, as it travels on the queue."""

    stage: Stage
    #: Behind whom the lake goes on; None at the beginning of a stage.
    after: list[str] | None = None
    done: int = 0
    #: The last round, after the job has been told to be finished.
    last: bool = False
    #: Whether somebody had still something to be taken away.
    found: bool = False


@dataclass(frozen=True, slots=True)
class Filler:
    """What filling needs."""

    evaluator: Evaluator
    writer: DefinitionWriter
    lake: Lake
    jobs: Jobs
    queue: Queue


def start_fill(filler: Filler, switch: Switch, *, user_id: str) -> Job:
    """The job that fills the new generation, or only takes the retired ones away."""
    params = {"rule": switch.rule, "retired": list(switch.retired)}
    return _start(filler, FILL, switch.definition.id, switch.definition.data["name"], params, user_id)


def resync_if_woken(filler: Filler, before: Definition, after: Definition, *, user_id: str) -> None:
    """A segment that becomes active again has slept through changes: each of its rules looks at everybody anew."""
    if (before.data["status"] == ACTIVE) == (after.data["status"] == ACTIVE) or after.data["status"] != ACTIVE:
        return
    for rule in after.data.get("autosync") or ():
        params = {"rule": rule["id"], "retired": [], "again": rule["state"] == "active"}
        _start(filler, FILL, after.id, after.data["name"], params, user_id)


def start_load(filler: Filler, segment: Definition, chosen: Chosen, *, user_id: str, sight: Sight | None = None) -> Job:
    """The job that adds, once, everybody who meets a filter now and is seen. ConflictError for an inactive segment."""
    if segment.data["status"] != ACTIVE:
        raise ConflictError("inactive")
    if chosen.module not in MODULES:
        raise InvalidError(FieldError("module", "choice", (("choices", ", ".join(MODULES)),)))
    source = chosen.filter_id or derived_id("load", chosen.module, str(chosen.condition))
    condition = narrowed(chosen.condition, chosen.module, sight or Sight())
    params = {"module": chosen.module, "condition": condition, "source": source}
    return _start(filler, LOAD, segment.id, segment.data["name"], params, user_id)


def _start(filler: Filler, kind: str, segment: str, name: str, params: Json, user_id: str) -> Job:
    now = filler.evaluator.clock.now()
    at = instant.write(now)
    job = Job(
        id=filler.writer.ids.new(),
        kind=kind,
        state="running",
        params={"name": name, "segment": segment, **params},
        created_at=at,
        created_by=user_id,
        started_at=at,
    )
    # Before the job: whatever is lost after its first write, the due index finds it.
    filler.evaluator.due_index.put(now + LOST_AFTER, _thing(job.id), {"look": True})
    filler.jobs.create(job)
    _go_on(filler, job.id, Step(_first(job)))
    return job


def run_step(filler: Filler, job_id: str, payload: Json) -> None:
    """One step of a job, and the message for the next one."""
    job = filler.jobs.get(job_id)
    if job is None:
        return
    if payload.get("look"):
        _look_after(filler, job)
        return
    step = Step(**payload)
    if job.state in DONE and not step.last:
        return
    refs, after = _whom(filler, job, step.stage, step.after)
    _do(filler, job, step.stage, refs)
    passed = replace(
        step, after=after, done=step.done + len(refs), found=step.found or bool(refs and step.stage == "take")
    )
    if not step.last:
        _note(filler, job, step, passed.done)
    following = passed if after is not None else _after_stage(filler, job, passed)
    if following:
        _go_on(filler, job.id, following)
    elif step.last:
        _end_last_round(filler, job, passed.found)
    else:
        _end(filler, job)


# ------------------------------------------------------------------------------------------------------------ stages


def _first(job: Job) -> Stage:
    if job.kind == LOAD:
        return "load"
    if job.params["rule"] is None:
        return "take"
    return "settle" if job.params.get("again") else "fill"


def _after_stage(filler: Filler, job: Job, step: Step) -> Step | None:
    """What comes after a stage is through."""
    if step.stage == "fill":
        rewrite(filler.writer, job.params["segment"], lambda data: completed(data, job.params["rule"]), CAUSE)
        return replace(step, stage="settle", after=None)
    return replace(step, stage="take", after=None) if step.stage == "settle" else None


def _whom(filler: Filler, job: Job, stage: Stage, after: list[str] | None) -> tuple[list[Ref], list[str] | None]:
    """The next records to look at, as the lake knows them, and where to go on."""
    if stage == "take":
        return _given(filler, job, after)
    asked = _asked(filler, job)
    if asked is None:
        return [], None
    name, condition = asked
    page = filler.lake.page(name, condition=condition, sort=[("created_at", False)], limit=STEP, after=after)
    return [Ref(name, item["id"]) for item in page.items], page.after


def _asked(filler: Filler, job: Job) -> tuple[str, Json | None] | None:
    """Module and condition of whom to look at; None when the rule is no more."""
    if job.kind == LOAD:
        return job.params["module"], job.params["condition"]
    rule = _rule(filler, job)
    if rule is None:
        return None
    # The time alone may bring in whoever is not in today: their instants are found by looking at everybody.
    return rule.module, None if rule.condition.by_time else rule.condition.to_json()


def _given(filler: Filler, job: Job, after: list[str] | None) -> tuple[list[Ref], list[str] | None]:
    """Who still has a source that is to go; of a segment that was inactive, who has any of its rule."""
    sources = _taken(filler, job)
    at, start = (sources.index(after[0]), after[1]) if after and after[0] in sources else (0, None)
    for source in sources[at:]:
        refs, following = filler.lake.given(job.params["segment"], source, STEP, start)
        if refs:
            return refs, [source, following or "~"]
        start = None
    return [], None


def _taken(filler: Filler, job: Job) -> list[str]:
    if job.kind == LOAD:
        return []
    retired = set(_retired(filler, job))
    return sorted(retired | ({job.params["rule"]} if job.params.get("again") else set()))


def _retired(filler: Filler, job: Job) -> Sequence[str]:
    definition = filler.writer.definitions.get(SEGMENTS, job.params["segment"])
    return (definition.data.get("retired") or ()) if definition else ()


def _rule(filler: Filler, job: Job) -> Rule | None:
    return filler.evaluator.rules.now().index.rules.get(job.params["rule"])


def _do(filler: Filler, job: Job, stage: Stage, refs: Sequence[Ref]) -> None:
    if stage == "load":
        _add(filler, job, refs)
        return
    rule = _rule(filler, job)
    rules = [rule] if rule else []
    for ref in refs:
        evaluate_record(filler.evaluator, ref, rules, cause=CAUSE, heard=False, also=[job.params["segment"]])


def _add(filler: Filler, job: Job, refs: Sequence[Ref]) -> None:
    """Those who meet the condition as they stand now; who was taken out by name stays out."""
    cause = Cause("user", job.created_by, part=job.id)
    source = Source("filter", job.params["source"], instant.write(filler.evaluator.clock.now()), cause)
    condition = conditions.parse(job.params["condition"], module(job.params["module"]), context="filter")
    for ref in refs:
        if matches(filler.evaluator, ref, condition):
            filler.evaluator.memberships.add(job.params["segment"], ref, source)


# --------------------------------------------------------------------------------------------------- going on, ending


def _thing(job_id: str) -> str:
    return f"fill#{job_id}"


def _go_on(filler: Filler, job_id: str, step: Step) -> None:
    filler.queue.put([Due(filler.evaluator.clock.now(), _thing(job_id), asdict(step)).to_json()])


def _note(filler: Filler, job: Job, step: Step, done: int) -> None:
    """Progress, which is that of the first stage: what follows it only tells what is true already."""
    at = instant.write(filler.evaluator.clock.now())
    if step.stage != _first(job):
        filler.jobs.note(job.id, seen_at=at)
    elif step.after is None:
        asked = None if step.stage == "take" else _asked(filler, job)
        total = filler.lake.count(*asked, sample=0).count if asked else 0
        filler.jobs.note(job.id, total=max(total, done), seen=done, seen_at=at, frozen=True)
    else:
        filler.jobs.note(job.id, total=max(job.total, done), seen=done, seen_at=at)


def _end(filler: Filler, job: Job) -> None:
    now = filler.evaluator.clock.now()
    current = filler.jobs.get(job.id)
    if current and current.state not in DONE:
        filler.jobs.note(job.id, seen=current.total)
        # A conflict: the same step has come twice, and the other one was faster.
        with suppress(ConflictError):
            filler.jobs.control(current.moved("finished", instant.write(now)))
    if job.kind == FILL:
        _plan_last_round(filler, job)


def _plan_last_round(filler: Filler, job: Job) -> None:
    at = filler.evaluator.clock.now() + LAST_ROUND
    stage: Stage = "settle" if job.params["rule"] else "take"
    filler.evaluator.due_index.put(at, _thing(job.id), asdict(Step(stage, last=True)))


def _end_last_round(filler: Filler, job: Job, found: bool) -> None:
    """What was retired is forgotten once nobody has it any more; until then there is another round."""
    retired = list(_retired(filler, job))
    if retired and found:
        _plan_last_round(filler, job)
    elif retired:
        rewrite(filler.writer, job.params["segment"], lambda data: forgotten(data, retired), CAUSE)


def _look_after(filler: Filler, job: Job) -> None:
    """A job whose message was lost begins again."""
    if job.state in DONE:
        return
    now = filler.evaluator.clock.now()
    if now - instant.read(job.seen_at or job.created_at) >= LOST_AFTER:
        _go_on(filler, job.id, Step(_first(job)))
    filler.evaluator.due_index.put(now + LOST_AFTER, _thing(job.id), {"look": True})
