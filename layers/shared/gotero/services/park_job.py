"""The provider takes no more for today: the job waits, says until when, and goes on by itself."""

from collections.abc import Mapping
from datetime import timedelta

from gotero.domain import instant
from gotero.ports import Clock, DueIndex, Jobs
from gotero.services.check_job import due_thing

#: How long a job waits, by what the provider said. The quota counts the last 24 hours: some of it is free again soon.
PARKED: Mapping[str, timedelta] = {"quota": timedelta(hours=1), "paused": timedelta(hours=1)}


def park_job(jobs: Jobs, due: DueIndex, clock: Clock, job_id: str, reason: str) -> None:
    """Nothing of the job is sent before its instant. Many senders hear of the same refusal: the first one counts."""
    job = jobs.get(job_id)
    now = clock.now()
    if job is None or job.state != "running" or job.is_parked(instant.write(now)):
        return
    until = now + PARKED[reason]
    # Before the job: a hint to nothing is harmless, a job that nobody wakes is not.
    due.put(until, due_thing(job_id), {})
    jobs.note(job_id, stopped=reason, parked_until=instant.write(until))
