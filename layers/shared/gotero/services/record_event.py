"""Something came back about a mail: protect the person first, then write it on the message, once."""

from collections.abc import Callable
from dataclasses import dataclass

from gotero.domain import instant
from gotero.domain.message import Message, MessageKey
from gotero.domain.message_event import BY_A_PERSON, EventKind, MessageEvent, apply
from gotero.domain.message_facts import facts
from gotero.domain.record import Cause
from gotero.domain.suppression import Suppression
from gotero.ports import Definitions, Json, MailClients
from gotero.services.change_message import Ledger, change_message
from gotero.services.count_soft_bounces import count_soft_bounces
from gotero.services.plan_message import suppression_key
from gotero.services.suppress import Protector, opt_out, suppress


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message as it was before an event, and as it is with it."""

    before: Message
    after: Message


@dataclass(frozen=True, slots=True)
class EventIntake:
    """What taking in an event needs."""

    ledger: Ledger
    protector: Protector
    definitions: Definitions
    #: Hears what each event changed: the rates are counted from it, a batch at a time (brake.py).
    heard: Callable[[Recorded], object]


def record_event(intake: EventIntake, event: MessageEvent) -> Recorded | None:
    """What the event changed; None when it belongs to no message of ours. Twice is once; any order ends the same.

    The person is protected before the message is written: that can be repeated without harm, while a message that
    already carries the event would let a repetition pass it by.
    """
    try:
        key = MessageKey.parse(event.message_id)
    except ValueError:
        return None
    message = intake.ledger.messages.get(key)
    if message is None:
        return None
    by_person = event.kind in BY_A_PERSON
    cause = Cause("message", message.id, event=event.id, depth=0 if by_person else message.cause.depth)
    _protect(intake.protector, message, event, cause)
    before = message

    def change(stored: Message) -> Message:
        nonlocal before
        before = stored
        if event.kind is EventKind.UNSUBSCRIBED and stored.feedback.unsubscribed:
            return stored  # a second click, or the button and then a mail: the same news, only later
        if event.kind is EventKind.ACCEPTED and stored.outcome == "accepted" and stored.sent_at:
            return stored  # our own call said so already; it is not worth a write that it was a moment earlier
        return apply(stored, event)

    # A robot's open or click is counted, and is no news for workflows.
    happened = "" if event.machine else str(event.kind)
    after = change_message(intake.ledger, message, change, happened, cause) or before
    # After the message, and on every repetition: it reads what the messages say.
    count_soft_bounces(intake.protector, intake.ledger.messages, intake.definitions, after, event)
    recorded = Recorded(before, after)
    intake.heard(recorded)
    return recorded


#: As much of a link as a message keeps; fifty of them stay far below the size of an item.
MAX_URL = 2_000
_PUBLIC_KINDS = frozenset({EventKind.OPENED, EventKind.CLICKED, EventKind.UNSUBSCRIBED})


def public_event(body: Json, clients: MailClients, received_at: str) -> MessageEvent | None:
    """What our own public endpoints put on the queue (domain/visit.py), or None for anything else."""
    kind, message_id, event_id = body.get("type"), body.get("message"), body.get("event_id")
    if kind not in _PUBLIC_KINDS or not isinstance(message_id, str) or not isinstance(event_id, str):
        return None
    return MessageEvent(
        id=event_id,
        kind=EventKind(kind),
        message_id=message_id,
        at=str(body.get("at") or received_at),
        url=str(body.get("url") or "")[:MAX_URL],
        # RFC 8058 lets the mail program unsubscribe for its reader: that counts whatever its name.
        machine=kind != EventKind.UNSUBSCRIBED and clients.is_machine(str(body.get("user_agent") or "")),
    )


def _has_been_told(message: Message, event: MessageEvent) -> bool:
    """Whether it is a copy of what stands on the message: who came back since (resubscribe.py) has not left again."""
    try:
        return instant.write(instant.read(event.at)) in facts(message).get("unsubscribed", ())
    except ValueError:
        return False


def _protect(protector: Protector, message: Message, event: MessageEvent, cause: Cause) -> None:
    key = suppression_key(message)
    if event.suppress:
        suppress(protector, Suppression(key, "hard_bounce", event.at, message.id), mirror=event.elsewhere)
    elif event.kind is EventKind.SPAM:
        suppress(protector, Suppression(key, "complaint", event.at, message.id), mirror=event.elsewhere)
        opt_out(protector, key, message.key.recipient, "complaint", cause)
    elif event.kind is EventKind.UNSUBSCRIBED and not _has_been_told(message, event):
        opt_out(protector, key, message.key.recipient, "unsubscribe", cause)
