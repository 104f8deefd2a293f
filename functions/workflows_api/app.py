"""/v1/workflows: trigger, condition and tasks on a module."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain.record import Cause
from gotero.entry import http, wiring
from gotero.ports import Definition
from gotero.services.save_workflow import KIND, change_workflow, create_workflow
from gotero.services.write_definition import definition_json, get_definition

api = http.Api(find_user=wiring.find_user)
handler = api.handler


def _workflow(id: str) -> Definition:
    return get_definition(wiring.definitions(), KIND, id)


@api.get("/v1/workflows")
def list_() -> dict[str, Any]:
    return {"items": [definition_json(d) for d in wiring.definitions().all(KIND)], "next": None}


@api.post("/v1/workflows")
def create() -> Response[str]:
    workflow = create_workflow(
        wiring.definition_writer(),
        wiring.records(),
        wiring.record_writer().phones,
        api.json(),
        cause=Cause("user", api.user.id),
        id=api.idempotent_id(),
    )
    return http.created(definition_json(workflow))


@api.get("/v1/workflows/<id>")
def get(id: str) -> Response[str]:
    return http.respond(definition_json(_workflow(id)))


@api.patch("/v1/workflows/<id>")
def change(id: str) -> Response[str]:
    after = change_workflow(
        wiring.definition_writer(),
        wiring.records(),
        wiring.record_writer().phones,
        _workflow(id),
        api.json(),
        cause=Cause("user", api.user.id),
        expected_version=api.expected_version(),
    )
    return http.respond(definition_json(after))


@api.delete("/v1/workflows/<id>")
def delete(id: str) -> Response[str]:
    wiring.definitions().delete(KIND, _workflow(id).id)
    return http.empty()
