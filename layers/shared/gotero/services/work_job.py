"""Jobs that go in steps: import, export, mass edit and whatever else looks at many records in the background.

The job's item is the truth: where the next step begins stands there, and moves with what the step did, once, by its
turn. A message on the queue only says "go on"; one that comes twice, late or never changes nothing: of two workers the
slower one stops, and the due index wakes a job that nobody moves. A step that was cut off runs again from its
beginning, so every kind's step is idempotent. One that ends its worker every time (memory, time) ends its job.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256

from gotero.domain import instant
from gotero.domain.errors import ConflictError
from gotero.domain.ids import derived_id
from gotero.domain.job import AT_WORK, DONE, STEP_KILLED, Job, JobState
from gotero.ports import Clock, DueIndex, Ids, Jobs, Json, Queue

#: A job without a step for so long has lost its message, or its worker.
LOST_AFTER = timedelta(minutes=5)
#: A step ends well within this; a worker with less time left hands over.
STEP_SECONDS = 30.0
#: A step that was begun so often, and of which nothing more was heard, kills its worker.
TRIES = 5
#: The API answers within 29 seconds; a step that begins by then ends before.
CALLER_PATIENCE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step came to. `position` None: nothing is left to do."""

    position: Json | None
    #: Records gone through in this step.
    seen: int
    #: The outcome of the job so far, this step included; the API shows it. `failed` counts what did not succeed.
    outcome: Json = field(default_factory=dict)
    #: All there is to go through, where the step has found out; else what is stored stays.
    total: int | None = None


#: How a kind of job does its next step, from `job.position` (None at the beginning). Idempotent.
JobKind = Callable[[Job], Step]


@dataclass(frozen=True, slots=True)
class JobLine:
    """What starting and waking needs."""

    jobs: Jobs
    queue: Queue
    due_index: DueIndex
    clock: Clock
    ids: Ids


def start_job(
    line: JobLine,
    kind: str,
    params: Json,
    *,
    name: str,
    user_id: str,
    total: int = 0,
    key: str | None = None,
    at_once: bool = False,
) -> Job:
    """The job, running. `key` is what the caller calls this request: asked again, it is the same job.

    `at_once`: the caller works it himself; what he leaves undone is found by the due index.

    ConflictError when the key came with another request.
    """
    now = line.clock.now()
    at = instant.write(now)
    fingerprint = sha256(json.dumps([kind, params], sort_keys=True).encode()).hexdigest()
    job = Job(
        id=derived_id(kind, user_id, key) if key else line.ids.new(),
        kind=kind,
        state="running",
        params={"name": name, **params},
        created_at=at,
        created_by=user_id,
        fingerprint=fingerprint,
        started_at=at,
        total=total,
    )
    # Before the job: whatever is lost after its first write, the due index finds it.
    line.due_index.put(now + LOST_AFTER, due_thing(job.id), {})
    try:
        line.jobs.create(job)
    except ConflictError:
        first = line.jobs.get(job.id)
        if first is None or first.fingerprint != fingerprint:
            raise ConflictError("the key belongs to another request", "key_reused", "Idempotency-Key") from None
        return first
    if not at_once:
        go_on(line, job.id)
    return job


def take_up(line: JobLine, job_id: str) -> None:
    """Go on with one that had ended: the due index has forgotten it."""
    line.due_index.put(line.clock.now() + LOST_AFTER, due_thing(job_id), {})
    go_on(line, job_id)


def go_on(line: JobLine, job_id: str) -> None:
    line.queue.put([{"job": job_id}])


def work_job(line: JobLine, kinds: Mapping[str, JobKind], job_id: str, remaining: Callable[[], float]) -> None:
    """Step after step while there is time (`remaining`: seconds); then a message for the next worker."""
    while (job := line.jobs.get(job_id)) is not None and job.state in AT_WORK:
        if job.state == "cancelling":
            _end(line, job, "cancelled")
            return
        if job.turn and job.position is None:
            _end(line, job, "finished")
            return
        if remaining() < STEP_SECONDS:
            go_on(line, job_id)
            return
        if job.tries >= TRIES:
            _end(line, job, "failed", STEP_KILLED)
            return
        step = _stepped(line, kinds[job.kind], job)
        try:
            line.jobs.advance(_after(job, step, instant.write(line.clock.now())))
        except ConflictError:
            return


def _stepped(line: JobLine, kind: JobKind, job: Job) -> Step:
    """One step. It is noted before: whoever is killed notes nothing after."""
    line.jobs.note(job.id, tried_turn=job.turn, tried=job.tries + 1)
    try:
        return kind(job)
    except Exception:
        # It can tell; the queue counts such tries, and the last of them ends the job.
        line.jobs.note(job.id, tried=0)
        raise


def done_at_once(line: JobLine, kinds: Mapping[str, JobKind], job: Job) -> Job:
    """The job after as many steps as its caller can wait for, as a rule all of them; the rest is a worker's."""
    until = line.clock.now() + CALLER_PATIENCE
    work_job(line, kinds, job.id, lambda: STEP_SECONDS + (until - line.clock.now()).total_seconds())
    return line.jobs.get(job.id) or job


def _after(job: Job, step: Step, at: str) -> Job:
    seen = job.seen + step.seen
    ahead = job.total if step.total is None else step.total
    return replace(
        job,
        position=step.position,
        outcome=step.outcome,
        seen=seen,
        seen_at=at,
        total=seen if step.position is None else max(seen, ahead),
        turn=job.turn + 1,
    )


def fail_job(line: JobLine, job_id: str, reason: str) -> None:
    """A step that fails every time ends its job, visibly."""
    job = line.jobs.get(job_id)
    if job is None or job.state in DONE:
        return
    with suppress(ConflictError):
        at = instant.write(line.clock.now())
        line.jobs.advance(replace(job, outcome={**job.outcome, "error": reason}, seen_at=at, turn=job.turn + 1))
    _end(line, job, "failed")


def wake_steps(line: JobLine, job_id: str) -> None:
    """A job's due item has fired: go on if nobody does."""
    job = line.jobs.get(job_id)
    if job is None or job.state in DONE:
        return
    now = line.clock.now()
    if job.state in AT_WORK and now - instant.read(job.seen_at or job.created_at) >= LOST_AFTER:
        go_on(line, job_id)
    # On a grid: those of a job that has several looks are one again.
    line.due_index.put(instant.on_grid(now + LOST_AFTER, LOST_AFTER), due_thing(job_id), {})


def due_thing(job_id: str) -> str:
    return f"steps#{job_id}"


def _end(line: JobLine, job: Job, state: JobState, stopped: str = "") -> None:
    # A conflict: another worker has ended it, or somebody has just controlled it, whose message goes on with it.
    with suppress(ConflictError):
        line.jobs.control(replace(job.moved(state, instant.write(line.clock.now())), stopped=stopped))
