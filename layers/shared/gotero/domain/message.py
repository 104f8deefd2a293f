"""A message: one mail to one recipient for one reason, and everything that becomes of it.

    planned ─► (claimed) ─► accepted ─► delivered ─► dropped | bounced
       │           └─► uncertain ─► held ─┘ (an event that carries our tag proves acceptance)
       └─► skipped(reason) | failed(reason) | cancelled

A state only ever rises in RANK, so that events may come late, twice and in any order (domain/message_event.py).
A claim is no state of the ledger but an owner on a planned message: giving it back lowers nothing.
Opens, clicks, spam and unsubscribing are counters and flags beside the state.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

from gotero.domain.document import NOTHING, Enclosed
from gotero.domain.ids import derived_id
from gotero.domain.record import Cause, Record, Ref

MODULE = "messages"

SourceKind = Literal["job", "wf", "as", "test", "tx"]
SOURCE_KINDS: tuple[SourceKind, ...] = ("job", "wf", "as", "test", "tx")
MessageClass = Literal["marketing", "transactional"]

#: The relation field of a message for each module of recipient.
RELATIONS: Mapping[str, str] = {"contacts": "contact", "accounts": "account", "leads": "lead"}
#: DESIGN.md §4: URLs kept on a message.
MAX_URLS = 50


class State(StrEnum):
    """Where a message stands; the values are the options of its field `status`."""

    #: Decided, not yet handed to the provider.
    PLANNED = "planned"
    #: The provider may or may not have taken it; an event will tell.
    UNCERTAIN = "uncertain"
    #: No event told in time: a person decides, nothing is sent again by itself.
    HELD = "held"
    #: Stopped before it was handed over.
    CANCELLED = "cancelled"
    #: Not sent on purpose; `reason` is a key of catalogue/skips.py.
    SKIPPED = "skipped"
    #: The provider refused it, or its content cannot be rendered.
    FAILED = "failed"
    #: The provider took it.
    ACCEPTED = "accepted"
    #: The recipient's server took it.
    DELIVERED = "delivered"
    #: The provider took it and then threw it away (its own suppression list, a virus).
    DROPPED = "dropped"
    #: The recipient's server returned it.
    BOUNCED = "bounced"


#: A state is replaced by a higher one only. Evidence from outside stands above our own belief.
RANK: Mapping[State, int] = {
    State.PLANNED: 0,
    State.UNCERTAIN: 1,
    State.HELD: 2,
    State.CANCELLED: 3,
    State.SKIPPED: 3,
    State.FAILED: 3,
    State.ACCEPTED: 4,
    State.DELIVERED: 5,
    State.DROPPED: 6,
    State.BOUNCED: 7,
}

Outcome = Literal["pending", "accepted", "skipped", "failed", "uncertain", "held", "cancelled"]
OUTCOMES: tuple[Outcome, ...] = ("accepted", "skipped", "failed", "uncertain", "held", "cancelled")
_OUTCOME: Mapping[State, Outcome] = {
    State.PLANNED: "pending",
    State.UNCERTAIN: "uncertain",
    State.HELD: "held",
    State.CANCELLED: "cancelled",
    State.SKIPPED: "skipped",
    State.FAILED: "failed",
    State.ACCEPTED: "accepted",
    State.DELIVERED: "accepted",
    State.DROPPED: "accepted",
    State.BOUNCED: "accepted",
}
#: Outcomes that evidence or a person may still change.
OPEN_OUTCOMES: frozenset[Outcome] = frozenset({"uncertain", "held", "failed"})


#: Letters, digits and underscores: what a provider's tag takes, without the dash that joins them. Longer than any id;
#: five of them are within a provider's tag and a key of the table.
_PART = re.compile(r"[A-Za-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class MessageKey:
    """Why a mail exists: this recipient, this source, this round. The same reason is the same message."""

    recipient: Ref
    source_kind: SourceKind
    source_id: str
    round: int = 1

    def __post_init__(self) -> None:
        parts = (self.recipient.module, self.recipient.id, self.source_id)
        if not all(map(_PART.fullmatch, parts)) or self.source_kind not in SOURCE_KINDS or self.round < 1:
            raise ValueError("not a message key")

    def __str__(self) -> str:
        """The id of the message, as the API, the tracking tokens and the provider's tag carry it."""
        return f"{self.recipient.module}-{self.recipient.id}-{self.source_kind}-{self.source_id}-{self.round}"

    @classmethod
    def parse(cls, text: str) -> "MessageKey":
        """The key in an id; ValueError for a text that is none."""
        module, record_id, kind, source_id, round_ = text.split("-")
        if kind not in SOURCE_KINDS or not round_.isdigit() or len(round_) > 6:
            raise ValueError("not a message id")
        return cls(Ref(module, record_id), kind, source_id, int(round_))


@dataclass(frozen=True, slots=True)
class Mailing:
    """What was decided when the message was planned; it never changes afterwards."""

    template_id: str
    template_name: str
    message_class: MessageClass
    #: Whose name it leaves under: see domain/sender_identity.py.
    sender: str
    #: As it can be sent to; empty when the recipient has none.
    address: str
    campaign: str | None = None
    #: The recipient's account, when the recipient is a contact.
    account: str | None = None
    #: What the mail is about (the invoice of a dunning letter).
    subject: Ref | None = None
    #: The job that counts it, and the chunk of the job that sends it.
    job: str | None = None
    #: The field of the recipient that the address was taken from.
    email_field: str = "email"
    #: What goes along with it.
    enclosed: Enclosed = NOTHING


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is handing the message over. `owner` is new for every attempt: a lost answer can be told from a rival."""

    owner: str
    at: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What came back. `seen` keeps short ids of counted events, so that none counts twice (domain/message_event.py)."""

    opened: int = 0
    clicked: int = 0
    #: The same with robots: scanners, prefetchers, proxies that announce themselves.
    opens_all: int = 0
    clicks_all: int = 0
    bounced: int = 0
    bounce_type: Literal["", "hard", "soft"] = ""
    delivered: bool = False
    dropped: bool = False
    spam: bool = False
    unsubscribed: bool = False
    delivered_at: str = ""
    last_event_at: str = ""
    last_url: str = ""
    last_click_at: str = ""
    #: URL -> its first visit, the earliest MAX_URLS of them.
    urls: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Of the bounces and drops the one that explains the state: for good before passing, then the latest.
    verdict: tuple[bool, str, str] = (False, "", "")


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `version` rises with every write; every write is conditional on it."""

    key: MessageKey
    number: str
    owner: str
    mailing: Mailing
    cause: Cause
    created_at: str
    updated_at: str
    state: State = State.PLANNED
    #: Key of catalogue/skips.py, or the provider's own words for a refusal.
    reason: str = ""
    claim: Claim | None = None
    subject_line: str = ""
    provider_id: str = ""
    sent_at: str = ""
    #: The version of the template that the mail was made from.
    template_version: int = 0
    #: Where answers go, when that is not the From: a sender outside the verified domains, or as the order said.
    reply_to: str = ""
    feedback: Feedback = Feedback()
    #: The job's counters hold it under its present outcome: a change of outcome must move them too.
    counted: bool = False
    version: int = 1

    @property
    def id(self) -> str:
        return str(self.key)

    @property
    def outcome(self) -> Outcome:
        return _OUTCOME[self.state]

    def raised(self, state: State, at: str, reason: str = "") -> "Message":
        """The message in `state`, or itself when it stands as high already."""
        if RANK[state] <= RANK[self.state]:
            return self
        return replace(self, state=state, reason=reason, claim=None, updated_at=max(at, self.updated_at))

    def claimed_by(self, owner: str, at: str) -> "Message":
        return replace(self, claim=Claim(owner, at), updated_at=at)

    def given_back(self, at: str) -> "Message":
        """Planned again: the provider is known not to have taken it."""
        return replace(self, claim=None, updated_at=at)

    def to_record(self) -> Record:
        """The message as a record of module `messages`, for lists, conditions, workflows and the console."""
        return Record(
            module=MODULE,
            id=self.id,
            number=self.number,
            owner=self.owner,
            values={name: value for name, value in self._values().items() if value not in ("", None)},
            created_at=self.created_at,
            created_by=self.cause.id,
            updated_at=self.updated_at,
            version=self.version,
        )

    def _values(self) -> dict[str, Any]:
        mailing, back = self.mailing, self.feedback
        values: dict[str, Any] = {
            "name": mailing.template_name,
            "status": "claimed" if self.claim and self.state is State.PLANNED else str(self.state),
            "reason": back.verdict[2] if self.state in (State.DROPPED, State.BOUNCED) else self.reason,
            "type": "Email",
            "class": mailing.message_class,
            "source": self.key.source_kind,
            "subject": self.subject_line,
            "reply_to": self.reply_to,
            "template": mailing.template_name,
            "template_id": mailing.template_id,
            "campaign": mailing.campaign,
            "account": mailing.account,
            # Nobody has a mail that came back: delivered and bounced at once would count it twice (adr/0019).
            "delivered": back.delivered and self.state is not State.BOUNCED,
            "opened": back.opened,
            "clicked": back.clicked,
            "opens_all": back.opens_all,
            "clicks_all": back.clicks_all,
            "bounced": back.bounced,
            "bounce_type": back.bounce_type,
            "dropped": back.dropped or (self.state is State.SKIPPED and self.reason in DROPPED_REASONS),
            "spam": back.spam,
            "unsubscribed": back.unsubscribed,
            "no_email": self.state is State.SKIPPED and self.reason in NO_EMAIL_REASONS,
            "last_url": back.last_url,
            "last_event_at": back.last_event_at,
            "sent_at": self.sent_at,
            "delivered_at": back.delivered_at,
            "description": ";".join(sorted(back.urls, key=lambda url: (back.urls[url], url))),
        }
        if relation := RELATIONS.get(self.key.recipient.module):
            values[relation] = self.key.recipient.id
        return values


def notice(message: Message, happened: str, cause: Cause) -> dict[str, Any]:
    """What a write of this version tells the workflows (`event` of the item). One version, one notice."""
    return {
        "id": derived_id("message", message.id, str(message.version)),
        "kind": "create" if message.version == 1 else "modify",
        "cause": cause.to_json(),
        "at": message.updated_at,
        "message_event": happened,
    }


#: Skips that S1 counts as «No tiene email» …
NO_EMAIL_REASONS = frozenset({"no_email", "invalid_email"})
#: … and as «Descartado», to protect the sender's reputation.
DROPPED_REASONS = frozenset({"suppressed", "do_not_email", "unsubscribed"})
