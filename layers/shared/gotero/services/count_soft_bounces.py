"""Mails to one address keep coming back softly: after so many in a row it is suppressed, and a delivery begins anew."""

from gotero.domain import company
from gotero.domain.deliverability import Deliverability
from gotero.domain.message import Message
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Cause
from gotero.domain.suppression import Suppression, soft_in_a_row
from gotero.ports import Definitions, Messages
from gotero.services.plan_message import suppression_key
from gotero.services.suppress import Protector, release, suppress

#: As many records that share an address are looked at.
_SHARING = 20


def read_policy(definitions: Definitions) -> Deliverability:
    """The thresholds as people set them."""
    stored = definitions.get(company.KIND, Deliverability.ID)
    return Deliverability.from_json(stored.data if stored else {})


def count_soft_bounces(
    protector: Protector, messages: Messages, definitions: Definitions, message: Message, event: MessageEvent
) -> None:
    """After a soft bounce or a delivery has been written on its message.

    What counts is read from the messages of everybody who has the address: an event that comes late or twice ends as
    it would have in its order, a delivery that comes after the verdict takes it back.
    """
    key = suppression_key(message)
    softly = event.kind is EventKind.BOUNCED and not event.permanent
    if not key or not (softly or event.kind is EventKind.DELIVERED):
        return
    stored = protector.suppressions.get_many([key]).get(key)
    if softly and stored is None:
        limit = read_policy(definitions).soft_bounces
        times, last = _in_a_row(protector, messages, message, key)
        if limit and times >= limit:
            suppress(protector, Suppression(key, "soft_bounces", last, message.id), mirror=True)
    elif not softly and stored and stored.reason == "soft_bounces":
        times, _ = _in_a_row(protector, messages, message, key)
        if times < read_policy(definitions).soft_bounces:
            release(protector, key, stored.at, Cause("message", message.id), "delivered")


def _in_a_row(protector: Protector, messages: Messages, message: Message, key: str) -> tuple[int, str]:
    sharing, _ = protector.records.with_address(key, _SHARING)
    recipients = dict.fromkeys((message.key.recipient, *sharing))
    return soft_in_a_row([m for ref in recipients for m in messages.of(ref)], key)
