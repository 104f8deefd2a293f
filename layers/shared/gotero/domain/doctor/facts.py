"""What the doctor looks at. Each fact may be missing, with the reason: nothing is assumed in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from gotero.domain.company import Company
from gotero.domain.user import User

#: Why there is no answer: too slow; the network does not lead there; the provider refuses us; it broke; a name that
#: exists in examples only; an address that is none of the public network.
Reason = Literal["timeout", "unreachable", "denied", "failed", "reserved", "private"]
#: Names that nobody can register (RFC 2606, RFC 6761): nothing about them is to be found in the network.
_RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")


@dataclass(frozen=True, slots=True)
class Unanswered:
    reason: Reason


class UnansweredError(Exception):
    """Whoever was asked says nothing."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the provider grants. -1 mails a day is no limit. `plan` is empty when it does not say."""

    production: bool
    sending: bool
    enforcement: str
    rate: float
    per_day: float
    sent: float
    plan: str


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What the provider knows of a domain that is sent from."""

    verified: bool
    dkim: str
    #: Names of the keys that it wants to find in the DNS; none when the key is our own.
    dkim_tokens: tuple[str, ...]
    mail_from: str
    mail_from_status: str
    region: str


@dataclass(frozen=True, slots=True)
class DomainFacts:
    domain: str
    #: None when the provider has never heard of it.
    identity: IdentityFacts | Unanswered | None
    #: Texts of the domain's name, and of the return path's.
    texts: tuple[str, ...] | Unanswered
    return_path: tuple[str, ...] | Unanswered
    #: Texts of `_dmarc` under the domain and each of its parents, nearest first.
    dmarc: Mapping[str, tuple[str, ...]] | Unanswered


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Where the provider tells what became of mails: what it tells there, and whether somebody listens."""

    kinds: frozenset[str]
    listeners: int


@dataclass(frozen=True, slots=True)
class Visit:
    """How a web address answered over TLS: its status; or its certificate does not hold; or nobody is there."""

    status: int
    trusted: bool = True
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the checks are told. What could not be asked is there as `Unanswered`, with the reason."""

    now: datetime
    company: Company
    users: tuple[User, ...]
    public_url: str
    domains: tuple[DomainFacts, ...]
    account: AccountFacts | Unanswered
    events: EventFacts | Unanswered
    #: Mails whose end came back in the last day.
    heard: int
    #: Until when the provider's own list has been read; None before the first time.
    suppressions_read_until: datetime | None
    tracking: Visit | Unanswered
    landing: Visit | Unanswered | None
    concurrency: int | Unanswered


def is_reserved(host: str) -> bool:
    """Whether the name exists in examples only."""
    return any(host == name or host.endswith(f".{name}") for name in _RESERVED)


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:
        return ""


def parents(domain: str) -> list[str]:
    """The domain and those above it, down to two labels."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]
