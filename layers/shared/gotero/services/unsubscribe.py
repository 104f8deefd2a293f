"""A recipient wants no more mails."""

from gotero.domain import token
from gotero.domain.message_event import EventKind
from gotero.domain.visit import Visit
from gotero.ports import Queue, Signer


def unsubscribe_message(text: str, *, signer: Signer) -> str | None:
    """The message that an unsubscribe or preferences token stands for; tokens of any age do."""
    payload = signer.read(token.UNSUBSCRIBE, text) or signer.read(token.PREFERENCES, text)
    return payload["m"] if payload else None


def unsubscribe(message_id: str, visit: Visit, *, events: Queue) -> None:
    """Hand it on. Asked twice, or twenty times at once, it is one event; whatever fails here fails the request."""
    events.put([visit.event(EventKind.UNSUBSCRIBED, message_id, id=f"unsubscribed-{message_id}")])
