"""Why a record is in a segment, or not: its sources, each with since and by whom, and what keeps AutoSync away."""

from typing import Any

from gotero.domain.errors import NotFoundError
from gotero.domain.ids import is_id
from gotero.domain.record import Ref
from gotero.domain.segment import MODULES
from gotero.ports import Memberships


def explain_membership(memberships: Memberships, segment: str, ref: Ref) -> dict[str, Any]:
    """{member, since, sources, blocked}. NotFoundError for what cannot be a member at all."""
    if ref.module not in MODULES or not is_id(ref.id):
        raise NotFoundError(str(ref))
    found = memberships.get(segment, ref)
    blocked = memberships.standing(ref).of(segment).blocked
    return {
        "member": found is not None,
        "since": found.since if found else None,
        "sources": [source.to_json() for source in found.sources] if found else [],
        "blocked": blocked.to_json() if blocked else None,
    }
