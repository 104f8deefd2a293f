"""The only entrance for SQS and stream batches: partial failures, logging by id, plain values."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from json import JSONDecodeError, loads
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.domain.errors import PermanentError
from gotero.entry import wiring
from gotero.entry.invocation import Source, must_be_batch
from gotero.entry.observability import log_failure

Json = dict[str, Any]
Handler = Callable[[Json, LambdaContext], Any]


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One change of an item. `old` and `new` are plain values; None where the item did not or does not exist."""

    table: str
    event_id: str
    event_name: str
    created_at: datetime
    keys: Json
    old: Json | None
    new: Json | None


@dataclass(frozen=True, slots=True)
class QueueRecord:
    """One message of a queue. `receives` counts the deliveries, this one included."""

    id: str
    body: Json
    receives: int


def plain(value: Any) -> Any:
    """Decimals of DynamoDB as int or float, sets as lists."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, set):
        return sorted(plain(v) for v in value)
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


def _stream_record(raw: DynamoDBRecord) -> StreamRecord:
    image = raw.dynamodb
    if image is None or raw.event_id is None or raw.event_name is None:
        raise PermanentError("a stream record without an image")
    arn = raw.event_source_arn or ""
    return StreamRecord(
        table=arn.split("/")[1] if "/" in arn else "",
        event_id=raw.event_id,
        event_name=raw.event_name.name,
        created_at=datetime.fromtimestamp(float(image.approximate_creation_date_time or 0), UTC),
        keys=plain(image.keys or {}),
        old=plain(image.old_image) if image.old_image else None,
        new=plain(image.new_image) if image.new_image else None,
    )


def stream_records(event: Json) -> list[StreamRecord]:
    """All records of a DynamoDB stream event."""
    return [_stream_record(DynamoDBRecord(raw)) for raw in event["Records"]]


def queue_handler(one: Callable[[QueueRecord], None]) -> Handler:
    """A handler that gives each queue message to `one`. What raises comes again, and ends in the dead letters."""
    return _partial(EventType.SQS, partial(_give, one))


def overlapping_queue_handler(one: Callable[[QueueRecord], None], lanes: int) -> Handler:
    """The same with so many messages at once, in threads: where `one` waits for others most of its time."""

    def handler(event: Json, context: LambdaContext) -> Any:
        _begin(event, "aws:sqs")
        records = {raw["messageId"]: SQSRecord(raw) for raw in event["Records"]}
        with ThreadPoolExecutor(lanes) as pool:
            begun = {id: pool.submit(_give, one, record) for id, record in records.items()}
        return _processed(EventType.SQS, lambda record: begun[record.message_id].result(), event, context)

    return handler


def _give(one: Callable[[QueueRecord], None], record: SQSRecord) -> None:
    try:
        body = loads(record.body)
    except JSONDecodeError as error:
        raise PermanentError("a queue message that is not JSON") from error
    if not isinstance(body, dict):
        raise PermanentError("a queue message that is not a JSON object")
    one(QueueRecord(record.message_id, body, int(record.attributes.approximate_receive_count)))


def stream_handler(one: Callable[[StreamRecord], None]) -> Handler:
    """A handler that gives each changed item to `one`, in order. The lowest that raises is where Lambda resumes."""

    def record_handler(record: DynamoDBRecord) -> None:
        one(_stream_record(record))

    return _partial(EventType.DynamoDBStreams, record_handler)


def stream_batch_handler(all_of_them: Callable[[list[StreamRecord]], None]) -> Handler:
    """A handler that takes a stream batch as a whole: when it raises, all of it comes again (and is bisected)."""

    def handler(event: Json, context: LambdaContext) -> Json:
        _begin(event, "aws:dynamodb")
        all_of_them(stream_records(event))
        return {"batchItemFailures": []}

    return handler


def _partial(kind: EventType, record_handler: Callable[[Any], None]) -> Handler:
    def handler(event: Json, context: LambdaContext) -> Any:
        _begin(event, "aws:sqs" if kind is EventType.SQS else "aws:dynamodb")
        return _processed(kind, record_handler, event, context)

    return handler


def _begin(event: Json, source: Source) -> None:
    """Before anything is read of it: whatever looks at a record looks with the definitions as they are now."""
    must_be_batch(event, source)
    wiring.declare()


def _processed(kind: EventType, record_handler: Callable[[Any], None], event: Json, context: LambdaContext) -> Any:
    def logged(record: Any) -> None:
        try:
            record_handler(record)
        except Exception as error:
            log_failure("record failed", error)
            raise

    # One processor a call: it keeps the state of its batch.
    processor = BatchProcessor(event_type=kind, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=logged, processor=processor, context=context)
