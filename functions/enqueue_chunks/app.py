"""State EnqueueChunks of send_campaign: frozen chunks go to the send queue."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.entry import wiring, wiring_sending
from gotero.entry.invocation import job_of
from gotero.services.enqueue_chunks import enqueue_chunks


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    following = enqueue_chunks(wiring_sending.jobs(), wiring.send_queue(), wiring.clock, job_of(event), event["start"])
    return {"start": following or 0, "done": following is None}
