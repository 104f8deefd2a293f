"""Each minute: what falls due in the next minute and a half goes from the due index to its queue."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.entry import wiring
from gotero.entry.observability import logger
from gotero.services.mirror_suppressions import SYNC
from gotero.services.tick import tick

#: What is left to hand over when less time than this is left waits for the next minute.
MARGIN_MS = 10_000


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    handed = tick(
        wiring.due_index(),
        wiring.due_queue(),
        wiring.clock,
        hourly=(SYNC,),
        enough=lambda: context.get_remaining_time_in_millis() < MARGIN_MS,
    )
    if handed:
        logger.info("handed over", count=handed)
    return {"handed": handed}
