"""Hand one claimed message to the provider, once, and write down what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gotero.domain import instant
from gotero.domain.handover import Accepted, OutgoingMail, Postponed, Refused
from gotero.domain.message import Message, State
from gotero.domain.record import Cause
from gotero.ports import Clock, DueIndex, Ids, MailSender, Queue
from gotero.services.change_message import Ledger, change_message, raise_message
from gotero.services.compose_mail import Composed, Composer, Materials, NotToSend, compose
from gotero.services.settle_message import mark_uncertain

#: A send takes well under a second; with less than this left nothing new is begun.
MARGIN_SECONDS = 5.0
#: How long to leave a provider alone that postpones, by its reason; SQS delays 15 minutes at most.
PAUSE_SECONDS: Mapping[str, int] = {"throttled": 5, "unreachable": 15, "quota": 900, "paused": 900}


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
    at_once: int = 16


def hand_over(line: SendLine, materials: Materials, message: Message) -> Postponed | None:
    """Compose, send, write the outcome. `Postponed` when the provider is known not to have it: nothing is written."""
    composed = compose(line.composer, materials, message)
    now = instant.write(line.clock.now())
    if isinstance(composed, NotToSend):
        raise_message(line.ledger, message, composed.state, now, composed.reason)
        return None
    answer = line.mail.send(composed.mail)
    match answer:
        case Postponed():
            return answer
        case Accepted(provider_id):
            _accepted(line, message, composed, provider_id)
        case Refused(reason):
            raise_message(line.ledger, message, State.FAILED, now, reason)
        case _:
            mark_uncertain(line.ledger, line.due, line.clock, message, "no_answer")
    return None


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
