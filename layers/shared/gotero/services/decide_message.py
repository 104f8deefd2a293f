"""A person decides what no event could tell: the mail counts as sent, or it is sent again as a message of its own."""

from dataclasses import replace

from gotero.domain import instant
from gotero.domain.errors import ConflictError, NotFoundError
from gotero.domain.message import Message, MessageKey, State
from gotero.domain.record import Cause
from gotero.services.change_message import Ledger, raise_message
from gotero.services.plan_message import MailPlanner, put_message

#: Nobody knows whether these have left.
OPEN = frozenset({State.UNCERTAIN, State.HELD})


def accept_as_sent(ledger: Ledger, message_id: str, at: str) -> Message:
    """The mail is taken to have left. ConflictError when there is nothing to decide."""
    message = _open_message(ledger, message_id)
    return raise_message(ledger, message, State.ACCEPTED, at, "decided") or message


def send_again(ledger: Ledger, planner: MailPlanner, message_id: str, user_id: str) -> Message:
    """The next round of the same reason, on its way; this one is closed. Asked twice, it is one round.

    The new one is written first: a crash in between leaves the old one open, and asking again finds the new one.
    """
    message = _open_message(ledger, message_id)
    key = replace(message.key, round=message.key.round + 1)
    mailing = replace(message.mailing, job=None)  # a mail by itself: its job has been counted
    again = put_message(planner, key, mailing, message.owner, "", Cause("user", user_id, event=message.id))
    raise_message(ledger, message, State.CANCELLED, instant.write(planner.clock.now()), "sent_again")
    return again


def _open_message(ledger: Ledger, message_id: str) -> Message:
    try:
        key = MessageKey.parse(message_id)
    except ValueError:
        raise NotFoundError("message") from None
    message = ledger.messages.get(key)
    if message is None:
        raise NotFoundError("message")
    if message.state not in OPEN:
        raise ConflictError("there is nothing to decide", "nothing_open", "state")
    return message
