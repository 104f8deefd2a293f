"""Why a record is in a segment, or not: its sources, each with since and by whom."""

from typing import Any

from gotero.domain.errors import NotFoundError
from gotero.domain.ids import is_id
from gotero.domain.record import Ref
from gotero.domain.segment import MODULES
from gotero.ports import Memberships


def explain_membership(memberships: Memberships, segment: str, ref: Ref) -> dict[str, Any]:
    """{member, since, sources}. NotFoundError for what cannot be a member at all."""
    if ref.module not in MODULES or not is_id(ref.id):
        raise NotFoundError(str(ref))
    found = memberships.get(segment, ref)
    if found is None:
        return {"member": False, "since": None, "sources": []}
    sources = [{"kind": s.kind, "id": s.id, "since": s.since, "cause": s.cause.to_json()} for s in found.sources]
    return {"member": True, "since": found.since, "sources": sources}
