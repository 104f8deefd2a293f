"""Records, messages and the lake as one user sees them: what is hidden is not there.

They are put in the place of the ports when a request is served (entry/wiring.py), so that no use case has to think of
it: what it asks for and may not be seen is absent, as if it had never been.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

from gotero.domain.errors import HIDDEN, DuplicateError
from gotero.domain.message import Message, MessageKey
from gotero.domain.narrowing import narrowed
from gotero.domain.record import Record, RecordEvent, Ref
from gotero.domain.visibility import Sight
from gotero.ports import Count, IndexKeys, Json, Lists, MessageReader, Page, Post, Records, Sizes


class SightedRecords:
    """`Records` of which hidden ones are not read, and so not written; all else is the port's own.

    Unique values are everybody's, but that a hidden record holds one is all that is told of it.
    """

    def __init__(self, inner: Records, sight: Sight, own: Collection[Ref] = ()) -> None:
        """`own`: what whoever asks has just made himself, whoever it belongs to by now."""
        self._inner, self._sight, self._own = inner, sight, own

    def get(self, ref: Ref) -> Record | None:
        record = self._inner.get(ref)
        return record if record and self._sees(record) else None

    def get_many(self, refs: Sequence[Ref]) -> dict[Ref, Record]:
        return {ref: record for ref, record in self._inner.get_many(refs).items() if self._sees(record)}

    def find_unique(self, module: str, field: str, key: str) -> str | None:
        return self.holders(module, field, [key]).get(key)

    def holders(self, module: str, field: str, keys: Sequence[str]) -> dict[str, str]:
        held = self._inner.holders(module, field, keys)
        seen = self.get_many([Ref(module, id) for id in held.values()])
        return {key: id if Ref(module, id) in seen else HIDDEN for key, id in held.items()}

    def create(self, record: Record, event: RecordEvent, keys: IndexKeys) -> None:
        with self._discreetly(record):
            self._inner.create(record, event, keys)

    def update(self, record: Record, event: RecordEvent, before: IndexKeys, after: IndexKeys) -> None:
        with self._discreetly(record):
            self._inner.update(record, event, before, after)

    def with_address(self, address: str, limit: int, after: str | None = None) -> tuple[list[Ref], str | None]:
        refs, following = self._inner.with_address(address, limit, after)
        seen = self.get_many(refs)
        return [ref for ref in refs if ref in seen], following

    def posts(self, ref: Ref) -> list[Post]:
        return self._inner.posts(ref) if self.get(ref) else []

    def _sees(self, record: Record) -> bool:
        return record.ref in self._own or self._sight.sees(record.ref, record.owner)

    @contextmanager
    def _discreetly(self, record: Record) -> Iterator[None]:
        try:
            yield
        except DuplicateError as error:
            if self.get(Ref(record.module, error.holder_id)):
                raise
            raise DuplicateError(error.path, HIDDEN) from error

    def __getattr__(self, name: str) -> Any:
        # References and links are everybody's: what is written has been read above.
        return getattr(self._inner, name)


def seen_records(records: Records, sight: Sight, own: Collection[Ref] = ()) -> Records:
    """The port itself for whoever sees everything."""
    return records if sight.everything else cast("Records", SightedRecords(records, sight, own))


@dataclass(frozen=True, slots=True)
class SightedMessages:
    """Single messages, of recipients that are seen; of one who is gone for ever, everybody's."""

    inner: MessageReader
    records: Records
    sight: Sight

    def get(self, key: MessageKey) -> Message | None:
        message = self.inner.get(key)
        if message is None or key.recipient.module not in self.sight.owners:
            return message
        recipient = self.records.get(key.recipient)
        return message if recipient is None or self.sight.sees(key.recipient, recipient.owner) else None


@dataclass(frozen=True, slots=True)
class SightedLake:
    """Lists and counts of what is seen; totals of segments and campaigns count everybody."""

    inner: Lists
    sight: Sight

    def page(
        self,
        module: str,
        *,
        condition: Json | None = None,
        search: str | None = None,
        sort: Sequence[tuple[str, bool]] = (),
        limit: int = 50,
        after: list[Any] | None = None,
        binned: bool = False,
    ) -> Page:
        seen = narrowed(condition, module, self.sight)
        return self.inner.page(
            module, condition=seen, search=search, sort=sort, limit=limit, after=after, binned=binned
        )

    def group(
        self,
        module: str,
        by: str,
        *,
        condition: Json | None = None,
        search: str | None = None,
        limit: int = 200,
        initial: bool = False,
    ) -> tuple[list[tuple[str | None, int]], str, bool]:
        seen = narrowed(condition, module, self.sight)
        return self.inner.group(module, by, condition=seen, search=search, limit=limit, initial=initial)

    def count(self, module: str, condition: Json | None, sample: int = 5, search: str | None = None) -> Count:
        return self.inner.count(module, narrowed(condition, module, self.sight), sample, search)

    def members(
        self,
        segment: str,
        *,
        module: str | None = None,
        limit: int = 50,
        after: list[Any] | None = None,
        owners: Mapping[str, Collection[str]] | None = None,
    ) -> Page:
        both = self.sight.owners if owners is None else {**owners, **self.sight.owners}
        return self.inner.members(segment, module=module, limit=limit, after=after, owners=both)

    def sizes(self, segment: str | None = None) -> Sizes:
        return self.inner.sizes(segment)

    def blocked(
        self,
        segment: str,
        *,
        module: str,
        limit: int = 50,
        after: list[Any] | None = None,
        owners: Mapping[str, Collection[str]] | None = None,
    ) -> Page:
        both = self.sight.owners if owners is None else {**owners, **self.sight.owners}
        return self.inner.blocked(segment, module=module, limit=limit, after=after, owners=both)

    def segment_moves(self, segment: str, unit: Literal["hour", "day"]) -> list[Json]:
        return self.inner.segment_moves(segment, unit)

    def member_counts(self, segment: str) -> dict[str, int]:
        return self.inner.member_counts(segment)
