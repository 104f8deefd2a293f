"""A message's due item has fired: heal what was lost, and name what nobody knows. It never sends anything twice."""

from datetime import datetime, timedelta

from gotero.domain import instant
from gotero.domain.message import Message, MessageKey, State
from gotero.ports import Clock, DueIndex, Queue
from gotero.services.change_message import Ledger, raise_message
from gotero.services.plan_message import LOOK_AGAIN, due_thing

#: A sender lives 40 seconds (template.yaml); a claim older than this has lost its owner.
CLAIM_LIFETIME = timedelta(seconds=60)
#: How long an event may take that tells what became of an uncertain mail. Measured delays are seconds.
HOLD_AFTER = timedelta(hours=24)
_LONGEST = timedelta(hours=6)


def settle_message(ledger: Ledger, queue: Queue, due: DueIndex, clock: Clock, message_id: str) -> None:
    """Look at the message again, and say when to look next if that is needed."""
    message = ledger.messages.get(MessageKey.parse(message_id))
    if message is None or (message.mailing.job and message.state is State.PLANNED):
        return  # a job's planned messages are healed by the job (check_job.py)
    now = clock.now()
    if message.state is State.PLANNED and message.claim is None:
        _again(due, message, now, min(_LONGEST, max(LOOK_AGAIN, now - instant.read(message.created_at))))
        queue.put([{"messages": [message.id]}])
    elif message.state is State.PLANNED and message.claim:
        if abandoned(message.claim.at, now):
            mark_uncertain(ledger, due, clock, message, "interrupted")
        else:
            _again(due, message, now, CLAIM_LIFETIME)
    elif message.state is State.UNCERTAIN:
        left = instant.read(message.updated_at) + HOLD_AFTER - now
        if left <= timedelta(0):
            raise_message(ledger, message, State.HELD, instant.write(now), "no_event")
        else:
            _again(due, message, now, left)


def mark_uncertain(ledger: Ledger, due: DueIndex, clock: Clock, message: Message, reason: str) -> Message | None:
    """Nobody knows whether it left: an event will tell within HOLD_AFTER, or a person decides."""
    now = clock.now()
    _again(due, message, now, HOLD_AFTER)
    return raise_message(ledger, message, State.UNCERTAIN, instant.write(now), reason)


def abandoned(claimed_at: str, now: datetime) -> bool:
    return now - instant.read(claimed_at) > CLAIM_LIFETIME


def _again(due: DueIndex, message: Message, now: datetime, after: timedelta) -> None:
    due.put(now + after, due_thing(message.key), {})
