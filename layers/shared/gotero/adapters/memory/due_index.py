"""`DueIndex` in memory."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from gotero.domain import instant
from gotero.ports import Due, Json

PAGE = 100


class MemoryDueIndex:
    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Due] = {}

    def put(self, at: datetime, thing: str, payload: Json) -> None:
        self._entries[instant.write(at), thing] = Due(at, thing, payload)

    def put_many(self, entries: Sequence[Due]) -> None:
        for entry in entries:
            self.put(entry.at, entry.thing, entry.payload)

    def due(self, until: datetime) -> Iterator[list[Due]]:
        found = [self._entries[key] for key in sorted(self._entries) if key[0] <= instant.write(until)]
        for start in range(0, len(found), PAGE):
            yield found[start : start + PAGE]

    def done(self, entries: Sequence[Due]) -> None:
        for entry in entries:
            self._entries.pop((instant.write(entry.at), entry.thing), None)
