"""A mail is opened: its pixel was loaded."""

from gotero.domain import token
from gotero.domain.message_event import EventKind
from gotero.domain.visit import Visit
from gotero.ports import Queue, Signer


def open_message(text: str, visit: Visit, *, signer: Signer, events: Queue) -> bool:
    """Hand the opening on to be counted; False for a token that is none of ours."""
    payload = signer.read(token.OPEN, text)
    if payload is None:
        return False
    events.put([visit.event(EventKind.OPENED, payload["m"])])
    return True
