"""Events queue: what SES and other providers say about a mail, and what our own public endpoints saw."""

from gotero.entry import batch, mail_events, wiring, wiring_hooks, wiring_mail, wiring_sending
from gotero.entry.observability import logger
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


handler = batch.queue_handler(one)
