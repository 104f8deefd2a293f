"""What stands around merged records and goes over to the kept one: what points to them, what they are linked with.

A walk over every kind of it, page by page: each step notes where the next one begins, so that a merge costs what moves.
What is linked with them stays linked with them too: they lie in the bin, and come out of it as they went in.
"""

from collections.abc import Sequence
from typing import Any

from gotero.domain import instant, modules
from gotero.domain.errors import InvalidError, NotFoundError
from gotero.domain.job import Job
from gotero.domain.modules import LINK, Related
from gotero.domain.record import Record, Ref
from gotero.ports import Json, Lists
from gotero.services.mass_change import UNDO_NOTE, Mass, cause_of, write_note
from gotero.services.save_record import update_record

#: Records of one step.
EACH = 50

Row = Json
#: The row that is not about a record: where the walk goes on.
ON = "on"


def count_around(lists: Lists, record: Record) -> dict[str, int]:
    """How many records there are of each kind; of messages too, which stay where they are."""
    counts = {_name(r): lists.count(r.module, _asked(r, record), sample=0).count for r in _related(record.module)}
    return {name: count for name, count in counts.items() if count}


def _name(related: Related) -> str:
    return related.module if related.linked else f"{related.module}.{related.field}"


def _related(module: str) -> tuple[Related, ...]:
    return modules.module(module).related


def _asked(related: Related, record: Record) -> Json:
    if related.linked:
        return {"related": record.module, "where": {"field": "number", "op": "is", "value": record.number}}
    return _points(related.field, record.id)


def _points(field: str, id: str) -> Json:
    return {"field": field, "op": "is", "value": id}


def move_on(mass: Mass, job: Job, kept: Ref, others: Sequence[Ref], noted: Sequence[Row]) -> list[Row]:
    """The next page of the walk. The last row says where to go on; without it the walk is over."""
    rows = list(noted) or _next(mass, job, kept, others)
    write_note(mass.log, job, UNDO_NOTE, rows)
    at = instant.write(mass.writer.clock.now())
    for row in rows:
        if row["do"] == "link":
            mass.writer.records.link(kept, Ref(row["module"], row["id"]), cause_of(job), at)
        elif row["do"] == "relation":
            try:
                update_record(mass.writer, Ref(row["module"], row["id"]), row["after"], cause=cause_of(job))
            except (NotFoundError, InvalidError):
                continue  # gone meanwhile, or a field of it is broken: it points to what says where it went
    return rows


def goes_on(rows: Sequence[Row]) -> Json | None:
    """Where the next step of the walk begins."""
    return next((row["walk"] for row in rows if row["do"] == ON), None)


def unmerge_link(mass: Mass, job: Job, kept: Ref, row: Row) -> None:
    """Take away what the merge linked. The others come out of the bin with theirs."""
    at = instant.write(mass.writer.clock.now())
    mass.writer.records.unlink(kept, Ref(row["module"], row["id"]), cause_of(job), at)


# ------------------------------------------------------------------------------------------------------ the walk


def _next(mass: Mass, job: Job, kept: Ref, others: Sequence[Ref]) -> list[Row]:
    kinds = [(ref, related) for ref in others for related in _related(ref.module) if _moves(related)]
    walk = (job.position or {}).get("walk") or {"kind": 0, "after": None}
    kind, after = walk["kind"], walk["after"]
    rows: list[Row] = []
    while kind < len(kinds) and len(rows) < EACH:
        ref, related = kinds[kind]
        found, after = _page(mass, kept, ref, related, EACH - len(rows), after)
        rows += found
        kind += after is None
    return [*rows, {"do": ON, "walk": {"kind": kind, "after": after}}] if kind < len(kinds) else rows


def _moves(related: Related) -> bool:
    """Messages cannot be edited: they stay where they are."""
    return related.linked or "edit" in modules.module(related.module).capabilities


def _page(mass: Mass, kept: Ref, ref: Ref, related: Related, limit: int, after: Any) -> tuple[list[Row], Any]:
    """Rows of the next records of a kind, and behind which to go on; None when there are no more."""
    if related.linked:
        return _linked(mass, kept, ref, related.module, limit, after)
    ids, following = _pointing(mass, ref, related, limit, after)
    row = {
        "do": "relation",
        "module": related.module,
        "before": {related.field: ref.id},
        "after": {related.field: kept.id},
    }
    return [{**row, "id": id} for id in ids], following


def _linked(
    mass: Mass, kept: Ref, ref: Ref, module: str, limit: int, after: str | None
) -> tuple[list[Row], str | None]:
    """Of what the other is linked with: what the kept one is not. Both stand in the order of their ids."""
    records = mass.writer.records
    found, following = records.pointing(ref, module, LINK, limit, after)
    theirs: set[Ref] = set()
    while found:
        page, after = records.pointing(kept, module, LINK, EACH, after)
        theirs.update(page)
        if after is None or after >= found[-1].id:
            break
    return [{"do": "link", "module": module, "id": other.id} for other in found if other not in theirs], following


def _pointing(mass: Mass, ref: Ref, related: Related, limit: int, after: Any) -> tuple[list[str], Any]:
    """By the index where there is one (save_record.index_keys), so that nothing is missed; else by the lake."""
    if modules.module(related.module).recipient or modules.module(ref.module).recipient:
        found, following = mass.writer.records.pointing(ref, related.module, related.field, limit, after)
        return [other.id for other in found], following
    condition = _points(related.field, ref.id)
    page = mass.lake.page(related.module, condition=condition, sort=[("created_at", False)], limit=limit, after=after)
    return [item["id"] for item in page.items], page.after
