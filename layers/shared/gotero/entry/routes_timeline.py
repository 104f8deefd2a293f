"""What happened to a record, told in words."""

from typing import Any

from gotero.domain import modules
from gotero.domain.record import Ref
from gotero.entry import http, listing, wiring, wiring_records, wiring_sight
from gotero.services.read_record import read_record
from gotero.services.read_timeline import read_timeline


def add_to(api: http.Api) -> None:
    @api.get("/v1/records/<module>/<id>/timeline")
    def timeline(module: str, id: str) -> dict[str, Any]:
        ref = Ref(modules.module(module).id, id)
        record = read_record(wiring_sight.reading(api.user), ref)
        items, following = read_timeline(
            wiring.timeline(),
            wiring.definitions(),
            ref,
            listing.limit_of(api),
            listing.cursor_after(api, wiring.signer(), str(ref)),
            record.get("absorbed", ()),
            wiring_sight.records(api.user),
            wiring_records.told_elsewhere(ref),
        )
        return {"items": items, "next": listing.cursor(wiring.signer(), str(ref), following)}
