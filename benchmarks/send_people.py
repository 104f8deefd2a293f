"""The people of the send simulation, what they are sent, and the lake's lists of them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from gotero.adapters.memory.records import MemoryRecords
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.domain.template import CompiledTemplate
from gotero.ports import IndexKeys, Json

AT = "2026-11-21T08:00:00.000Z"


def records_of(refs: Sequence[Ref]) -> MemoryRecords:
    records = MemoryRecords()
    for index, ref in enumerate(refs):
        record = Record(ref.module, ref.id, f"CON-{index}", "u1", _values(index), AT, "u1", AT)
        records.create(record, RecordEvent(ref.id, "create", Cause("system", "seed"), AT), IndexKeys())
    return records


def _values(index: int) -> Json:
    """Some have no address, some a broken one, some share one."""
    if index % 50 == 7:
        return {}
    if index % 100 == 11:
        return {"email": "broken@"}
    return {"email": "info@example.com" if index % 400 == 13 else f"p{index}@example.com"}


def compiled() -> CompiledTemplate:
    return CompiledTemplate("Hola", "<p>Hola</p>", "Hola", "es", (), ())


class Listed:
    """`Lake`, as far as freezing asks."""

    def __init__(self, refs: Sequence[Ref]) -> None:
        self._refs = sorted(refs, key=_place)

    def audience(self, audience: object, batch: int, after: Ref | None = None) -> Iterator[list[Ref]]:
        begin = bisect_right(self._refs, _place(after), key=_place) if after else 0
        for start in range(begin, len(self._refs), batch):
            yield self._refs[start : start + batch]

    def caught_up(self) -> bool:
        return True


def _place(ref: Ref) -> tuple[str, str]:
    return ref.module, ref.id


class ByJob:
    """Each job has a segment of its own, of its name."""

    def __init__(self, audiences: dict[str, list[Ref]]) -> None:
        self._audiences = audiences
        self._lists: dict[str, Listed] = {}

    def audience(self, audience: Any, batch: int, after: Ref | None = None) -> Any:
        job = audience.segments[0]
        if job not in self._lists:
            self._lists[job] = Listed(self._audiences[job])
        return self._lists[job].audience(audience, batch, after)

    def caught_up(self) -> bool:
        return True
