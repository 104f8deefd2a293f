"""What the steps of a job note beside it: what they change, so that it can be undone, and what failed.

Access patterns: the rows of one note (one query of its job's partition); the notes of one kind in order, paged. A note
is split over items below the size that one may have, and goes by TTL.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.ports import Json

#: An item holds 400 KB, its keys included; a row of a record's values holds 300 KB at most.
_MAX_BYTES = 320 * 1024


class NoteItem(Item):
    class Meta:
        table_name = FromEnv("JOBS_TABLE")

    rows = UnicodeAttribute()
    parts = NumberAttribute()
    ttl = NumberAttribute()


class DynamoJobLog:
    """`JobLog` on DynamoDB."""

    def write(self, job_id: str, name: str, rows: Sequence[Json], keep_until: datetime) -> None:
        parts = list(_parts(rows))
        for number, part in enumerate(parts):
            NoteItem(
                keys.job(job_id),
                keys.job_note(name, number),
                rows=part,
                parts=len(parts),
                ttl=int(keep_until.timestamp()),
            ).save()

    def read(self, job_id: str, name: str) -> list[Json] | None:
        items = list(NoteItem.query(keys.job(job_id), _begins(keys.job_note(name)), consistent_read=True))
        if not items:
            return None
        # Written again it may have become shorter: what stands behind its last part is of the time before.
        return [row for item in items[: int(items[0].parts)] for row in json.loads(item.rows)]

    def forget(self, job_id: str, name: str) -> None:
        with NoteItem.batch_write() as batch:
            for item in NoteItem.query(keys.job(job_id), _begins(keys.job_note(name)), consistent_read=True):
                batch.delete(item)

    def page(self, job_id: str, kind: str, limit: int, after: str | None = None) -> tuple[list[Json], str | None]:
        prefix = keys.job_note(kind)
        wanted = NoteItem.sk.between(f"{prefix}{after}!" if after else prefix, f"{prefix}~")
        items = list(NoteItem.query(keys.job(job_id), wanted, limit=limit + 1, consistent_read=True))
        rows = [row for item in items[:limit] for row in json.loads(item.rows)]
        return rows, items[limit - 1].sk.removeprefix(prefix) if len(items) > limit else None


def _begins(prefix: str) -> Any:
    return NoteItem.sk.startswith(prefix)


def _parts(rows: Sequence[Json]) -> Iterator[str]:
    part: list[str] = []
    size = 0
    for row in rows:
        text = json.dumps(row, ensure_ascii=False)
        length = len(text.encode()) + 2
        if part and size + length > _MAX_BYTES:
            yield f"[{','.join(part)}]"
            part, size = [], 0
        part.append(text)
        size += length
    yield f"[{','.join(part)}]"
