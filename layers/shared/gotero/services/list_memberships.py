"""The segments that a record is in, or was taken out of."""

from typing import Any

from gotero.domain.errors import NotFoundError
from gotero.domain.ids import is_id
from gotero.domain.membership import Membership
from gotero.domain.record import Ref
from gotero.domain.segment import MODULES
from gotero.ports import Definitions, Memberships
from gotero.services.autosync_rules import SEGMENTS, Rules


def list_memberships(
    memberships: Memberships, rules: Rules, definitions: Definitions, ref: Ref
) -> list[dict[str, Any]]:
    """[{segment, name, number, status, member, since, sources, blocked}], by name. NotFoundError for no recipient."""
    if ref.module not in MODULES or not is_id(ref.id):
        raise NotFoundError(str(ref))
    uncounted = rules.uncounted()
    told = []
    for stored in memberships.standing(ref).memberships:
        segment, counted = definitions.get(SEGMENTS, stored.segment), stored.counted(uncounted)
        if segment and (counted or stored.blocked):
            of = {"segment": segment.id, **{name: segment.data.get(name) for name in ("name", "number", "status")}}
            told.append({**of, **_told(stored, counted)})
    return sorted(told, key=lambda each: (str(each["name"]).casefold(), each["segment"]))


def _told(stored: Membership, counted: Membership | None) -> dict[str, Any]:
    return {
        "member": counted is not None,
        "since": counted.since if counted else None,
        "sources": [source.to_json() for source in counted.sources] if counted else [],
        "blocked": stored.blocked.to_json() if stored.blocked else None,
    }
