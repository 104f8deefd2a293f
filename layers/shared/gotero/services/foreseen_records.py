"""Records that are about to be looked at one by one, read in a few calls beforehand; with a rehearsal mode.

The services that write a record run on it unchanged: what was foreseen costs no further call, what was not is asked
as ever. What a write finds different is forgotten, so that the next look sees the truth. In a rehearsal nothing is
written, and every look sees what would have been.
"""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from gotero.domain.errors import ConflictError, DuplicateError
from gotero.domain.numbering import Numbering
from gotero.domain.record import Record, RecordEvent, Ref
from gotero.ports import IndexKeys, Numbers, Records


class ForeseenRecords:
    """`Records` as far as a step needs them, read in batches beforehand; a rehearsal writes to itself alone."""

    def __init__(self, records: Records, *, rehearsal: bool = False) -> None:
        self._records, self._rehearsal = records, rehearsal
        self._known: dict[Ref, Record | None] = {}
        self._holders: dict[tuple[str, str, str], str | None] = {}

    def foresee(self, module: str, refs: Sequence[Ref], keys: Mapping[str, Sequence[str]]) -> None:
        """Read these records, those that hold these unique values (field -> keys), in batches."""
        wanted = dict.fromkeys(refs)
        for field, values in keys.items():
            held = self._records.holders(module, field, list(dict.fromkeys(values)))
            self._holders |= {(module, field, value): held.get(value) for value in values}
            wanted |= dict.fromkeys(Ref(module, id) for id in held.values())
        found = self._records.get_many(list(wanted)) if wanted else {}
        self._known |= {ref: found.get(ref) for ref in wanted}

    def rehearsing(self) -> "ForeseenRecords":
        """The same, as it is known now, for looking ahead: nothing is written."""
        ahead = ForeseenRecords(self._records, rehearsal=True)
        ahead._known, ahead._holders = dict(self._known), dict(self._holders)
        return ahead

    # -- Records, as far as the services that write one ask for it ----------------------------------------------

    def get(self, ref: Ref) -> Record | None:
        return self._known[ref] if ref in self._known else self._records.get(ref)

    def get_many(self, refs: Sequence[Ref]) -> dict[Ref, Record]:
        unknown = [ref for ref in refs if ref not in self._known]
        found = self._records.get_many(unknown) if unknown else {}
        return found | {ref: known for ref in refs if (known := self._known.get(ref)) is not None}

    def find_unique(self, module: str, field: str, key: str) -> str | None:
        if (module, field, key) in self._holders:
            return self._holders[module, field, key]
        return self._records.find_unique(module, field, key)

    def create(self, record: Record, event: RecordEvent, keys: IndexKeys) -> None:
        try:
            if not self._rehearsal:
                self._records.create(record, event, keys)
        except DuplicateError as error:
            self._forget(record, keys)
            self._holders[record.module, error.path.removeprefix("values."), _key(keys, error)] = error.holder_id
            raise
        except ConflictError:
            self._forget(record, keys)
            raise
        self._learn(record, IndexKeys(), keys)

    def update(self, record: Record, event: RecordEvent, before: IndexKeys, after: IndexKeys) -> None:
        try:
            if self._rehearsal:
                self._refuse_held(record, after)
            else:
                self._records.update(record, event, before, after)
        except ConflictError:
            self._forget(record, after)
            raise
        self._learn(record, before, after)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    # -- what is known -------------------------------------------------------------------------------------------

    def _refuse_held(self, record: Record, keys: IndexKeys) -> None:
        for field, value in keys.unique.items():
            holder = self.find_unique(record.module, field, value)
            if holder not in (None, record.id):
                raise DuplicateError(f"values.{field}", str(holder))

    def _learn(self, record: Record, before: IndexKeys, after: IndexKeys) -> None:
        self._known[record.ref] = record
        self._holders |= {(record.module, field, value): None for field, value in before.unique.items()}
        self._holders |= {(record.module, field, value): record.id for field, value in after.unique.items()}

    def _forget(self, record: Record, keys: IndexKeys) -> None:
        self._known.pop(record.ref, None)
        for field, value in keys.unique.items():
            self._holders.pop((record.module, field, value), None)


def _key(keys: IndexKeys, error: DuplicateError) -> str:
    return keys.unique.get(error.path.removeprefix("values."), "")


class BlockNumbers:
    """Numbers for the creations of one step, drawn in small blocks: what a refused row leaves over is a gap."""

    BLOCK = 20

    def __init__(self, numbers: Numbers, expected: int) -> None:
        """`expected` is how many will be drawn at most."""
        self._numbers, self._left = numbers, expected
        self._block: list[str] = []
        self._lock = Lock()

    def draw(self, kind: str, count: int, usual: Numbering) -> list[str]:
        with self._lock:
            if len(self._block) < count:
                size = max(count, min(self.BLOCK, self._left))
                self._left -= size
                self._block += self._numbers.draw(kind, size, usual)
            drawn, self._block = self._block[:count], self._block[count:]
            return drawn

    def __getattr__(self, name: str) -> Any:
        return getattr(self._numbers, name)


class NoNumbers:
    """For a rehearsal: nothing is drawn."""

    def draw(self, kind: str, count: int, usual: Numbering) -> list[str]:
        return [""] * count
