"""Definitions and small facts in memory, with the same refusals as on DynamoDB."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from gotero.domain.errors import ConflictError, DuplicateError, NotFoundError
from gotero.ports import Clock, Definition


class MemoryDefinitions:
    """`Definitions` in a dictionary."""

    def __init__(self, *definitions: Definition) -> None:
        self._stored = {(d.kind, d.id): d for d in definitions}
        self._names: dict[tuple[str, str, str], str] = {}
        self._listed: dict[str, list[Definition]] = {}

    def get(self, kind: str, id: str) -> Definition | None:
        return self._stored.get((kind, id))

    def all(self, kind: str) -> list[Definition]:
        return self._all(kind)

    def _all(self, kind: str) -> list[Definition]:
        if kind not in self._listed:
            self._listed[kind] = [d for (k, _), d in sorted(self._stored.items()) if k == kind]
        return self._listed[kind]

    def look(self) -> None:
        """What is in memory is seen as it is."""

    def seen(self, kind: str) -> list[Definition]:
        return self._all(kind)

    def seen_one(self, kind: str, id: str) -> Definition | None:
        return self.get(kind, id)

    def put(self, definition: Definition, *, names: Mapping[str, str] | None = None) -> None:
        stored = self._stored.get((definition.kind, definition.id))
        if (stored.version if stored else 0) != definition.version - 1:
            raise ConflictError("the definition has another version")
        held = {(definition.kind, field, value.casefold()) for field, value in (names or {}).items()}
        for name in held:
            if self._names.get(name, definition.id) != definition.id:
                raise DuplicateError(name[1], self._names[name])
        self._names = {n: h for n, h in self._names.items() if (n[0], h) != (definition.kind, definition.id)}
        self._names |= dict.fromkeys(held, definition.id)
        self._stored[definition.kind, definition.id] = definition
        self._listed.pop(definition.kind, None)

    def delete(self, kind: str, id: str) -> None:
        if self._stored.pop((kind, id), None) is None:
            raise NotFoundError(kind)
        self._listed.pop(kind, None)
        self._names = {n: h for n, h in self._names.items() if (n[0], h) != (kind, id)}


class MemoryCounters:
    """`Counters` in a counter."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, key: str, window: str, keep_days: int = 2) -> int:
        self.counts[key, window] += 1
        return self.counts[key, window]


class MemoryRests:
    """`Rests` in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._resting: dict[str, tuple[str, datetime]] = {}

    def begin(self, name: str, holder: str, until: datetime) -> bool:
        known, end = self._resting.get(name, (holder, until))
        if known != holder and end > self._clock.now():
            return False
        self._resting[name] = (holder, until)
        return True


class MemoryMarks:
    """`Marks` in a dictionary."""

    def __init__(self) -> None:
        self._stored: dict[str, str] = {}

    def get(self, name: str) -> str:
        return self._stored.get(name, "")

    def put(self, name: str, value: str) -> None:
        self._stored[name] = value
