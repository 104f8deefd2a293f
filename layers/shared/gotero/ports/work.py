"""What falls due, what waits in a queue, what has been done already."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from gotero.domain import instant
from gotero.domain.assignment import Assignment, Key
from gotero.domain.record import Ref
from gotero.ports.records import TimelineEntry
from gotero.ports.world import Json


@dataclass(frozen=True, slots=True)
class Due:
    """One entry of the due index: what is due (`assignment#<id>`), when, and what its handler needs to find it."""

    at: datetime
    thing: str
    payload: Json = field(default_factory=dict)

    def to_json(self) -> Json:
        """As it travels on the queue."""
        return {"at": instant.write(self.at), "thing": self.thing, "payload": self.payload}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Due":
        return cls(instant.read(data["at"]), data["thing"], data["payload"])


class DueIndex(Protocol):
    """Personal instants. An entry is a hint: the thing named is re-read when it fires."""

    def put(self, at: datetime, thing: str, payload: Json) -> None:
        """`thing` names what is due, e.g. `assignment#<id>`; the same thing at the same instant is one entry."""

    def put_many(self, entries: Sequence[Due]) -> None:
        """The same with many; not all at once. None of them twice."""

    def due(self, until: datetime) -> Iterator[list[Due]]:
        """Everything due at `until` or before, in pages."""

    def done(self, entries: Sequence[Due]) -> None:
        """Forget these: something else carries them now."""


class Queue(Protocol):
    """One SQS queue: at least once, in any order."""

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None: ...


class Counters(Protocol):
    """Small counters that need no exactness beyond at-least-once (a honeypot's catch, requests per address)."""

    def add(self, key: str, window: str, keep_days: int = 2) -> int:
        """One more in this window; how many now."""


class Rests(Protocol):
    """What must not happen again so soon."""

    def begin(self, name: str, holder: str, until: datetime) -> bool:
        """Let `name` rest until then because of `holder`; False while it rests because of another."""


class Marks(Protocol):
    """How far something has been read; lost, it is read anew from the beginning."""

    def get(self, name: str) -> str: ...

    def put(self, name: str, value: str) -> None: ...


class Assignments(Protocol):
    """Who is on which scheduled action; strongly consistent."""

    def get(self, key: Key) -> Assignment | None: ...

    def find(self, id: str) -> Assignment | None: ...

    def of(
        self, recipient: Ref, *, scheduled_action: str | None = None, limit: int = 1000, after: Key | None = None
    ) -> tuple[list[Assignment], Key | None]:
        """Those of one recipient, by scheduled action, with the key to go on from."""

    def of_plan(self, plan: str, limit: int, after: Key | None = None) -> tuple[list[Assignment], Key | None]:
        """Those that have ever come by this plan, a recipient's side by side, with the key to go on from."""

    def forget(self, recipient: Ref) -> None:
        """Delete all of somebody who was erased, and what leads to them."""

    def put(self, assignment: Assignment, told: TimelineEntry | None = None) -> None:
        """Write it over version - 1 (1: must not exist), else ConflictError; with it, or not at all, what is told."""
