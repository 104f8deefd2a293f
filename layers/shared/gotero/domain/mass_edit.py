"""Which of many records are meant, and what is laid over each of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from gotero.domain.record import Record

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Records of a module: by id, or what a condition and words find, or the members of a segment."""

    module: str
    ids: tuple[str, ...] | None = None
    condition: Json | None = None
    search: str | None = None
    segment: str | None = None

    def to_json(self) -> Json:
        ids = list(self.ids) if self.ids is not None else None
        found = {"condition": self.condition, "search": self.search, "segment": self.segment}
        return {"module": self.module, "ids": ids, **found}

    @classmethod
    def from_json(cls, data: Json) -> "Chosen":
        ids = None if data["ids"] is None else tuple(data["ids"])
        return cls(data["module"], ids, data["condition"], data["search"], data["segment"])


@dataclass(frozen=True, slots=True)
class Edit:
    """What is laid over each of them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    owner: str | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.values or self.owner or self.add_tags or self.remove_tags)

    def to_json(self) -> Json:
        tags = {"add_tags": list(self.add_tags), "remove_tags": list(self.remove_tags)}
        return {"values": dict(self.values), "owner": self.owner, **tags}

    @classmethod
    def from_json(cls, data: Json) -> "Edit":
        return cls(data["values"], data["owner"], tuple(data["add_tags"]), tuple(data["remove_tags"]))

    def tags_of(self, record: Record) -> tuple[str, ...]:
        kept = [tag for tag in record.tags if tag not in self.remove_tags]
        return (*kept, *(tag for tag in self.add_tags if tag not in kept))


def differences(before: Record, after: Record) -> Json | None:
    """{"before": {…}, "after": {…}} of the parts that are another one; None where there are none."""
    old, new = _parts(before), _parts(after)
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if not names:
        return None
    return {"before": {n: old.get(n) for n in names}, "after": {n: new.get(n) for n in names}}


def undone(record: Record, row: Json) -> tuple[Json, list[str]]:
    """The parts to lay back over a record as it stands now, and those that somebody has changed since.

    Tags are looked at one by one: those that were added go, those that were taken away come back.
    """
    now = _parts(record)
    back: Json = {}
    left: list[str] = []
    for name, old in row["before"].items():
        new = row["after"][name]
        if name == "tags":
            added, removed = set(new) - set(old), [tag for tag in old if tag not in new]
            kept = [tag for tag in record.tags if tag not in added]
            back[name] = [*kept, *(tag for tag in removed if tag not in kept)]
        elif now.get(name) == new:
            back[name] = old
        elif now.get(name) != old:
            left.append(name)
    return {name: value for name, value in back.items() if now.get(name) != value}, left


def marks(record: Record) -> dict[str, str]:
    """A digest of each part that holds something: enough to see later whether it is another one."""
    return {
        name: sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]
        for name, value in _parts(record).items()
        if value not in (None, "", [])
    }


def _parts(record: Record) -> Json:
    return {**record.values, "owner": record.owner, "tags": list(record.tags)}
