"""A link of a mail is followed."""

from gotero.domain import token
from gotero.domain.message_event import EventKind
from gotero.domain.visit import Visit
from gotero.ports import Queue, Signer


def link_target(text: str, *, signer: Signer) -> tuple[str, str] | None:
    """The message and the target that a click token was signed with, together: no other target can be had with it."""
    payload = signer.read(token.CLICK, text)
    return (payload["m"], payload["u"]) if payload else None


def count_click(message_id: str, url: str, visit: Visit, *, events: Queue) -> None:
    """Hand the click on to be counted."""
    events.put([visit.event(EventKind.CLICKED, message_id, url=url)])
