"""Is a job finished? And is it moving? The execution that asks is a waker only: the tables are the truth."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from gotero.domain import instant
from gotero.domain.errors import ConflictError
from gotero.domain.job import AT_WORK, DONE, Job
from gotero.ports import Clock, DueIndex, Jobs, StateMachine

#: Longer than the visibility timeout of the send queue: a chunk whose worker died has come back by itself before.
STALLED_AFTER = timedelta(minutes=5)
#: How often the due index looks after a job whose execution may be lost.
WAKE_AFTER = timedelta(minutes=10)
_SHORTEST, _LONGEST = 2, 60
#: Step Functions ends an execution at 25,000 events, and a round of waiting and checking is nine of them. A send that
#: is spread over days goes on with another execution before that.
LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class JobCheck:
    """What the execution does next."""

    finished: bool
    stalled: bool = False
    wait_seconds: int = _SHORTEST


def check_job(jobs: Jobs, clock: Clock, job_id: str, execution: str = "") -> JobCheck:
    """Finish the job when everybody has an outcome; say whether it needs help, and when to ask again.

    `execution` is who asks: one that has lived long leaves the job to its due item, which wakes it at its next look.
    """
    job = jobs.get(job_id)
    if job is None or job.state not in AT_WORK:
        return JobCheck(finished=True)
    now = clock.now()
    if job.complete:
        _finish(jobs, job, now)
        return JobCheck(finished=True)
    if job.is_parked(instant.write(now)):
        return JobCheck(finished=True)  # its due item wakes it
    if _is_old(execution, now):
        jobs.note(job.id, seen_at="")
        return JobCheck(finished=True)
    if job.seen_at and job.seen == job.processed:
        idle = now - instant.read(job.seen_at)
        stalled = idle > STALLED_AFTER
        if stalled:
            jobs.note(job.id, seen_at=instant.write(now))
        return JobCheck(finished=False, stalled=stalled, wait_seconds=_wait(job, idle))
    jobs.note(job.id, seen=job.processed, seen_at=instant.write(now), rate=_rate(job, now))
    return JobCheck(finished=False, wait_seconds=_wait(job))


def wake_job(jobs: Jobs, machine: StateMachine, due: DueIndex, clock: Clock, job_id: str) -> None:
    """A job's due item has fired: start it if its time has come, start it again if nothing looks after it."""
    job = jobs.get(job_id)
    if job is None or job.state in DONE:
        return
    now = clock.now()
    later = _not_before(job, now)
    # Before anything that can fail: whoever dies on the way, as often as it is tried, has left a next time.
    due.put(later or _next_look(now), due_thing(job.id), {})
    if later:
        return
    woken: Job | None = job
    if job.parked_until and job.state == "running":
        jobs.note(job.id, stopped="", parked_until="", seen_at="")
        woken = replace(job, stopped="", parked_until="", seen_at="")
    elif job.state == "scheduled":
        woken = _begun(jobs, job, now)
    # Twice the time after which a check says that it is stalled: an execution that is alive has noted something since.
    unseen = woken and (not woken.seen_at or now - instant.read(woken.seen_at) > 2 * STALLED_AFTER)
    if woken and woken.state in AT_WORK and unseen:
        start_execution(machine, clock, woken)


def _not_before(job: Job, now: datetime) -> datetime | None:
    """The instant of its own that the job waits for."""
    if job.is_parked(instant.write(now)):
        return instant.read(job.parked_until)
    starts = instant.read(job.start_at) if job.state == "scheduled" else now
    return starts if starts > now else None


def _next_look(now: datetime) -> datetime:
    """WAKE_AFTER from now, on a grid: the due items of a job that was woken several times are one again."""
    return instant.on_grid(now + WAKE_AFTER, STALLED_AFTER)


def _begun(jobs: Jobs, job: Job, now: datetime) -> Job | None:
    """The job at work; or as it is stored where somebody else controlled or deleted it meanwhile."""
    try:
        after = job.controlled("start", instant.write(now))
        jobs.control(after)
    except ConflictError:
        return jobs.get(job.id)
    return after


def start_execution(machine: StateMachine, clock: Clock, job: Job) -> None:
    """Wake the job with an execution of its own name; several at once are as good as one.

    The name is that of this instant, not a count: Step Functions keeps names for 90 days, and a count that somebody
    who was killed did not note would ask for a name that is taken, at every wake to come.
    """
    name = f"{job.id}-{job.version}-{int(clock.now().timestamp() * 1000)}"
    machine.start(name, {"job_id": job.id, "execution": name})


def _is_old(execution: str, now: datetime) -> bool:
    """By its name (start_execution); one that does not say is young."""
    began = execution.rpartition("-")[2]
    return began.isdigit() and now - datetime.fromtimestamp(int(began) / 1000, UTC) > LIFETIME


def due_thing(job_id: str) -> str:
    return f"job#{job_id}"


def _finish(jobs: Jobs, job: Job, now: datetime) -> None:
    # A conflict: another check has finished it, or somebody has just controlled it. The next check sees which.
    with suppress(ConflictError):
        jobs.control(job.moved("cancelled" if job.state == "cancelling" else "finished", instant.write(now)))


def _rate(job: Job, now: datetime) -> float:
    """Recipients a second, half of it from before: one slow moment is no forecast."""
    elapsed = (now - instant.read(job.seen_at)).total_seconds() if job.seen_at else 0.0
    if elapsed <= 0:
        return job.rate
    latest = (job.processed - job.seen) / elapsed
    return round((job.rate + latest) / 2 if job.rate else latest, 3)


def _wait(job: Job, idle: timedelta = timedelta(0)) -> int:
    """Small jobs are asked often, so that they end soon; a job of a million, or one that waits, once a minute."""
    quiet = idle.total_seconds() / (1 if job.params.get("local_start") or job.params.get("window_minutes") else 4)
    return max(_SHORTEST, min(_LONGEST, max(job.pending // 500, int(quiet))))
