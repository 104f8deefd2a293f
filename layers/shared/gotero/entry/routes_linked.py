"""The routes under /v1/records of records that are linked many to many."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain import modules
from gotero.domain.record import Cause, Ref
from gotero.entry import bodies, http, listing, wiring, wiring_sight
from gotero.entry.routes_many import writable
from gotero.services.link_records import link_records, list_linked, unlink_records


class Linked(bodies.Body):
    ids: Annotated[list[str], Field(min_length=1, max_length=100)]


def add_to(api: http.Api) -> None:
    def cause() -> Cause:
        return Cause("user", api.user.id)

    @api.get("/v1/records/<module>/<id>/linked/<other>")
    def linked(module: str, id: str, other: str) -> dict[str, Any]:
        one = Ref(modules.module(module).id, id)
        query = ["linked", str(one), other]
        after = listing.cursor_after(api, wiring.signer(), query)
        page = list_linked(wiring_sight.records(api.user), wiring.clock, one, other, listing.limit_of(api), after)
        return {**page.body, "next": listing.cursor(wiring.signer(), query, page.after)}

    @api.post("/v1/records/<module>/<id>/linked/<other>")
    def link(module: str, id: str, other: str) -> dict[str, Any]:
        writable(module, "edit")
        one = Ref(module, id)
        ids = api.read(Linked).ids
        refs = link_records(wiring_sight.records(api.user), wiring.clock, one, other, ids, cause=cause())
        return {"linked": len(refs)}

    @api.delete("/v1/records/<module>/<id>/linked/<other>")
    def unlink(module: str, id: str, other: str) -> Response[str]:
        writable(module, "edit")
        one = Ref(module, id)
        unlink_records(wiring_sight.records(api.user), wiring.clock, one, other, api.read(Linked).ids, cause=cause())
        return http.empty()
