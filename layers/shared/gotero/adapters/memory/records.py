"""Records, numbers and timelines in memory, with the same refusals as on DynamoDB."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from threading import RLock

from gotero.domain.errors import AppliedError, ConflictError, DuplicateError
from gotero.domain.modules import LINK
from gotero.domain.numbering import Numbering
from gotero.domain.record import Cause, Change, Record, RecordEvent, Ref
from gotero.domain.record_link import RecordLink, heard_at_both_ends
from gotero.ports import IndexKeys, Post, TimelineEntry


class MemoryRecords:
    """`Records` in a dictionary. `on_change` is its stream: it hears every write, after it."""

    def __init__(self, on_change: Callable[[Change], None] | None = None) -> None:
        self._lock = RLock()
        self._records: dict[Ref, Record] = {}
        self._unique: dict[tuple[str, str, str], str] = {}
        self._addresses: defaultdict[str, dict[Ref, None]] = defaultdict(dict)
        self._pointing: defaultdict[tuple[Ref, str, str], set[str]] = defaultdict(set)
        self._posts: defaultdict[Ref, dict[str, Post]] = defaultdict(dict)
        self._matched: dict[tuple[Ref, str], str] = {}
        self._applied: set[tuple[Ref, str]] = set()
        self.links: dict[tuple[Ref, Ref], RecordLink] = {}
        self.on_change = on_change
        self.events: list[RecordEvent] = []

    def get(self, ref: Ref) -> Record | None:
        return self._records.get(ref)

    def get_many(self, refs: Sequence[Ref]) -> dict[Ref, Record]:
        return {ref: self._records[ref] for ref in refs if ref in self._records}

    def find_unique(self, module: str, field: str, key: str) -> str | None:
        return self._unique.get((module, field, key))

    def holders(self, module: str, field: str, keys: Sequence[str]) -> dict[str, str]:
        held = ((key, self._unique.get((module, field, key))) for key in keys)
        return {key: id for key, id in held if id is not None}

    def with_address(self, address: str, limit: int, after: str | None = None) -> tuple[list[Ref], str | None]:
        refs = sorted((ref for ref in self._addresses[address] if after is None or str(ref) > after), key=str)
        return refs[:limit], str(refs[limit - 1]) if len(refs) > limit else None

    def create(self, record: Record, event: RecordEvent, keys: IndexKeys) -> None:
        with self._lock:
            if record.ref in self._records:
                raise ConflictError("the record exists")
            self._write(record, event, IndexKeys(), keys)
        self._tell(Change(event, record))

    def update(self, record: Record, event: RecordEvent, before: IndexKeys, after: IndexKeys) -> None:
        with self._lock:
            stored = self._records.get(record.ref)
            if (record.ref, event.cause.execution) in self._applied:
                raise AppliedError("applied")
            if stored is None or stored.version != record.version - 1:
                raise ConflictError("the record has another version")
            self._write(record, event, before, after)
            if event.cause.execution:
                self._applied.add((record.ref, event.cause.execution))
        self._tell(Change(event, record, stored))

    def pointing(
        self, target: Ref, module: str, field: str, limit: int, after: str | None = None
    ) -> tuple[list[Ref], str | None]:
        ids = sorted(id for id in self._pointing[target, module, field] if after is None or id > after)
        return [Ref(module, id) for id in ids[:limit]], ids[limit - 1] if len(ids) > limit else None

    def posts(self, ref: Ref) -> list[Post]:
        return list(self._posts[ref].values())

    def forget(self, ref: Ref) -> None:
        with self._lock:
            for key in [key for key in self._matched if key[0] == ref]:
                del self._matched[key]
            for target in [target for target in self._pointing if target[0] == ref]:
                del self._pointing[target]
            self._applied = {key for key in self._applied if key[0] != ref}
            self._posts.pop(ref, None)

    def link(self, one: Ref, other: Ref, cause: Cause, at: str) -> bool:
        return self._turn(RecordLink.between(one, other), True, cause, at)

    def unlink(self, one: Ref, other: Ref, cause: Cause | None, at: str) -> bool:
        return self._turn(RecordLink.between(one, other), False, cause, at)

    def _turn(self, pair: RecordLink, linked: bool, cause: Cause | None, at: str) -> bool:
        with self._lock:
            before = self.links.get((pair.one, pair.other), pair)
            if before.linked == linked:
                return False
            after = self.links[pair.one, pair.other] = before.turned(at)
            for ref, other in after.ends:
                ids = self._pointing[ref, other.module, LINK]
                ids.add(other.id) if linked else ids.discard(other.id)
        for change in heard_at_both_ends(after, after.event(cause), self._living) if cause else ():
            self._tell(change)
        return True

    def _living(self, ref: Ref) -> Record | None:
        record = self._records.get(ref)
        return None if record is None or record.deleted_at else record

    def first_match(self, ref: Ref, workflow: str, event: str) -> bool:
        with self._lock:
            return self._matched.setdefault((ref, workflow), event) == event

    def applied(self, ref: Ref, cause: Cause, at: str) -> bool:
        with self._lock:
            known = (ref, cause.execution) in self._applied
            self._applied.add((ref, cause.execution))
            return not known

    def _write(self, record: Record, event: RecordEvent, before: IndexKeys, after: IndexKeys) -> None:
        for field, value in after.unique.items():
            holder = self._unique.get((record.module, field, value), record.id)
            if holder != record.id:
                raise DuplicateError(f"values.{field}", holder)
        for field, value in before.unique.items():
            self._unique.pop((record.module, field, value), None)
        for field, value in after.unique.items():
            self._unique[record.module, field, value] = record.id
        for address in before.addresses - after.addresses:
            self._addresses[address].pop(record.ref, None)
        for address in after.addresses:
            self._addresses[address][record.ref] = None
        for field, target in before.relations:
            self._pointing[target, record.module, field].discard(record.id)
        for field, target in after.relations:
            self._pointing[target, record.module, field].add(record.id)
        if event.form:
            self._posts[record.ref][event.id] = Post(event.form, event.at)
        self._records[record.ref] = record
        self.events.append(event)

    def _tell(self, change: Change) -> None:
        if self.on_change:
            self.on_change(change)


class MemoryNumbers:
    """`Numbers` counted in a dictionary."""

    def __init__(self) -> None:
        self._last: defaultdict[str, int] = defaultdict(int)
        self._written: dict[str, Numbering] = {}

    def draw(self, kind: str, count: int, usual: Numbering) -> list[str]:
        self._last[kind] += count
        numbering = self._written.get(kind, usual)
        return [numbering.text(n) for n in range(self._last[kind] - count + 1, self._last[kind] + 1)]

    def start_at(self, kind: str, number: int) -> None:
        self._last[kind] = max(self._last[kind], number - 1)

    def write_as(self, kind: str, numbering: Numbering) -> None:
        self._written[kind] = numbering

    def given(self) -> Mapping[str, tuple[int, Numbering | None]]:
        return {kind: (self._last[kind], self._written.get(kind)) for kind in {*self._last, *self._written}}


class MemoryTimeline:
    """`Timeline` in a dictionary by record."""

    def __init__(self) -> None:
        self._entries: defaultdict[Ref, dict[str, TimelineEntry]] = defaultdict(dict)

    def add(self, entries: Sequence[TimelineEntry]) -> None:
        for entry in entries:
            self._entries[entry.ref][f"{entry.at}#{entry.id}"] = entry

    def told(self, places: Collection[tuple[Ref, str, str]]) -> set[tuple[Ref, str, str]]:
        return {(ref, at, id) for ref, at, id in places if f"{at}#{id}" in self._entries[ref]}

    def forget(self, ref: Ref) -> None:
        self._entries.pop(ref, None)

    def page(self, ref: Ref, limit: int, after: str | None) -> tuple[list[TimelineEntry], str | None]:
        keys = sorted((key for key in self._entries[ref] if after is None or key < after), reverse=True)
        return [self._entries[ref][key] for key in keys[:limit]], keys[limit - 1] if len(keys) > limit else None
