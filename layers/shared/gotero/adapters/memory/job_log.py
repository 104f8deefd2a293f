"""`JobLog` in a dictionary."""

import json
from collections.abc import Sequence
from datetime import datetime

from gotero.ports import Json


class MemoryJobLog:
    def __init__(self) -> None:
        self._notes: dict[tuple[str, str], str] = {}

    def write(self, job_id: str, name: str, rows: Sequence[Json], keep_until: datetime) -> None:
        self._notes[job_id, name] = json.dumps(rows)

    def read(self, job_id: str, name: str) -> list[Json] | None:
        note = self._notes.get((job_id, name))
        return None if note is None else list(json.loads(note))

    def forget(self, job_id: str, name: str) -> None:
        self._notes.pop((job_id, name), None)

    def page(self, job_id: str, kind: str, limit: int, after: str | None = None) -> tuple[list[Json], str | None]:
        names = sorted(n for id, n in self._notes if id == job_id and n.startswith(f"{kind}#") and n > (after or ""))
        rows = [row for name in names[:limit] for row in json.loads(self._notes[job_id, name])]
        return rows, names[limit - 1] if len(names) > limit else None
