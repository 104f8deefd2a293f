"""What an import notes before it writes, step by step, so that undo_job.py can take it back.

Of a record that it changes: the parts as they were and as it made them. Of one that it makes: marks of its parts, by
which it is seen whether somebody has changed it since; no value is kept of those.
"""

from collections.abc import Sequence

from gotero.domain.job import Job
from gotero.domain.mass_edit import differences, marks
from gotero.domain.record import Record
from gotero.ports import Json
from gotero.services.import_row import Result


def rows_of(results: Sequence[Result], noted: Sequence[Json]) -> list[Json]:
    """A row for each record. `noted` is what the same step had noted when it was cut off: what it did stands there."""
    rows: dict[str, Json] = {row["id"]: row for row in noted}
    first: dict[str, Record | None] = {}
    last: dict[str, Record] = {}
    for result in results:
        if result.record is not None and result.outcome in ("new", "changed"):
            first.setdefault(result.record.id, result.before)
            last[result.record.id] = result.record
    for id, after in last.items():
        before, old = first[id], rows.get(id, {})
        changed = differences(before, after) if before else None
        if before is None or "made" in old:
            rows[id] = {"id": id, "made": marks(after), "version": after.version}
        elif changed:
            rows[id] = {"id": id, **{side: {**old.get(side, {}), **changed[side]} for side in ("before", "after")}}
    return list(rows.values())


def to_be_made(ids: Sequence[str]) -> list[Json]:
    """Rows of records that do not exist yet; as long as nobody has touched them they are in their first version."""
    return [{"id": id, "made": {}, "version": 1} for id in ids]


def module_of(job: Job) -> str:
    """The module whose records a job changed."""
    return str((job.params.get("chosen") or job.params)["module"])
