"""What stands in a message of the events queue, whoever put it there, as what became of a mail."""

from typing import Any

from gotero.adapters.providers.ses import events as ses
from gotero.adapters.providers.ses import inbound
from gotero.domain import instant
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.entry import wiring, wiring_sending
from gotero.services.record_event import public_event
from gotero.services.unsubscribe import unsubscribe_message

Json = dict[str, Any]

#: Of SES's events those that somebody may ask about. A million deliveries need no million reports of them.
_TO_KEEP = frozenset({EventKind.BOUNCED, EventKind.SPAM, EventKind.DROPPED, EventKind.DELAYED})


def is_of_a_provider(body: Json) -> bool:
    """Whether functions/hooks has put it there: events in the provider's own words."""
    return body.get("type") == "provider"


def message_event(body: Json) -> MessageEvent | None:
    """What SES or our own public endpoints tell; None for what is about no mail of ours."""
    now = instant.write(wiring.clock.now())
    inner = ses.unwrap(body)
    if inbound.is_inbound(inner):
        return unsubscribed_by_mail(inner, now)
    if ses.is_ses_event(inner):
        return ses.message_event(inner, now)
    return public_event(inner, wiring_sending.mail_clients(), now)


def unsubscribed_by_mail(body: Json, now: str) -> MessageEvent | None:
    """What a mail to the address of List-Unsubscribe does: the same as the link, and with it once."""
    for text in inbound.tokens(body):
        if message_id := unsubscribe_message(text, signer=wiring.signer()):
            return MessageEvent(f"unsubscribed-{message_id}", EventKind.UNSUBSCRIBED, message_id, now)
    return None


def to_keep(body: Json, event: MessageEvent) -> Json | None:
    """SES's own words, where they are worth keeping."""
    inner = ses.unwrap(body)
    return inner if ses.is_ses_event(inner) and not inbound.is_inbound(inner) and event.kind in _TO_KEEP else None
