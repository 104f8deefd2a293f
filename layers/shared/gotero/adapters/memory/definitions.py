"""Definitions, memberships and small facts in memory, with the same refusals as on DynamoDB."""

from collections import Counter
from collections.abc import Mapping

from gotero.domain.errors import ConflictError, DuplicateError, NotFoundError
from gotero.domain.record import Cause, Ref
from gotero.ports import Definition, Membership, Source


class MemoryDefinitions:
    """`Definitions` in a dictionary."""

    def __init__(self, *definitions: Definition) -> None:
        self._stored = {(d.kind, d.id): d for d in definitions}
        self._names: dict[tuple[str, str, str], str] = {}

    def get(self, kind: str, id: str) -> Definition | None:
        return self._stored.get((kind, id))

    def all(self, kind: str) -> list[Definition]:
        return [d for (k, _), d in sorted(self._stored.items()) if k == kind]

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

    def delete(self, kind: str, id: str) -> None:
        if self._stored.pop((kind, id), None) is None:
            raise NotFoundError(kind)
        self._names = {n: h for n, h in self._names.items() if (n[0], h) != (kind, id)}


class MemoryMemberships:
    """`Memberships` in a dictionary."""

    def __init__(self) -> None:
        self._stored: dict[tuple[str, Ref], Membership] = {}

    def of(self, ref: Ref) -> list[Membership]:
        return [m for (_, member), m in self._stored.items() if member == ref]

    def get(self, segment: str, ref: Ref) -> Membership | None:
        return self._stored.get((segment, ref))

    def add(self, segment: str, ref: Ref, source: Source) -> bool:
        known = self._stored.get((segment, ref))
        sources = known.sources if known else ()
        if any((s.kind, s.id) == (source.kind, source.id) for s in sources):
            return False
        since = known.since if known else source.since
        self._stored[segment, ref] = Membership(segment, ref, since, (*sources, source))
        return known is None

    def remove(self, segment: str, ref: Ref, source: tuple[str, str] | None, cause: Cause, at: str) -> bool:
        known = self._stored.get((segment, ref))
        if known is None:
            return False
        kept = tuple(s for s in known.sources if source and (s.kind, s.id) != source)
        if kept:
            self._stored[segment, ref] = Membership(segment, ref, known.since, kept)
            return False
        del self._stored[segment, ref]
        return True


class MemoryCounters:
    """`Counters` in a counter."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, key: str, window: str, keep_days: int = 2) -> int:
        self.counts[key, window] += 1
        return self.counts[key, window]
