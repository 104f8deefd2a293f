"""Somebody, or some machine, follows a public link of a mail."""

from dataclasses import dataclass
from typing import Any

from gotero.domain.message_event import EventKind


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. `id` is the same for every copy of what it sets off."""

    id: str
    at: str
    user_agent: str = ""
    #: Keyed and shortened: two visits can be told to come from one network, and none can be told whose it is.
    ip_hash: str = ""

    def event(
        self, kind: EventKind, message_id: str, *, id: str | None = None, url: str | None = None
    ) -> dict[str, Any]:
        """What is put on the events queue."""
        event: dict[str, Any] = {
            "type": kind.value,
            "message": message_id,
            "event_id": id or f"{kind.value}-{self.id}",
            "at": self.at,
            "user_agent": self.user_agent[:500],
        }
        if self.ip_hash:
            event["ip_hash"] = self.ip_hash
        if url is not None:
            event["url"] = url
        return event
