"""The routes under /v1/records of one record: made, read, changed, put into the bin and taken out of it."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain import modules
from gotero.domain.record import Cause, Ref
from gotero.domain.user import User
from gotero.entry import bodies, http, wiring_records, wiring_sight
from gotero.entry.routes_many import writable
from gotero.services.bin_record import bin_record, restore_record
from gotero.services.read_record import read_record, told
from gotero.services.save_record import create_record, update_record


class NewRecord(bodies.Body):
    values: dict[str, Any]
    owner: str | None = None
    tags: list[str] | None = None


class ChangedRecord(bodies.Body):
    values: dict[str, Any] | None = None
    owner: str | None = None
    tags: list[str] | None = None


def add_to(api: http.Api) -> None:
    @api.post("/v1/records/<module>")
    def create(module: str) -> Response[str]:
        writable(module, "create")
        new = api.read(NewRecord)
        record = create_record(
            wiring_sight.record_writer(api.user),
            module,
            new.values,
            cause=_cause(api.user),
            owner=new.owner or api.user.id,
            tags=tuple(new.tags or ()),
            id=api.idempotent_id(),
        )
        return http.created(told(wiring_sight.reading(api.user), record))

    @api.get("/v1/records/<module>/<id>")
    def get(module: str, id: str) -> Response[str]:
        return http.respond(read_record(wiring_sight.reading(api.user), Ref(modules.module(module).id, id)))

    @api.patch("/v1/records/<module>/<id>")
    def update(module: str, id: str) -> Response[str]:
        writable(module, "edit")
        change = api.read(ChangedRecord)
        record = update_record(
            wiring_sight.record_writer(api.user),
            Ref(module, id),
            change.values or {},
            cause=_cause(api.user),
            expected_version=api.expected_version(),
            owner=change.owner,
            tags=None if change.tags is None else tuple(change.tags),
        )
        return http.respond(told(wiring_sight.reading(api.user), record))

    @api.delete("/v1/records/<module>/<id>")
    def delete(module: str, id: str) -> Response[str]:
        writable(module, "delete")
        ref = Ref(module, id)
        wiring_sight.refuse_hidden(api.user, ref)
        bin_record(wiring_records.record_bin(), ref, cause=_cause(api.user), expected_version=api.expected_version())
        return http.empty()

    @api.post("/v1/records/<module>/<id>/restore")
    def restore(module: str, id: str) -> Response[str]:
        writable(module, "delete")
        record = restore_record(wiring_sight.record_writer(api.user), Ref(module, id), cause=_cause(api.user))
        return http.respond(told(wiring_sight.reading(api.user), record))


def _cause(user: User) -> Cause:
    return Cause("user", user.id)
