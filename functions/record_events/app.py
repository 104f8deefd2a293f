"""Events queue: what SES and other providers say about a mail, and what our own public endpoints saw."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.entry import batch, mail_events, wiring, wiring_hooks, wiring_mail, wiring_sending
from gotero.entry.observability import log_failure, logger
from gotero.services import resubscribe
from gotero.services.keep_raw_event import keep_raw_event
from gotero.services.record_event import record_event
from gotero.services.record_provider_events import record_provider_events


def one(record: batch.QueueRecord) -> None:
    body = record.body
    if mail_events.is_of_a_provider(body):
        results = record_provider_events(wiring_hooks.provider_intake(), body)
        logger.info("provider's events", provider=body["provider"], results=dict(results))
        return
    if resubscribe.is_ours(body):
        resubscribe.take_in(wiring_mail.returning(), body)
        return
    event = mail_events.message_event(body)
    if event is None or record_event(wiring_sending.event_intake(), event) is None:
        # A mail that another system sends through this account, SNS's own confirmation, or a forgotten message.
        logger.info("event passed by", type=str(body.get("eventType") or body.get("type") or body.get("Type"))[:40])
        return
    if raw := mail_events.to_keep(body, event):
        keep_raw_event(wiring.timeline(), "ses", event, raw)


_one_by_one = batch.queue_handler(one)


def handler(event: batch.Json, context: LambdaContext) -> batch.Json:
    answer: batch.Json = _one_by_one(event, context)
    try:
        wiring_sending.tally()
    except Exception as error:
        # The events are on their messages: they must not come again for the sake of a rate.
        log_failure("events not counted", error)
    return answer
