"""/v1/filters: saved conditions on one module, those that come with the product, and what a condition finds."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain.modules import MODULES
from gotero.domain.record import Cause
from gotero.entry import bodies, http, wiring, wiring_sight
from gotero.services.count_matches import count_matches
from gotero.services.find_filter import chosen_filter
from gotero.services.save_filter import (
    change_filter,
    create_filter,
    delete_filter,
    filter_json,
    get_filter,
    list_filters,
)

api = http.Api(find_user=wiring.find_user)
handler = api.handler


class Counted(bodies.Body):
    filter_id: str | None = None
    module: str | None = None
    condition: dict[str, Any] | None = None


def _cause() -> Cause:
    return Cause("user", api.user.id)


@api.post("/v1/filters/count")
def count() -> dict[str, Any]:
    asked = api.read(Counted)
    chosen = chosen_filter(wiring.definitions(), wiring.records(), asked.filter_id, asked.module, asked.condition)
    return count_matches(wiring_sight.lists(api.user), chosen.module, chosen.condition)


@api.get("/v1/filters")
def list_() -> dict[str, Any]:
    module = api.query_choice("module", tuple(MODULES))
    return {"items": list_filters(wiring.definitions(), module, api.language), "next": None}


@api.post("/v1/filters")
def create() -> Response[str]:
    writer, records, id = wiring.definition_writer(), wiring.records(), api.idempotent_id()
    return http.created(filter_json(create_filter(writer, records, api.json(), cause=_cause(), id=id)))


@api.get("/v1/filters/<id>")
def get(id: str) -> Response[str]:
    return http.respond(get_filter(wiring.definitions(), id, api.language))


@api.patch("/v1/filters/<id>")
def change(id: str) -> Response[str]:
    writer, records, version = wiring.definition_writer(), wiring.records(), api.expected_version()
    after = change_filter(writer, records, id, api.json(), cause=_cause(), expected_version=version)
    return http.respond(filter_json(after))


@api.delete("/v1/filters/<id>")
def delete(id: str) -> Response[str]:
    delete_filter(wiring.definition_writer(), id)
    return http.empty()
