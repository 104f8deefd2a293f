"""The due index: what is due when, in the Work table.

Access patterns: put one entry, or some in batches; all entries up to an instant (one query for each of the shards, in
order of instant); delete those that a queue has taken over. A shard is chosen by the thing's name, so writing the same
entry twice is one write. There is no cursor: entries that are late, or were written after their instant, are found by
the same query. Entries have no TTL: they go when they have been handed over.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from pynamodb.attributes import MapAttribute

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item, plain
from gotero.domain import instant
from gotero.ports import Due, Json

SHARDS = 16
#: Entries handed over at a time: some tens of queue requests, then their deletion.
PAGE = 200


class DueItem(Item):
    class Meta:
        table_name = FromEnv("WORK_TABLE")

    payload: MapAttribute[str, Any] = MapAttribute(default=dict)


class DynamoDueIndex:
    """`DueIndex` on DynamoDB."""

    def put(self, at: datetime, thing: str, payload: Json) -> None:
        DueItem(*_key(at, thing), payload=payload).save()

    def put_many(self, entries: Sequence[Due]) -> None:
        with DueItem.batch_write() as batch:
            for entry in entries:
                batch.save(DueItem(*_key(entry.at, entry.thing), payload=entry.payload))

    def due(self, until: datetime) -> Iterator[list[Due]]:
        # "~" stands after "#": entries of the instant itself are included.
        last = keys.due(instant.write(until), "~")
        for shard in range(SHARDS):
            items = DueItem.query(keys.due_shard(shard), DueItem.sk <= last, consistent_read=True, page_size=PAGE)
            page: list[Due] = []
            for item in items:
                at, _, thing = item.sk.partition("#")
                page.append(Due(instant.read(at), thing, plain(item.payload)))
                if len(page) == PAGE:
                    yield page
                    page = []
            if page:
                yield page

    def done(self, entries: Sequence[Due]) -> None:
        with DueItem.batch_write() as batch:
            for entry in entries:
                batch.delete(DueItem(*_key(entry.at, entry.thing)))


def _key(at: datetime, thing: str) -> tuple[str, str]:
    return keys.due_shard(crc32(thing.encode()) % SHARDS), keys.due(instant.write(at), thing)
