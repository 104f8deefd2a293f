"""Make the mail of a message ready, hand it to the provider once it is claimed, and write down what came of it.

The mail is made before the claim: what a killed sender leaves in doubt is then no more than the provider's own answer.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, partial
from threading import BoundedSemaphore, Lock
from typing import Protocol, TypeVar

from gotero.domain import instant
from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Refused
from gotero.domain.message import Message, State
from gotero.domain.record import Cause
from gotero.ports import Brakes, Clock, DueIndex, Ids, MailSender, Pace, Queue, RemainingTime
from gotero.services.change_message import Ledger, change_message, raise_message
from gotero.services.compose_mail import Composed, Composer, Materials, NotToSend, compose
from gotero.services.settle_message import mark_uncertain

#: The longest that a provider keeps a sender waiting, and time to write: with less left nothing new is handed over.
MARGIN_SECONDS = 15.0
#: With so much left a slice is not waited for any longer: whom nobody has asked the provider about is released in it.
RELEASE_SECONDS = 5.0
#: Mails of one chunk that are in the air together; after a kill no more of it than these are in doubt.
AT_ONCE = 32
#: A slice waits this long for its turn; with more before it, its chunk goes back and makes room.
PATIENCE_SECONDS = 3.0
#: Not a provider's word but ours: who was to hand it over is about to be stopped.
NO_TIME = "no_time"
#: How long to leave a provider alone that postpones, by its reason; SQS delays 15 minutes at most.
PAUSE_SECONDS: Mapping[str, int] = {
    "throttled": 5,
    "unreachable": 15,
    "quota": 900,
    "paused": 900,
    "denied": 300,
    NO_TIME: 0,
}


#: Mails with so much attached, and how many of them are in the air together: on its way through MIME, base64 and the
#: request each takes six times that in memory, and AT_ONCE of the largest would be more than the sender has.
HEAVY_BYTES, HEAVY_AT_ONCE = 500_000, 4
#: Documents that are generated for this process together.
MAKING_AT_ONCE = 4


class Unwritten(Enum):
    """The provider was asked, and what came of it could not be written."""

    UNWRITTEN = "unwritten"


#: What a sender goes on from: the message with its outcome written, or why there is none.
Ended = Message | Postponed | Unwritten
_Each = TypeVar("_Each")
_End = TypeVar("_End")


class Together(Protocol):
    """Works on all of a slice at once, for so many seconds; None for what has not ended by then."""

    def __call__(
        self, work: Callable[[_Each], _End], slice_: Sequence[_Each], patience: float, /
    ) -> list[_End | None]: ...


def in_threads(work: Callable[[_Each], _End], slice_: Sequence[_Each], patience: float) -> list[_End | None]:
    """All of them at once: a sender waits for others nearly all of the time."""
    begun = [_pool().submit(work, each) for each in slice_]
    wait(begun, patience)
    return [None if one.cancel() or not one.done() else one.result() for one in begun]


@cache
def _pool() -> ThreadPoolExecutor:
    """The threads of this process, kept: a slice of each of two chunks is in the air."""
    return ThreadPoolExecutor(2 * AT_ONCE, thread_name_prefix="send")


@cache
def _heavy_turns() -> BoundedSemaphore:
    return BoundedSemaphore(HEAVY_AT_ONCE)


@cache
def _making_turns() -> BoundedSemaphore:
    return BoundedSemaphore(MAKING_AT_ONCE)


def _turn(mail: OutgoingMail) -> AbstractContextManager[object]:
    """For heavy mails, one of the few places in the air."""
    heavy = sum(len(attachment.content) for attachment in mail.attachments) >= HEAVY_BYTES
    return _heavy_turns() if heavy else nullcontext()


@dataclass(frozen=True, slots=True)
class SendLine:
    """What sending needs. `queue` is the send queue; `at_once` mails are in the air together."""

    ledger: Ledger
    composer: Composer
    mail: MailSender
    queue: Queue
    due: DueIndex
    clock: Clock
    ids: Ids
    pace: Pace
    brakes: Brakes
    #: Stands still for some seconds: while a slice waits for its turn.
    sleep: Callable[[float], None]
    at_once: int = AT_ONCE
    together: Together = in_threads
    #: The first mails of a job are about to leave; called more than once, it does no more than once.
    began: Callable[[str], None] = lambda job_id: None
    #: These messages of a job are not sent after all, though they were planned. Called twice, it does it once.
    refused: Callable[[str, Sequence[Message]], None] = lambda job_id, messages: None


class Gate:
    """Through it goes each mail of a slice, right before the provider is asked, while there is time for its answer.

    On a busy machine threads begin late, and the slowest mail may outlast its sender: once the gate is shut nobody
    else goes through, and it knows who has. The others are certainly not sent, whatever their threads still do.
    """

    def __init__(self, remaining: RemainingTime) -> None:
        self._remaining, self._lock = remaining, Lock()
        self._asked: set[str] = set()
        self._open = True

    def enter(self, message_id: str) -> bool:
        with self._lock:
            entered = self._open and self._remaining() >= MARGIN_SECONDS
            if entered:
                self._asked.add(message_id)
            return entered

    def shut(self) -> frozenset[str]:
        """Nobody enters any more. Who did."""
        with self._lock:
            self._open = False
            return frozenset(self._asked)


def hand_over_slice(line: SendLine, remaining: RemainingTime, mails: Sequence[Composed]) -> list[Ended]:
    """What came of each, in their order, in time to be written before the sender is stopped."""
    gate = Gate(remaining)
    ended = line.together(partial(hand_over, line, gate), mails, _until_release(remaining))
    asked = gate.shut()
    return [
        end if end is not None else Unwritten.UNWRITTEN if mail.message.id in asked else Postponed(NO_TIME)
        for mail, end in zip(mails, ended, strict=True)
    ]


def _until_release(remaining: RemainingTime) -> float:
    return max(0.0, remaining() - RELEASE_SECONDS)


def insist(line: SendLine, write: Callable[[], object]) -> None:
    """Write what a living sender knows: whom the provider has not got would be in doubt without it."""
    for pause in (0.2, 1.0):
        try:
            write()
            return
        except Exception:
            line.sleep(pause)
    write()


def make_ready(line: SendLine, materials: Materials, message: Message) -> Composed | Message:
    """The mail, or the message when it ends here instead; that is written then."""
    try:
        composed = compose(line.composer, materials, message)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # A defect of ours that this one recipient's data brings out: the mails beside it still have their turn.
        composed = NotToSend(State.FAILED, "rendering")
    if isinstance(composed, Composed):
        return composed
    at = instant.write(line.clock.now())
    return raise_message(line.ledger, message, composed.state, at, composed.reason) or message


def make_all_ready(
    line: SendLine, materials: Materials, messages: Sequence[Message], remaining: RemainingTime
) -> list[Composed | Message | None]:
    """The same for the messages of a slice; None for those that there is no time left for.

    A document that is generated for one mail is waited for: a few are, side by side.
    """
    if not any(materials.enclosed(message).document_templates for message in messages):
        return [make_ready(line, materials, message) for message in messages]

    def one(message: Message) -> Composed | Message | None:
        with _making_turns():
            return make_ready(line, materials, message) if remaining() >= MARGIN_SECONDS else None

    return line.together(one, messages, _until_release(remaining))


def hand_over(line: SendLine, gate: Gate, composed: Composed) -> Ended:
    """Send it and write the outcome. `Postponed` when the provider is known not to have it: nothing is written."""
    with _turn(composed.mail):
        # Having waited for its turn, if it had to: from here to the question nothing stands between.
        if not gate.enter(composed.message.id):
            return Postponed(NO_TIME)
        answer = line.mail.send(composed.mail)
    if isinstance(answer, Postponed):
        return answer
    try:
        return _write_down(line, composed, answer) or Unwritten.UNWRITTEN
    except Exception:
        # Not only what we foresee: from here on, whatever goes wrong must not look as if nothing had been sent.
        return Unwritten.UNWRITTEN


def _write_down(line: SendLine, composed: Composed, answer: Handover) -> Message | None:
    message = composed.message
    match answer:
        case Accepted(provider_id):
            return _accepted(line, composed, provider_id)
        case Refused(reason):
            return raise_message(line.ledger, message, State.FAILED, instant.write(line.clock.now()), reason)
        case _:
            return mark_uncertain(line.ledger, line.due, line.clock, message, "no_answer")


def _accepted(line: SendLine, composed: Composed, provider_id: str) -> Message | None:
    message = composed.message
    now = instant.write(line.clock.now())

    def change(stored: Message) -> Message:
        # An event may have been faster: then only what it could not know is added.
        after = replace(
            stored.raised(State.ACCEPTED, now),
            provider_id=provider_id,
            sent_at=stored.sent_at or now,
            subject_line=composed.mail.content.subject,
            template_version=composed.template_version,
            reply_to=composed.mail.sender.reply_to,
        )
        return stored if after == stored else after

    cause = Cause("message", message.id, depth=message.cause.depth)
    return change_message(line.ledger, message, change, "accepted", cause)
