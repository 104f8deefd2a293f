"""The routes of many records as one user sees them: lists, search, and what is related to a record."""

from typing import Any

from gotero.domain import modules
from gotero.domain.record import Ref
from gotero.domain.user import User
from gotero.entry import http, listing, wiring, wiring_sight
from gotero.ports import Lists, Records
from gotero.services.find_filter import filtered
from gotero.services.list_records import RecordQuery, count_letters, group_records, list_records
from gotero.services.search_everywhere import search_everywhere


def add_to(api: http.Api) -> None:
    @api.get("/v1/search")
    def search() -> dict[str, Any]:
        return search_everywhere(wiring_sight.lists(api.user), api.query("q"), listing.limit_of(api, 5))

    @api.get("/v1/records/<module>")
    def list_(module: str) -> dict[str, Any]:
        condition = filtered(wiring.definitions(), module, api.query("filter_id"), listing.condition_of(api))
        binned = api.query_choice("bin", ("true", "false")) == "true"
        query = RecordQuery(
            module, condition, api.query("search"), listing.sort_of(api), binned=binned, letter=api.query("letter")
        )
        if api.query_choice("letters", ("true",)):
            return count_letters(*_seen(api.user), query)
        if by := api.query("group"):
            return group_records(*_seen(api.user), query, by)
        after = listing.cursor_after(api, wiring.signer(), query.to_json())
        page = list_records(*_seen(api.user), query, listing.limit_of(api), after)
        return {**page.body, "next": listing.cursor(wiring.signer(), query.to_json(), page.after)}

    @api.get("/v1/records/<module>/<id>/related/<other>")
    def related(module: str, id: str, other: str) -> dict[str, Any]:
        ref = Ref(modules.module(module).id, id)
        wiring_sight.refuse_hidden(api.user, ref)
        query = RecordQuery(other, related_to=ref, sort=listing.sort_of(api))
        after = listing.cursor_after(api, wiring.signer(), query.to_json())
        page = list_records(*_seen(api.user), query, listing.limit_of(api), after)
        return {**page.body, "next": listing.cursor(wiring.signer(), query.to_json(), page.after)}


def _seen(user: User) -> tuple[Lists, Records]:
    return wiring_sight.lists(user), wiring_sight.records(user)
