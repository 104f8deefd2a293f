"""Job queue: the next steps of a job that goes in steps. One that fails at its last try is shown as failed."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.domain.errors import TransientError
from gotero.entry import batch, wiring_jobs
from gotero.services.work_job import fail_job, work_job

#: As often as the queue gives a message, before it is a dead letter (template.yaml, JobQueue).
TRIES = 5


def handler(event: batch.Json, context: LambdaContext) -> object:
    def remaining() -> float:
        return context.get_remaining_time_in_millis() / 1000

    def one(record: batch.QueueRecord) -> None:
        job_id = record.body["job"]
        try:
            work_job(wiring_jobs.job_line(), wiring_jobs.job_kinds(), job_id, remaining)
        except Exception as error:
            if record.receives >= TRIES and not isinstance(error, TransientError):
                fail_job(wiring_jobs.job_line(), job_id, type(error).__name__)
            raise

    return batch.queue_handler(one)(event, context)
