"""State CheckJob of send_campaign: does everybody have an outcome, and does the job move?"""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.entry import wiring, wiring_sending
from gotero.entry.invocation import job_of
from gotero.services.check_job import check_job


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    # An execution that began before this version was deployed does not say which it is.
    return asdict(check_job(wiring_sending.jobs(), wiring.clock, job_of(event), event.get("execution", "")))
