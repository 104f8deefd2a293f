"""Timelines: what happened to a record, newest first from one partition. Entries that may go carry a TTL."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from pynamodb.attributes import MapAttribute, NumberAttribute, UnicodeAttribute

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item, plain
from gotero.domain import instant
from gotero.domain.record import Cause, Ref
from gotero.ports import TimelineEntry


class TimelineItem(Item):
    class Meta:
        table_name = FromEnv("TIMELINE_TABLE")

    kind = UnicodeAttribute()
    at = UnicodeAttribute()
    cause: MapAttribute[str, Any] = MapAttribute()
    data: MapAttribute[str, Any] = MapAttribute()
    ttl = NumberAttribute(null=True)


def item_of(entry: TimelineEntry) -> TimelineItem:
    gone = instant.read(entry.at) + timedelta(days=entry.keep_days) if entry.keep_days else None
    return TimelineItem(
        keys.record(entry.ref),
        keys.timeline(entry.at, entry.id),
        kind=entry.kind,
        at=entry.at,
        cause=entry.cause.to_json(),
        data=entry.data,
        ttl=int(gone.timestamp()) if gone else None,
    )


def entry_of(item: TimelineItem) -> TimelineEntry:
    """The entry in an item. How long it is kept stays with the item."""
    id, data = item.sk.removeprefix(f"{item.at}#"), plain(item.data)
    return TimelineEntry(Ref.parse(item.pk), item.at, item.kind, Cause.from_json(plain(item.cause)), id, data)


class DynamoTimeline:
    """`Timeline` on DynamoDB; an entry written twice is one item."""

    def add(self, entries: Sequence[TimelineEntry]) -> None:
        unique = {(entry.ref, entry.at, entry.id): entry for entry in entries}
        with TimelineItem.batch_write() as batch:
            for entry in unique.values():
                batch.save(item_of(entry))

    def told(self, places: Collection[tuple[Ref, str, str]]) -> set[tuple[Ref, str, str]]:
        named = {(keys.record(ref), keys.timeline(at, id)): (ref, at, id) for ref, at, id in places}
        found = TimelineItem.batch_get(list(named), consistent_read=True) if named else ()
        return {named[item.pk, item.sk] for item in found}

    def forget(self, ref: Ref) -> None:
        with TimelineItem.batch_write() as batch:
            for item in TimelineItem.query(keys.record(ref), consistent_read=True):
                batch.delete(item)

    def page(self, ref: Ref, limit: int, after: str | None) -> tuple[list[TimelineEntry], str | None]:
        condition = TimelineItem.sk < after if after else None
        items = list(
            TimelineItem.query(
                keys.record(ref), condition, scan_index_forward=False, limit=limit + 1, consistent_read=True
            )
        )
        return [entry_of(item) for item in items[:limit]], items[limit - 1].sk if len(items) > limit else None
