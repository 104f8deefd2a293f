"""/v1/fields: what administrators add to the modules. /v1/uses: what would miss a thing that is changed or deleted."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.entry import http, wiring, wiring_sight
from gotero.services.save_field import change_field, create_field, delete_field, field_json, get_field, list_fields
from gotero.services.where_used import OWNERS, owned_by, uses_of

api = http.Api(find_user=wiring.find_user)
handler = api.handler


@api.get("/v1/fields/<module>")
def list_(module: str) -> dict[str, Any]:
    return {"items": [field_json(d) for d in list_fields(wiring.definitions(), module)], "next": None}


@api.post("/v1/fields/<module>")
def create(module: str) -> Response[str]:
    cause = api.administrator()
    return http.created(field_json(create_field(wiring.definition_writer(), module, api.json(), cause=cause)))


@api.get("/v1/fields/<module>/<field>")
def get(module: str, field: str) -> Response[str]:
    return http.respond(field_json(get_field(wiring.definitions(), module, field)))


@api.patch("/v1/fields/<module>/<field>")
def change(module: str, field: str) -> Response[str]:
    cause, version = api.administrator(), api.expected_version()
    writer = wiring.definition_writer()
    return http.respond(
        field_json(change_field(writer, module, field, api.json(), cause=cause, expected_version=version))
    )


@api.delete("/v1/fields/<module>/<field>")
def delete(module: str, field: str) -> Response[str]:
    delete_field(wiring.definition_writer(), module, field, cause=api.administrator())
    return http.empty()


@api.get("/v1/uses/<kind>/<id>")
def uses(kind: str, id: str) -> dict[str, Any]:
    found = uses_of(wiring.definitions(), kind, id, wiring_sight.jobs(api.user))
    owned = {"owned": owned_by(wiring_sight.lists(api.user), id)} if kind in OWNERS else {}
    return {"items": [asdict(use) for use in found], **owned, "next": None}
