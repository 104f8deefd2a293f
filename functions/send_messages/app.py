"""Send queue: single messages, and chunks of jobs."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.entry import batch, wiring_sending
from gotero.services.send_chunk import send_chunk
from gotero.services.send_message import send_message


def handler(event: batch.Json, context: LambdaContext) -> object:
    def remaining() -> float:
        return context.get_remaining_time_in_millis() / 1000

    def one(record: batch.QueueRecord) -> None:
        if "chunk" in record.body:
            send_chunk(wiring_sending.send_line(), record.body["job"], record.body["chunk"], remaining)
        for message_id in record.body.get("messages", ()):
            send_message(wiring_sending.send_line(), message_id, remaining)

    return batch.queue_handler(one)(event, context)
