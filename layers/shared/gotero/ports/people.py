"""Secrets, logins, and what people type."""

from typing import Protocol

from gotero.ports.world import Json


class Signer(Protocol):
    """Signs and checks the tokens of public links and cursors."""

    def sign(self, purpose: str, payload: Json) -> str: ...

    def read(self, purpose: str, token: str) -> Json | None:
        """The payload, or None for a token that is not ours, or of another purpose."""


class IdentityProvider(Protocol):
    """Where people log in (Cognito)."""

    def create(self, email: str, password: str | None) -> str:
        """Create (or find) the login and answer its stable subject."""


class PhoneNumbers(Protocol):
    def e164(self, text: str, region: str) -> str | None:
        """The number as +34963123456, or None when it is none."""
