"""Send one message of the queue: claim it, hand it over, write what came of it."""

from dataclasses import replace
from math import ceil

from gotero.domain import instant
from gotero.domain.errors import ConflictError
from gotero.domain.handover import Postponed, try_again_at
from gotero.domain.lane import lane_of
from gotero.domain.message import Message, MessageKey, State
from gotero.domain.record import Cause
from gotero.ports import RemainingTime
from gotero.services.change_message import change_message, raise_message
from gotero.services.compose_mail import Composed, gather
from gotero.services.hand_over import (
    MARGIN_SECONDS,
    PATIENCE_SECONDS,
    PAUSE_SECONDS,
    Gate,
    SendLine,
    hand_over,
    insist,
    make_ready,
)
from gotero.services.settle_message import abandoned, mark_uncertain


def send_message(line: SendLine, message_id: str, remaining: RemainingTime) -> None:
    """Send it unless somebody has, does, or may have."""
    key = MessageKey.parse(message_id)
    message = line.ledger.messages.get(key)
    if message is None or message.mailing.job:
        return
    if message.state is not State.PLANNED:
        _pass_on(line, message)  # whoever refused it may have died before
        return
    if message.claim:
        # Its owner is at work, or died in the act. It is not for us to send; its due item looks after it as well.
        if abandoned(message.claim.at, line.clock.now()):
            mark_uncertain(line.ledger, line.due, line.clock, message, "interrupted")
        return
    if remaining() < MARGIN_SECONDS:
        line.queue.put([{"messages": [message_id]}])
        return
    composed = make_ready(line, gather(line.composer, [message]), message)
    if not isinstance(composed, Composed):
        _pass_on(line, composed)
        return
    if not _at_its_turn(line, message):
        return
    claimed = _claim(line, message)
    if claimed is None:
        return
    # What could not be written stays claimed: its due item finds the claim abandoned, and calls it uncertain.
    ended = hand_over(line, Gate(remaining), replace(composed, message=claimed))
    _take_place(line, message)
    if isinstance(ended, Postponed) and ended.alone:
        _defer(line, claimed, ended.reason)
    elif isinstance(ended, Postponed):
        if ended.reason == "throttled":
            line.pace.slow()
        insist(line, lambda: _give_back(line, claimed))
        line.queue.put([{"messages": [message_id]}], delay_seconds=PAUSE_SECONDS.get(ended.reason, 60))


def _pass_on(line: SendLine, message: Message) -> None:
    """The address of an heir that is refused in its turn goes on to the next of its job; twice is once."""
    if message.state is State.SKIPPED and message.key.source_kind == "job" and message.key.round > 1:
        line.refused(message.key.source_id, [message])


def _at_its_turn(line: SendLine, message: Message) -> bool:
    """Whether it may leave now. An answer does not wait, and takes its place when it is gone; the others wait."""
    lane = lane_of([message.id])
    wait = 0.0 if lane == "answer" else line.pace.turn(1, PATIENCE_SECONDS, lane)
    if not wait:
        return True
    if wait > PATIENCE_SECONDS:
        line.queue.put([{"messages": [message.id]}], delay_seconds=ceil(wait))
        return False
    line.sleep(wait)
    return True


def _take_place(line: SendLine, message: Message) -> None:
    """An answer counts for the rate like any mail, but after it: nothing depends on it for whoever waits for it."""
    if lane_of([message.id]) == "answer":
        line.pace.turn(1, PATIENCE_SECONDS, "answer")


def _claim(line: SendLine, message: Message) -> Message | None:
    """The message as ours, or None when it is somebody else's. The owner's id is new for this attempt."""
    owner = line.ids.new()
    claimed = message.claimed_by(owner, instant.write(line.clock.now()))
    claimed = replace(claimed, version=message.version + 1)
    try:
        line.ledger.messages.save(claimed, None)
    except ConflictError:
        # Refused, or written and the answer lost: what is stored tells which.
        stored = line.ledger.messages.get(message.key)
        return stored if stored and stored.claim and stored.claim.owner == owner else None
    return claimed


def _defer(line: SendLine, claimed: Message, reason: str) -> None:
    """The recipient's server wants it later: its due item brings it back, less and less often, for a day."""
    now = line.clock.now()
    if try_again_at(instant.read(claimed.created_at), now):
        _give_back(line, claimed)
    else:
        raise_message(line.ledger, claimed, State.FAILED, instant.write(now), reason)


def _give_back(line: SendLine, claimed: Message) -> None:
    at = instant.write(line.clock.now())

    def change(stored: Message) -> Message:
        mine = stored.state is State.PLANNED and stored.claim == claimed.claim
        return stored.given_back(at) if mine else stored

    change_message(line.ledger, claimed, change, "", Cause("system", "send_messages"))
