"""State FreezeAudience of send_campaign: some more of the audience becomes message records."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.entry import wiring, wiring_sending
from gotero.entry.invocation import job_of
from gotero.services.freeze_job import freeze_job


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    def remaining() -> float:
        return context.get_remaining_time_in_millis() / 1000

    # A filter may ask for a field that somebody has added.
    wiring.declare()
    # An execution that began before this version was deployed does not say which it is.
    execution = event.get("execution", "")
    return asdict(freeze_job(wiring_sending.audience_freezer(), job_of(event), execution, remaining))
