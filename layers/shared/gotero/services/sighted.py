"""Records, messages and the lake as one user sees them: what is hidden is not there.

They are put in the place of the ports when a request is served (entry/wiring.py), so that no use case has to think of
it: what it asks for and may not be seen is absent, as if it had never been.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain.message import Message, MessageKey
from gotero.domain.record import Record, Ref
from gotero.domain.visibility import Sight, narrowed
from gotero.ports import Count, Json, Lists, MessageReader, Page, Post, Records, Sizes


class SightedRecords:
    """`Records` of which hidden ones are not read, and so not written; all else is the port's own."""

    def __init__(self, inner: Records, sight: Sight) -> None:
        self._inner, self._sight = inner, sight

    def get(self, ref: Ref) -> Record | None:
        record = self._inner.get(ref)
        return record if record and self._sight.sees(ref, record.owner) else None

    def get_many(self, refs: Sequence[Ref]) -> dict[Ref, Record]:
        found = self._inner.get_many(refs)
        return {ref: record for ref, record in found.items() if self._sight.sees(ref, record.owner)}

    def with_address(self, address: str, limit: int, after: str | None = None) -> tuple[list[Ref], str | None]:
        refs, following = self._inner.with_address(address, limit, after)
        seen = self.get_many(refs)
        return [ref for ref in refs if ref in seen], following

    def posts(self, ref: Ref) -> list[Post]:
        return self._inner.posts(ref) if self.get(ref) else []

    def __getattr__(self, name: str) -> Any:
        # Uniqueness, references and writes are everybody's: what is written has been read above.
        return getattr(self._inner, name)


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
        seen = narrowed(condition, self.sight.condition(module))
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
        seen = narrowed(condition, self.sight.condition(module))
        return self.inner.group(module, by, condition=seen, search=search, limit=limit, initial=initial)

    def count(self, module: str, condition: Json | None, sample: int = 5, search: str | None = None) -> Count:
        return self.inner.count(module, narrowed(condition, self.sight.condition(module)), sample, search)

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
