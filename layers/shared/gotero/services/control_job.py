"""Start, pause, resume and cancel a job. What is in the air arrives; nothing new leaves once the control is written."""

from gotero.domain import instant
from gotero.domain.errors import ConflictError, NotFoundError
from gotero.domain.job import AT_WORK, CAMPAIGN_SEND, Control, Job
from gotero.ports import Clock, Jobs, StateMachine
from gotero.services.check_job import start_execution


def control_job(jobs: Jobs, machine: StateMachine, clock: Clock, job_id: str, control: Control) -> Job:
    """The job under its new control. NotFoundError; ConflictError where the control does not apply."""
    job = jobs.get(job_id)
    if job is None:
        raise NotFoundError(f"job {job_id}")
    if job.kind != CAMPAIGN_SEND:
        raise ConflictError("what fills a segment ends by itself; turn its AutoSync off instead")
    after = job.controlled(control, instant.write(clock.now()))
    jobs.control(after)
    if after.state in AT_WORK:
        start_execution(jobs, machine, after)
    return after
