"""Start, pause, resume and cancel a job. What is in the air arrives; nothing new leaves once the control is written."""

from gotero.domain import instant
from gotero.domain.errors import ConflictError, NotFoundError
from gotero.domain.job import AT_WORK, CAMPAIGN_SEND, DONE, Control, Job
from gotero.ports import StateMachine
from gotero.services.brake import BrakeDesk, before_going_on
from gotero.services.check_job import start_execution
from gotero.services.fill_segment import FILL, LOAD
from gotero.services.start_fill import take_up_fill
from gotero.services.work_job import JobLine, go_on, take_up

#: Jobs of AutoSync end by themselves: services/fill_segment.py.
_FILLS = frozenset({FILL, LOAD})


def control_job(
    line: JobLine, machine: StateMachine, job_id: str, control: Control, desk: BrakeDesk | None = None
) -> Job:
    """The job under its new control. NotFoundError; ConflictError where the control does not apply.

    `desk` is asked before a send goes on: the account's brake may be on.
    """
    job = line.jobs.get(job_id)
    if job is None:
        raise NotFoundError(f"job {job_id}")
    if job.kind in _FILLS and control != "resume":
        raise ConflictError("what fills a segment ends by itself", "fill_ends_itself")
    after = job.controlled(control, instant.write(line.clock.now()))
    if desk and control in ("start", "resume"):
        before_going_on(desk, job)
    line.jobs.control(after)
    if after.state in AT_WORK and job.kind == CAMPAIGN_SEND:
        start_execution(machine, line.clock, after)
    elif job.kind in _FILLS:
        take_up_fill(line.due_index, line.clock, after.id)
    elif after.state in AT_WORK:
        (take_up if job.state in DONE else go_on)(line, after.id)
    return after
