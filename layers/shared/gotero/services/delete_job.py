"""*Eliminar*: a send that has not begun goes as if nobody had asked for it. Only the campaign's timeline says so."""

from gotero.domain import instant
from gotero.domain.errors import ConflictError, NotFoundError
from gotero.domain.job import Job
from gotero.domain.record import Cause, Ref
from gotero.ports import Clock, Jobs, TimelineEntry


def delete_job(jobs: Jobs, clock: Clock, job_id: str, user_id: str) -> Job:
    """The job that is no more. NotFoundError; ConflictError once it has begun: then it can be cancelled."""
    job = jobs.get(job_id)
    if job is None:
        raise NotFoundError(f"job {job_id}")
    if not job.deletable:
        raise ConflictError(f"a job that is {job.state} cannot be deleted", "job_begun", "state")
    campaign = Ref("campaigns", job.params["campaign"])
    at = instant.write(clock.now())
    data = {"name": job.params["template"], "job": job.id}
    jobs.delete(job, TimelineEntry(campaign, at, "send_deleted", Cause("user", user_id), job.id, data))
    return job
