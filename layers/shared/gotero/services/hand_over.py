"""Hand one claimed message to the provider, once, and write down what came of it."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum

from gotero.domain import instant
from gotero.domain.errors import TransientError
from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Refused
from gotero.domain.message import Message, State
from gotero.domain.record import Cause
from gotero.ports import Clock, DueIndex, Ids, MailSender, Pace, Queue
from gotero.services.change_message import Ledger, change_message, raise_message
from gotero.services.compose_mail import Composed, Composer, Materials, NotToSend, compose
from gotero.services.settle_message import mark_uncertain

#: The longest that a provider keeps a sender waiting, and time to write: with less left nothing new is begun.
MARGIN_SECONDS = 8.0
#: A slice waits this long for its turn; with more before it, its chunk goes back and makes room.
PATIENCE_SECONDS = 3.0
#: How long to leave a provider alone that postpones, by its reason; SQS delays 15 minutes at most.
PAUSE_SECONDS: Mapping[str, int] = {"throttled": 5, "unreachable": 15, "quota": 900, "paused": 900}


class Unwritten(Enum):
    """The provider was asked, and what came of it could not be written."""

    UNWRITTEN = "unwritten"


#: What a sender goes on from: None when the outcome is written.
Ended = Postponed | Unwritten | None
Work = Callable[[Message], Ended]
Together = Callable[[Work, Sequence[Message]], list[Ended]]


def in_threads(work: Work, messages: Sequence[Message]) -> list[Ended]:
    """All of them at once: a sender waits for its provider nearly all of the time."""
    with ThreadPoolExecutor(len(messages)) as pool:
        return list(pool.map(work, messages))


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
    #: Stands still for some seconds: while a slice waits for its turn.
    sleep: Callable[[float], None]
    at_once: int = 16
    together: Together = in_threads


def hand_over(line: SendLine, materials: Materials, message: Message) -> Ended:
    """Compose, send, write the outcome. `Postponed` when the provider is known not to have it: nothing is written."""
    try:
        composed = compose(line.composer, materials, message)
        if isinstance(composed, NotToSend):
            at = instant.write(line.clock.now())
            raise_message(line.ledger, message, composed.state, at, composed.reason)
            return None
    except TransientError:
        return Postponed("unreachable")
    answer = line.mail.send(composed.mail)
    if isinstance(answer, Postponed):
        return answer
    try:
        _write_down(line, message, composed, answer)
    except Exception:
        # Not only what we foresee: from here on, whatever goes wrong must not look as if nothing had been sent.
        return Unwritten.UNWRITTEN
    return None


def _write_down(line: SendLine, message: Message, composed: Composed, answer: Handover) -> None:
    match answer:
        case Accepted(provider_id):
            _accepted(line, message, composed, provider_id)
        case Refused(reason):
            raise_message(line.ledger, message, State.FAILED, instant.write(line.clock.now()), reason)
        case _:
            mark_uncertain(line.ledger, line.due, line.clock, message, "no_answer")


def _accepted(line: SendLine, message: Message, composed: Composed, provider_id: str) -> None:
    mail: OutgoingMail = composed.mail
    now = instant.write(line.clock.now())

    def change(stored: Message) -> Message:
        # An event may have been faster: then only what it could not know is added.
        after = replace(
            stored.raised(State.ACCEPTED, now),
            provider_id=provider_id,
            sent_at=stored.sent_at or now,
            subject_line=mail.content.subject,
            template_version=composed.template_version,
        )
        return stored if after == stored else after

    cause = Cause("message", message.id, event=f"accepted:{provider_id}", depth=message.cause.depth)
    change_message(line.ledger, message, change, "accepted", cause)
