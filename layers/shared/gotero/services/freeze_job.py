"""One call of the state FreezeAudience: who takes the audience in, whether it is time, and then some more of it.

One execution at a time takes an audience in. Others would do no harm, since every write of it is guarded by itself;
they would only do all of it again. Whoever comes second leaves at once: its job has somebody.
"""

from dataclasses import dataclass
from datetime import timedelta

from gotero.domain import instant
from gotero.ports import RemainingTime
from gotero.services.freeze_audience import AudienceFreezer, freeze_audience, lake_is_behind

#: An execution that is alive calls again within this; one that is not is followed by the job's next wake.
_PAUSE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class FreezeStep:
    """What the execution does next: `left` ends it, `behind` waits for the lake, else on until it is `done`."""

    done: bool
    behind: bool = False
    left: bool = False


def freeze_job(freezer: AudienceFreezer, job_id: str, execution: str, remaining: RemainingTime) -> FreezeStep:
    """Some more of the audience, by this execution alone."""
    now = freezer.clock.now()
    until = now + timedelta(seconds=remaining()) + _PAUSE
    if not freezer.jobs.lease(job_id, execution, instant.write(now), instant.write(until)):
        return FreezeStep(done=False, left=True)
    if lake_is_behind(freezer, job_id):
        return FreezeStep(done=False, behind=True)
    done = freeze_audience(freezer, job_id, remaining)
    if done:
        # Also of a job that somebody has paused: who resumes it goes on at once.
        freezer.jobs.release(job_id, execution)
    return FreezeStep(done)
