"""A record's membership of a segment: a set of sources. It begins with the first and ends with the last.

AutoSync gives and takes its own source only. Whoever takes a record out by name blocks AutoSync for it; whoever puts
it in by name ends that; in a segment that keeps out whom somebody took out, only a person does. A source may stand
there and not count yet, or not any more (`uncounted`: a generation of an AutoSync that is still being filled, or has
been replaced): who reads members does not see it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Literal

from gotero.domain.record import Cause, Ref

SourceKind = Literal["manual", "filter", "workflow", "form", "dashboard", "import"]
Transition = Literal["segment_entered", "segment_left"]

#: Sources by which somebody names the record: they end a block. A filter and a file name nobody.
_BY_NAME: frozenset[SourceKind] = frozenset({"manual", "workflow", "form", "dashboard"})
#: The one that ends it in a segment that keeps out (domain/segment.py): somebody looked at this very record.
_BY_HAND: frozenset[SourceKind] = frozenset({"manual"})


@dataclass(frozen=True, slots=True)
class Source:
    """One reason why a record is a member: what put it there, since when, and why."""

    kind: SourceKind
    id: str
    since: str
    cause: Cause

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "id": self.id, "since": self.since, "cause": self.cause.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Source":
        return cls(data["kind"], data["id"], data["since"], Cause.from_json(data["cause"]))


@dataclass(frozen=True, slots=True)
class Block:
    """AutoSync keeps its hands off: somebody took the record out."""

    at: str
    cause: Cause

    def to_json(self) -> dict[str, Any]:
        return {"at": self.at, "cause": self.cause.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Block":
        return cls(data["at"], Cause.from_json(data["cause"]))


@dataclass(frozen=True, slots=True)
class Membership:
    """That a record is in a segment: by each of its sources, since the first. Without any it has ended, and is kept."""

    segment: str
    ref: Ref
    since: str = ""
    sources: tuple[Source, ...] = ()
    blocked: Block | None = None
    #: Whether the last thing told about it was that it has begun.
    inside: bool = False
    version: int = 0

    def has(self, kind: str, id: str) -> bool:
        return any((s.kind, s.id) == (kind, id) for s in self.sources)

    def given(self, source: Source, *, keeps_out: bool = False) -> "Membership":
        """With one source more. A block stands in the way of what names nobody, and ends by what does."""
        by_name = source.kind in (_BY_HAND if keeps_out else _BY_NAME)
        if self.blocked and not by_name:
            return self
        free = replace(self, blocked=None) if by_name else self
        if self.has(source.kind, source.id):
            return free
        return replace(free, sources=(*self.sources, source), since=self.since if self.sources else source.since)

    def without(self, kind: str, id: str) -> "Membership":
        kept = tuple(s for s in self.sources if (s.kind, s.id) != (kind, id))
        return self if len(kept) == len(self.sources) else replace(self, sources=kept)

    def ended(self, cause: Cause, at: str) -> "Membership":
        """Taken out by name: without any source, and out of AutoSync's reach. Who is not in cannot be taken out."""
        return replace(self, sources=(), blocked=Block(at, cause)) if self.sources else self

    def freed(self) -> "Membership":
        """Within AutoSync's reach again."""
        return replace(self, blocked=None) if self.blocked else self

    def counted(self, uncounted: Collection[str]) -> "Membership | None":
        """As readers see it; None for who is no member."""
        sources = tuple(s for s in self.sources if s.id not in uncounted) if uncounted else self.sources
        return replace(self, sources=sources) if sources else None

    def transition(self, uncounted: Collection[str]) -> Transition | None:
        """What has become true since the last time that something was told."""
        inside = self.counted(uncounted) is not None
        if inside == self.inside:
            return None
        return "segment_entered" if inside else "segment_left"


@dataclass(frozen=True, slots=True)
class Standing:
    """All memberships of a record as they are stored, and the version of the evaluations that wrote them."""

    ref: Ref
    version: int = 0
    #: When the time alone may next change one of them; "" for never.
    flip_at: str = ""
    memberships: tuple[Membership, ...] = ()

    def of(self, segment: str) -> Membership:
        return next((m for m in self.memberships if m.segment == segment), Membership(segment, self.ref))
