"""The manifest of a dataset: the parts that together are its rows, and how fresh they are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import uuid4

#: Parts of one level before they are folded into one of the next. Each row is rewritten once a level, so
#: log16(batches) times in all; a reader that starts cold fetches at most 16 parts a level.
FAN_IN = 16


@dataclass(frozen=True, slots=True)
class Part:
    """One immutable object. It holds the batches numbered `first` to `last`, with no gap to or overlap with others."""

    key: str
    level: int
    rows: int
    size: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """A part of a new generation, which has no number yet."""

    key: str
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A dataset at one instant. Every change is a new one, switched in where the one before it still stands."""

    #: Which life of the dataset: numbers of batches mean nothing across two of them.
    epoch: str
    #: The number that the next batch gets.
    next: int
    #: When the newest batch was projected, and how many seconds after its writes.
    as_of: str
    lag: float
    parts: tuple[Part, ...] = ()
    #: The job that rebuilds the dataset, and the last batch that was there when it began.
    rebuild: str = ""
    barrier: int = 0
    #: What has been forgotten since then, with the versions that may stay: it may have been read before.
    forgotten: Mapping[str, int] = field(default_factory=dict)
    #: The job that made it anew last.
    rebuilt_by: str = ""

    def with_batch(self, key: str, rows: int, size: int, as_of: str, lag: float) -> "Manifest":
        part = Part(key, level=0, rows=rows, size=size, first=self.next, last=self.next)
        # Two writers may commit in the other order than they began.
        newest = {"as_of": as_of, "lag": lag} if as_of >= self.as_of else {}
        return replace(self, next=self.next + 1, parts=(*self.parts, part), **newest)  # type: ignore[arg-type]  # a plain dict

    def to_fold(self) -> tuple[Part, ...]:
        """The parts of the lowest level that has too many; none when no level has.

        What came after a rebuild began is not folded into what it replaces.
        """
        for kind in sorted({self._kind(part) for part in self.parts}):
            same = tuple(part for part in self.parts if self._kind(part) == kind)
            if len(same) > FAN_IN:
                return same
        return ()

    def _kind(self, part: Part) -> tuple[int, bool]:
        return part.level, part.first > self.barrier

    def rebuilding(self, job: str) -> "Manifest | None":
        """With the line drawn up to which the job replaces what is there; None when it has drawn it."""
        return None if self.rebuild == job else replace(self, rebuild=job, barrier=self.next - 1, forgotten={})

    def given_up(self, job: str) -> "Manifest | None":
        """Without the line of a rebuild that goes on no more; None when it is not drawn any longer."""
        return replace(self, rebuild="", barrier=0, forgotten={}) if self.rebuild == job else None

    def forgetting(self, newest: Mapping[str, int]) -> "Manifest | None":
        """With these versions noted for a rebuild that is under way; None when there is nothing to note."""
        noted = {**self.forgotten, **newest}
        return replace(self, forgotten=noted) if self.rebuild and noted != self.forgotten else None

    def rebuilt(self, job: str, parts: Sequence[Fresh], forgotten: Mapping[str, int]) -> "Manifest | None":
        """The parts in place of all batches up to the line, numbered anew; None when that is not this job's to do, or
        more has been forgotten than the parts are without.

        As many of a level as are not yet folded: the generation is not rewritten by the next append.
        """
        if self.rebuild != job or self.forgotten != forgotten:
            return None
        made = [Part(p.key, 1 + i // FAN_IN, p.rows, p.size, i + 1, i + 1) for i, p in enumerate(parts)]
        by = len(made) - self.barrier
        kept = [replace(p, first=p.first + by, last=p.last + by) for p in self.parts if p.first > self.barrier]
        after = replace(self, epoch=uuid4().hex, next=self.next + by, parts=(*made, *kept), rebuilt_by=job)
        return after.given_up(job)

    def folded(self, old: Sequence[Part], key: str, rows: int, size: int) -> "Manifest | None":
        """`old` replaced by the part that holds their rows; None when somebody else has folded one of them."""
        gone = set(old)
        if not gone <= set(self.parts):
            return None
        new = Part(key, old[0].level + 1, rows, size, first=min(p.first for p in old), last=max(p.last for p in old))
        kept = [part for part in self.parts if part not in gone]
        return replace(self, parts=tuple(sorted([*kept, new], key=lambda part: part.first)))

    def rewritten(self, old: Part, key: str, rows: int, size: int) -> "Manifest | None":
        """`old` replaced by what is left of its batches; None when it has been folded meanwhile."""
        if old not in self.parts:
            return None
        new = replace(old, key=key, rows=rows, size=size)
        return replace(self, parts=tuple(new if part == old else part for part in self.parts))

    def since(self, applied: int) -> tuple[Part, ...]:
        """The parts that hold batches later than `applied`."""
        return tuple(part for part in self.parts if part.last > applied)

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Manifest":
        data: dict[str, Any] = json.loads(body)
        parts = tuple(Part(**part) for part in data["parts"])
        under_way = {name: data[name] for name in ("rebuild", "barrier", "forgotten", "rebuilt_by") if name in data}
        return cls(data["epoch"], data["next"], data["as_of"], data["lag"], parts, **under_way)


def manifest_key(dataset: str) -> str:
    return f"{dataset}/manifest.json"


def parts_prefix(dataset: str) -> str:
    return f"{dataset}/part/"


def staged_prefix(dataset: str, job: str) -> str:
    """What the parts begin with that a rebuild has read and no manifest names yet."""
    return f"{parts_prefix(dataset)}rebuilt-{job}-"
