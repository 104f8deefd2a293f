"""/v1/records: records of every module, their timelines and what is related to them. /v1/search: all modules."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain import modules
from gotero.domain.record import Cause, Ref
from gotero.entry import (
    bodies,
    http,
    listing,
    routes_linked,
    routes_many,
    routes_person,
    routes_timeline,
    wiring,
    wiring_records,
    wiring_sight,
)
from gotero.ports import Lists, Records
from gotero.services.bin_record import bin_record, restore_record
from gotero.services.find_filter import filtered
from gotero.services.list_records import RecordQuery, count_letters, group_records, list_records
from gotero.services.read_record import read_record
from gotero.services.save_record import create_record, update_record
from gotero.services.search_everywhere import search_everywhere

api = http.Api(find_user=wiring.find_user)
handler = api.handler

routes_many.add_to(api)
routes_linked.add_to(api)
routes_person.add_to(api)
routes_timeline.add_to(api)


class NewRecord(bodies.Body):
    values: dict[str, Any]
    owner: str | None = None
    tags: list[str] | None = None


class ChangedRecord(bodies.Body):
    values: dict[str, Any] | None = None
    owner: str | None = None
    tags: list[str] | None = None


def _cause() -> Cause:
    return Cause("user", api.user.id)


def _seen() -> tuple[Lists, Records]:
    return wiring_sight.lists(api.user), wiring_sight.records(api.user)


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
        return count_letters(*_seen(), query)
    if by := api.query("group"):
        return group_records(*_seen(), query, by)
    after = listing.cursor_after(api, wiring.signer(), query.to_json())
    page = list_records(*_seen(), query, listing.limit_of(api), after)
    return {**page.body, "next": listing.cursor(wiring.signer(), query.to_json(), page.after)}


@api.post("/v1/records/<module>")
def create(module: str) -> Response[str]:
    routes_many.writable(module, "create")
    new = api.read(NewRecord)
    record = create_record(
        wiring_sight.record_writer(api.user),
        module,
        new.values,
        cause=_cause(),
        owner=new.owner or api.user.id,
        tags=tuple(new.tags or ()),
        id=api.idempotent_id(),
    )
    return http.created(read_record(wiring_sight.reading(api.user), record.ref))


@api.get("/v1/records/<module>/<id>")
def get(module: str, id: str) -> Response[str]:
    return http.respond(read_record(wiring_sight.reading(api.user), Ref(modules.module(module).id, id)))


@api.patch("/v1/records/<module>/<id>")
def update(module: str, id: str) -> Response[str]:
    routes_many.writable(module, "edit")
    change = api.read(ChangedRecord)
    record = update_record(
        wiring_sight.record_writer(api.user),
        Ref(module, id),
        change.values or {},
        cause=_cause(),
        expected_version=api.expected_version(),
        owner=change.owner,
        tags=None if change.tags is None else tuple(change.tags),
    )
    return http.respond(read_record(wiring_sight.reading(api.user), record.ref))


@api.delete("/v1/records/<module>/<id>")
def delete(module: str, id: str) -> Response[str]:
    routes_many.writable(module, "delete")
    ref = Ref(module, id)
    wiring_sight.refuse_hidden(api.user, ref)
    bin_record(wiring_records.record_bin(), ref, cause=_cause(), expected_version=api.expected_version())
    return http.empty()


@api.post("/v1/records/<module>/<id>/restore")
def restore(module: str, id: str) -> Response[str]:
    routes_many.writable(module, "delete")
    record = restore_record(wiring_sight.record_writer(api.user), Ref(module, id), cause=_cause())
    return http.respond(read_record(wiring_sight.reading(api.user), record.ref))


@api.get("/v1/records/<module>/<id>/related/<other>")
def related(module: str, id: str, other: str) -> dict[str, Any]:
    ref = Ref(modules.module(module).id, id)
    wiring_sight.refuse_hidden(api.user, ref)
    query = RecordQuery(other, related_to=ref, sort=listing.sort_of(api))
    after = listing.cursor_after(api, wiring.signer(), query.to_json())
    page = list_records(*_seen(), query, listing.limit_of(api), after)
    return {**page.body, "next": listing.cursor(wiring.signer(), query.to_json(), page.after)}
