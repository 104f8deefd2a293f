"""The people of the send simulation, what they are sent, and the lake's lists of them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks.send_world import World
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.records import MemoryRecords
from gotero.domain.message import Message
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.domain.template import CompiledTemplate
from gotero.ports import Definition, IndexKeys, Json

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


def sharing(refs: list[Ref]) -> list[Ref]:
    """Those with one address."""
    return refs[13::400]


class Sharers:
    """Whoever gets their address now often leaves while the mail is on its way; the last of them stays."""

    def __init__(self, world: World, records: MemoryRecords, refs: list[Ref]) -> None:
        self._world, self._records, self._people = world, records, sharing(refs)

    def hear_of(self, refused: Sequence[Message]) -> None:
        left = {message.key.recipient for message in refused}
        for place, ref in enumerate(self._people):
            if ref in left:
                self.leave(place + 1)

    def leave(self, place: int) -> None:
        for ref in self._people[place:-1][:1]:
            self._world.at(self._world.random.uniform(0, 6), partial(self._left, ref))

    def _left(self, ref: Ref) -> None:
        before = self._records.get(ref)
        if before:
            after = replace(before, values={**before.values, "do_not_email": True}, version=before.version + 1)
            event = RecordEvent(f"{ref.id}-left", "modify", Cause("user", "u1"), AT)
            self._records.update(after, event, IndexKeys(), IndexKeys())


def house() -> MemoryDefinitions:
    compiled = CompiledTemplate("Hola", "<p>Hola</p>", "Hola", "es", (), ())
    return MemoryDefinitions(
        Definition("settings", "company", {"name": "Huerta", "sender": "hola@huerta.example"}, 1, AT, AT),
        Definition("templates", "t1", {"name": "t", "compiled": compiled.to_json()}, 1, AT, AT),
    )


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
