"""Jobs on the members of a segment: fill a generation of AutoSync and swap it in, take one away, load a filter once.

A job goes step by step through the queue of what is due; where the next one begins stands in its item, and every step
is idempotent, so that one that comes twice, or begins again, ends the same. A step that ends its worker every time ends
its job, as in work_job.py. The lake says whom to look at and may trail behind: the truth about each record is read when
it is evaluated, and a last round some minutes later finds whom the lake did not know yet.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.autosync import Rule, completed, forgotten
from gotero.domain.errors import ConflictError
from gotero.domain.job import DONE, STEP_KILLED, Job, JobState
from gotero.domain.membership import Source
from gotero.domain.modules import module
from gotero.domain.record import Cause, Ref
from gotero.ports import Due, Jobs, Json, Lake, Queue
from gotero.services.autosync_rules import SEGMENTS
from gotero.services.evaluate_record import Evaluator, evaluate_record, matches
from gotero.services.set_autosync import rewrite
from gotero.services.work_job import LOST_AFTER, TRIES
from gotero.services.write_definition import DefinitionWriter

FILL, LOAD = "segment_fill", "segment_load"
#: Records of one step: a few seconds of work.
STEP = 100
#: The lake trails by seconds; whom it did not know yet, it knows by then.
LAST_ROUND = timedelta(minutes=2)

Stage = Literal["fill", "load", "settle", "take"]
CAUSE = Cause("system", "autosync")


@dataclass(frozen=True, slots=True)
class Step:
    """Where a job stands. That of the last round travels on the queue: the job has been told to be finished."""

    stage: Stage
    #: Behind whom the lake goes on; None at the beginning of a stage.
    after: list[str] | None = None
    done: int = 0
    last: bool = False
    #: Whether somebody had still something to be taken away.
    found: bool = False
    #: What the last round is to forget: retired before it was planned, so that the lake knows by then who has it.
    retired: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Filler:
    """What filling needs."""

    evaluator: Evaluator
    writer: DefinitionWriter
    lake: Lake
    jobs: Jobs
    queue: Queue


def run_step(filler: Filler, job_id: str, payload: Json) -> None:
    """One step of a job, and the message for the next one."""
    job = filler.jobs.get(job_id)
    if job is None:
        return
    if payload.get("look"):
        _look_after(filler, job)
        return
    if payload.get("last"):
        _run_last_round(filler, job, Step(**payload))
        return
    if job.state in DONE:
        return
    if job.tries >= TRIES:
        _end(filler, job, "failed", STEP_KILLED)
        return
    if job.turn and job.position is None:
        _end(filler, job, "finished")
        return
    step = Step(**job.position) if job.position else Step(first_stage(job))
    rule = _rule(filler, job)
    if rule is None and not _goes_without(filler, job, step.stage):
        _end(filler, job, "cancelled")
        return
    filler.jobs.note(job.id, tried_turn=job.turn, tried=job.tries + 1)
    try:
        passed = _passed(filler, job, step, rule)
        following = passed if passed.after is not None else _after_stage(filler, job, passed)
    except Exception:
        # It can tell: only who is killed is not heard of (work_job.py).
        filler.jobs.note(job.id, tried=0)
        raise
    after = _advanced(filler, job, step, rule, passed.done, following)
    try:
        filler.jobs.advance(after)
    except ConflictError:
        return  # the same step has come twice, and the other one was faster
    if following:
        go_on(filler, job.id)
    else:
        _end(filler, after, "finished")


def _passed(filler: Filler, job: Job, step: Step, rule: Rule | None) -> Step:
    """The step is done; how far it has come."""
    refs, after = _whom(filler, job, step, rule)
    _do(filler, job, step.stage, refs, rule)
    found = step.found or bool(refs and step.stage == "take")
    return replace(step, after=after, done=step.done + len(refs), found=found)


# ------------------------------------------------------------------------------------------------------------ stages


def first_stage(job: Job) -> Stage:
    if job.kind == LOAD:
        return "load"
    if job.params["rule"] is None:
        return "take"
    return "settle" if job.params.get("again") and not job.params.get("filling") else "fill"


def _goes_without(filler: Filler, job: Job, stage: Stage) -> bool:
    """Whether a step makes sense while the job's rule is none of those that count or are being filled.

    It may have been turned off or replaced, and whoever did that has a job of his own; its segment may be inactive,
    and a new job begins when it wakes. A generation that nobody looked after meanwhile never takes another's place.
    """
    if stage == "load":
        return filler.writer.definitions.get(SEGMENTS, job.params["segment"]) is not None
    return stage == "take"


def _after_stage(filler: Filler, job: Job, step: Step) -> Step | None:
    """What comes after a stage is through."""
    if step.stage == "fill":
        rewrite(filler.writer, job.params["segment"], lambda data: completed(data, job.params["rule"]), CAUSE)
        return replace(step, stage="settle", after=None)
    return replace(step, stage="take", after=None) if step.stage == "settle" else None


def _whom(filler: Filler, job: Job, step: Step, rule: Rule | None) -> tuple[list[Ref], list[str] | None]:
    """The next records to look at, as the lake knows them, and where to go on."""
    if step.stage == "take":
        return _given(filler, job, step)
    asked = _asked(job, rule)
    if asked is None:
        return [], None
    name, condition = asked
    page = filler.lake.page(name, condition=condition, sort=[("created_at", False)], limit=STEP, after=step.after)
    return [Ref(name, item["id"]) for item in page.items], page.after


def _asked(job: Job, rule: Rule | None) -> tuple[str, Json | None] | None:
    """Module and condition of whom to look at; None when the rule is no more."""
    if job.kind == LOAD:
        return job.params["module"], job.params["condition"]
    if rule is None:
        return None
    # The time alone may bring in whoever is not in today: their instants are found by looking at everybody.
    return rule.module, None if rule.condition.by_time else rule.condition.to_json()


def _given(filler: Filler, job: Job, step: Step) -> tuple[list[Ref], list[str] | None]:
    """Who still has a source that is to go; of a segment that was inactive, who has any of its rule."""
    sources, after = _taken(filler, job, step), step.after
    at, start = (sources.index(after[0]), after[1]) if after and after[0] in sources else (0, None)
    for source in sources[at:]:
        refs, following = filler.lake.given(job.params["segment"], source, STEP, start)
        if refs:
            return refs, [source, following or "~"]
        start = None
    return [], None


def _taken(filler: Filler, job: Job, step: Step) -> list[str]:
    if job.kind == LOAD:
        return []
    # Those of the rule itself keep what is right: a round that waits for nobody to be left does not look at them.
    own = {job.params["rule"]} if job.params.get("again") and not step.last else set()
    return sorted(own.union(_retired(filler, job)))


def _retired(filler: Filler, job: Job) -> Sequence[str]:
    definition = filler.writer.definitions.get(SEGMENTS, job.params["segment"])
    return (definition.data.get("retired") or ()) if definition else ()


def _rule(filler: Filler, job: Job) -> Rule | None:
    return filler.evaluator.rules.now().index.rules.get(job.params.get("rule") or "")


def _do(filler: Filler, job: Job, stage: Stage, refs: Sequence[Ref], rule: Rule | None) -> None:
    if stage == "load":
        _add(filler, job, refs)
        return
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


def thing_of(job_id: str) -> str:
    return f"fill#{job_id}"


def go_on(filler: Filler, job_id: str, last: Step | None = None) -> None:
    payload = asdict(last) if last else {}
    filler.queue.put([Due(filler.evaluator.clock.now(), thing_of(job_id), payload).to_json()])


def _advanced(filler: Filler, job: Job, step: Step, rule: Rule | None, done: int, following: Step | None) -> Job:
    """Progress, which is that of the first stage: what follows it only tells what is true already."""
    seen, total = job.seen, job.total
    if step.stage == first_stage(job):
        asked = _asked(job, rule) if step.after is None and step.stage != "take" else None
        seen, total = done, max(filler.lake.count(*asked, sample=0).count if asked else total, done)
    at = instant.write(filler.evaluator.clock.now())
    position = asdict(following) if following else None
    return replace(job, position=position, seen=seen, seen_at=at, total=total, turn=job.turn + 1)


def _end(filler: Filler, job: Job, state: JobState, stopped: str = "") -> None:
    if state == "finished":
        filler.jobs.note(job.id, seen=job.total)
    # A conflict: the same step has come twice, and the other one was faster.
    with suppress(ConflictError):
        now = filler.evaluator.clock.now()
        filler.jobs.control(replace(job.moved(state, instant.write(now)), stopped=stopped))
    if job.kind == FILL and state == "finished":
        _plan_last_round(filler, job)


def _plan_last_round(filler: Filler, job: Job) -> None:
    due = last_round(job, filler.evaluator.clock.now(), _retired(filler, job))
    filler.evaluator.due_index.put(due.at, due.thing, due.payload)


def last_round(job: Job, ended: datetime, retired: Collection[str]) -> Due:
    """The entry that begins it."""
    stage: Stage = "settle" if job.params["rule"] else "take"
    return Due(ended + LAST_ROUND, thing_of(job.id), asdict(Step(stage, last=True, retired=list(retired))))


def _run_last_round(filler: Filler, job: Job, step: Step) -> None:
    """One step of it. What was retired is forgotten once nobody has it any more; until then there is another round."""
    passed = _passed(filler, job, step, _rule(filler, job))
    following = passed if passed.after is not None else _after_stage(filler, job, passed)
    if following:
        go_on(filler, job.id, following)
        return
    if step.retired and passed.found:
        _plan_last_round(filler, job)
    elif set(step.retired).intersection(_retired(filler, job)):
        rewrite(filler.writer, job.params["segment"], lambda data: forgotten(data, step.retired), CAUSE)


def _look_after(filler: Filler, job: Job) -> None:
    """A job whose message was lost goes on."""
    if job.state in DONE:
        return
    now = filler.evaluator.clock.now()
    if now - instant.read(job.seen_at or job.created_at) >= LOST_AFTER:
        go_on(filler, job.id)
    # On a grid, as in work_job.py.
    filler.evaluator.due_index.put(instant.on_grid(now + LOST_AFTER, LOST_AFTER), thing_of(job.id), {"look": True})
