"""Put records into a segment and take them out, each time with who did it."""

from collections.abc import Sequence

from gotero.domain import instant, segment
from gotero.domain.errors import ConflictError, FieldError, InvalidError
from gotero.domain.record import Cause, Ref
from gotero.ports import Clock, Definition, Memberships, Records, Source


def add_members(
    definition: Definition,
    refs: Sequence[Ref],
    *,
    source: tuple[str, str],
    cause: Cause,
    memberships: Memberships,
    records: Records,
    clock: Clock,
) -> int:
    """Add `source` (kind, id) to each record's membership; how many have just entered.

    InvalidError with the path of each record that is not there; ConflictError for an inactive segment.
    """
    refuse_strangers(definition, refs, records)
    since = instant.write(clock.now())
    kind, id = source
    new = Source(kind, id, since, cause)  # type: ignore[arg-type]  # callers pass one of Source's kinds
    keeps_out = bool(definition.data.get("keeps_out"))
    return sum(memberships.add(definition.id, ref, new, keeps_out=keeps_out) for ref in refs)


def refuse_strangers(definition: Definition, refs: Sequence[Ref], records: Records) -> None:
    """InvalidError with the path of each record that is not there; ConflictError for an inactive segment."""
    if definition.data["status"] != segment.ACTIVE:
        raise ConflictError("inactive", "segment_inactive", "status")
    found = records.get_many([ref for ref in refs if ref.module in segment.MODULES])
    broken = [i for i, ref in enumerate(refs) if ref not in found or found[ref].deleted_at]
    if broken:
        raise InvalidError(*(FieldError(f"items[{i}]", "relation") for i in broken))


def remove_members(
    definition: Definition,
    refs: Sequence[Ref],
    *,
    cause: Cause,
    memberships: Memberships,
    clock: Clock,
    source: tuple[str, str] | None = None,
) -> int:
    """Take away one source, or the whole membership for None; how many have just left."""
    at = instant.write(clock.now())
    return sum(memberships.remove(definition.id, ref, source, cause, at) for ref in refs)
