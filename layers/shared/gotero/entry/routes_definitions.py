"""The five routes of one kind of definition."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain.record import Cause
from gotero.entry import http, wiring
from gotero.ports import Definition
from gotero.services.write_definition import definition_json, get_definition


def add_to(
    api: http.Api,
    path: str,
    kind: str,
    create: Callable[..., Definition],
    update: Callable[..., Definition],
    delete: Callable[..., None],
) -> None:
    @api.get(path)
    def list_() -> dict[str, Any]:
        found = sorted(wiring.definitions().all(kind), key=lambda definition: (definition.created_at, definition.id))
        return {"items": [definition_json(definition) for definition in found], "next": None}

    @api.post(path)
    def post() -> Response[str]:
        definition = create(wiring.definition_writer(), api.json(), cause=cause_of(api), id=api.idempotent_id())
        return http.created(definition_json(definition))

    @api.get(f"{path}/<id>")
    def get(id: str) -> Response[str]:
        return http.respond(definition_json(get_definition(wiring.definitions(), kind, id)))

    @api.patch(f"{path}/<id>")
    def patch(id: str) -> Response[str]:
        version = api.expected_version()
        changed = update(wiring.definition_writer(), id, api.json(), cause=cause_of(api), expected_version=version)
        return http.respond(definition_json(changed))

    @api.delete(f"{path}/<id>")
    def remove(id: str) -> Response[str]:
        delete(wiring.definition_writer(), id)
        return http.empty()


def cause_of(api: http.Api) -> Cause:
    return Cause("user", api.user.id)
