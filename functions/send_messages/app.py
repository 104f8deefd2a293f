"""Send queue: single messages, and chunks of jobs."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.domain.errors import PermanentError
from gotero.entry import batch, wiring_sending
from gotero.services.send_chunk import send_chunk
from gotero.services.send_message import send_message


def handler(event: batch.Json, context: LambdaContext) -> object:
    def remaining() -> float:
        return context.get_remaining_time_in_millis() / 1000

    def one(record: batch.QueueRecord) -> None:
        if "chunk" in record.body:
            send_chunk(line, record.body["job"], record.body["chunk"], remaining)
        elif "messages" in record.body:
            for message_id in record.body["messages"]:
                send_message(line, message_id, remaining)
        else:
            raise PermanentError("neither a chunk nor messages")

    # Before the threads: clients are made by one of them at a time.
    line = wiring_sending.send_line()
    # While the mails of one are in the air the next is made ready; more than two would only wait for the processor.
    return batch.overlapping_queue_handler(one, lanes=2)(event, context)
