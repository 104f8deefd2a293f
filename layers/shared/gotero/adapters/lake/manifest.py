"""The manifest of a dataset: the parts that together are its rows, and how fresh they are."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

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
class Manifest:
    #: Which life of the dataset: numbers of batches mean nothing across two of them.
    epoch: str
    #: The number that the next batch gets.
    next: int
    #: When the newest batch was projected, and how many seconds after its writes.
    as_of: str
    lag: float
    parts: tuple[Part, ...] = ()

    def with_batch(self, key: str, rows: int, size: int, as_of: str, lag: float) -> "Manifest":
        part = Part(key, level=0, rows=rows, size=size, first=self.next, last=self.next)
        # Two writers may commit in the other order than they began.
        newest = {"as_of": as_of, "lag": lag} if as_of >= self.as_of else {}
        return replace(self, next=self.next + 1, parts=(*self.parts, part), **newest)  # type: ignore[arg-type]  # a plain dict

    def to_fold(self) -> tuple[Part, ...]:
        """The parts of the lowest level that has too many; none when no level has."""
        for level in sorted({part.level for part in self.parts}):
            same = tuple(part for part in self.parts if part.level == level)
            if len(same) > FAN_IN:
                return same
        return ()

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
        return cls(data["epoch"], data["next"], data["as_of"], data["lag"], parts)


def manifest_key(dataset: str) -> str:
    return f"{dataset}/manifest.json"


def parts_prefix(dataset: str) -> str:
    return f"{dataset}/part/"
