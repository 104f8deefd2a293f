"""Whom the doctor asks. Each raises UnansweredError with the reason, and none takes longer than a few seconds."""

from typing import Protocol

from gotero.domain.doctor.facts import AccountFacts, EventFacts, IdentityFacts, Visit


class MailProvider(Protocol):
    """What the provider says of the account."""

    def account(self) -> AccountFacts: ...

    def identity(self, domain: str) -> IdentityFacts | None:
        """None when it has never heard of the domain."""

    def events(self) -> EventFacts: ...

    def concurrency(self) -> int:
        """How many functions may run at once beside it."""


class NameTexts(Protocol):
    def __call__(self, name: str) -> tuple[str, ...]:
        """The TXT records of the name; none when there are none."""


class WebPages(Protocol):
    def __call__(self, url: str) -> Visit:
        """How the page answers over TLS."""
