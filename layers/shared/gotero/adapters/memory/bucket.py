"""The lake's bucket in memory, with S3's conditional writes, a clock of its own, and a count of what was asked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from gotero.adapters.lake.objects import Found


class MemoryObjects:
    def __init__(self) -> None:
        self.stored: dict[str, tuple[bytes, str, datetime]] = {}
        self.asked: Counter[str] = Counter()
        self.time = datetime(2026, 1, 1, tzinfo=UTC)
        self._etags = 0

    def get(self, key: str, unless: str | None = None) -> Found | None:
        self.asked["get"] += 1
        body, etag, _ = self.stored[key]
        return None if etag == unless else Found(body, etag)

    def get_many(self, keys: Sequence[str]) -> list[bytes]:
        self.asked["get"] += len(keys)
        return [self.stored[key][0] for key in keys]

    def put(self, key: str, body: bytes) -> None:
        self.asked["put"] += 1
        self._store(key, body)

    def switch(self, key: str, body: bytes, etag: str | None) -> str | None:
        self.asked["put"] += 1
        present = self.stored.get(key)
        if (present[1] if present else None) != etag:
            return None
        return self._store(key, body)

    def list(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        return iter([(key, at) for key, (_, _, at) in self.stored.items() if key.startswith(prefix)])

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            del self.stored[key]

    def _store(self, key: str, body: bytes) -> str:
        self._etags += 1
        self.time += timedelta(seconds=1)
        self.stored[key] = (body, f"e{self._etags}", self.time)
        return f"e{self._etags}"
