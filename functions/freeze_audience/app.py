"""State FreezeAudience of send_campaign: some more of the audience becomes message records."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.entry import wiring_sending
from gotero.entry.invocation import job_of
from gotero.services.freeze_audience import freeze_audience, lake_is_behind


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    def remaining() -> float:
        return context.get_remaining_time_in_millis() / 1000

    freezer, job_id = wiring_sending.audience_freezer(), job_of(event)
    if lake_is_behind(freezer, job_id):
        return {"done": False, "behind": True}
    return {"done": freeze_audience(freezer, job_id, remaining), "behind": False}
