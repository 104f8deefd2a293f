"""Who is in which segment, and why."""

from dataclasses import dataclass
from typing import Literal, Protocol

from gotero.domain.record import Cause, Ref


@dataclass(frozen=True, slots=True)
class Source:
    """One reason why a record is a member: what put it there, since when, and why."""

    kind: Literal["manual", "filter", "workflow", "form", "dashboard", "import"]
    id: str
    since: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class Membership:
    segment: str
    ref: Ref
    since: str
    sources: tuple[Source, ...]


class Memberships(Protocol):
    def of(self, ref: Ref) -> list[Membership]: ...

    def get(self, segment: str, ref: Ref) -> Membership | None: ...

    def add(self, segment: str, ref: Ref, source: Source) -> bool:
        """Add a source; True when it is the first, so that the record has just entered."""

    def remove(self, segment: str, ref: Ref, source: tuple[str, str] | None, cause: Cause, at: str) -> bool:
        """Take away the source (kind, id), or all of them for None; True when the record has just left."""
