"""Webhooks of mail providers: what is said there, and what must prove it."""

from datetime import datetime
from typing import Protocol

from gotero.domain.message_event import MessageEvent
from gotero.domain.webhook import Confirmation, Credentials, HookRequest, Ignored, Received, Refusal
from gotero.ports.world import Json


class HookProvider(Protocol):
    """One provider's webhook: who may speak, and what is said."""

    def receive(self, request: HookRequest, credentials: Credentials, now: datetime) -> Received | Refusal:
        """Verify, and take the request apart. Nothing is believed before; nothing is read here."""

    def read(self, raw: Json, received_at: str) -> MessageEvent | Ignored | Confirmation:
        """One of its events in our words. PermanentError for what is no event at all."""


class Secrets(Protocol):
    def values(self, reference: str, *, anew: bool = False) -> tuple[str, ...]:
        """The valid values of a secret, a replaced one still among them; empty when there is none.

        `anew`: what is kept may be too old, look again (at most once a minute).
        """
