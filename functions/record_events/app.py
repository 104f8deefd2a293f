"""Events queue: what SES says about a mail, and what our own public endpoints saw."""

from gotero.adapters.providers.ses.events import is_ses_event, message_event, unwrap
from gotero.domain import instant
from gotero.entry import batch, wiring, wiring_sending
from gotero.entry.observability import logger
from gotero.services.record_event import public_event, record_event


def one(record: batch.QueueRecord) -> None:
    body = unwrap(record.body)
    now = instant.write(wiring.clock.now())
    event = message_event(body, now) if is_ses_event(body) else public_event(body, wiring_sending.mail_clients(), now)
    if event is None or not record_event(wiring_sending.event_intake(), event):
        # A mail that another system sends through this account, SNS's own confirmation, or a forgotten message.
        logger.info("event passed by", type=str(body.get("eventType") or body.get("type"))[:40])


handler = batch.queue_handler(one)
