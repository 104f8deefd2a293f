"""Handing one mail to a provider, and the four ways in which that can end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gotero.domain.letter import Attachment
from gotero.domain.message import MessageClass
from gotero.domain.sender_identity import SenderIdentity
from gotero.domain.template import MailContent


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail to one recipient. `message_id` goes along as a tag and comes back in every event."""

    message_id: str
    sender: SenderIdentity
    #: As a mail server takes it.
    to: str
    content: MailContent
    message_class: MessageClass = "marketing"
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider does not want this mail, now or later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """The provider is known not to have it and may take it later: throttled, over quota, never reached."""

    reason: str
    #: Only this recipient's mail: a server that lets strangers wait (greylisting), a full mailbox. Others may go on.
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows: the question went out and no answer came back. It must not be asked again."""

    reason: str


Handover = Accepted | Refused | Postponed | Unknown

#: A recipient's server that says «later» is asked for a day, as mail servers among themselves do at least.
DEFER_FOR = timedelta(hours=24)
_FIRST_PAUSE = timedelta(minutes=10)


def try_again_at(first: datetime, now: datetime) -> datetime | None:
    """When to try again what was deferred first at `first`: after as long as it has been; None when it is enough."""
    waited = now - first
    return now + max(_FIRST_PAUSE, waited) if waited < DEFER_FOR else None
