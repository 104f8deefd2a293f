"""/v1/users and /v1/groups: who works with the product, what each may do, and who sees records together."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.entry import http, wiring, wiring_sight
from gotero.services import create_user, save_group
from gotero.services.change_user import change_user
from gotero.services.write_definition import definition_json, get_definition

api = http.Api(find_user=wiring.find_user)
handler = api.handler


@api.get("/v1/users")
def users() -> dict[str, Any]:
    return {"items": [definition_json(d) for d in wiring.definitions().all(create_user.KIND)], "next": None}


@api.post("/v1/users")
def add_user() -> Response[str]:
    cause = api.administrator()
    user = create_user.create_user(wiring.definition_writer(), wiring.logins(), api.json(), cause=cause)
    return http.created(definition_json(user))


@api.get("/v1/users/<id>")
def user(id: str) -> Response[str]:
    return http.respond(definition_json(get_definition(wiring.definitions(), create_user.KIND, id)))


@api.patch("/v1/users/<id>")
def change(id: str) -> Response[str]:
    cause, version = api.administrator(), api.expected_version()
    after = change_user(wiring.definition_writer(), id, api.json(), cause=cause, expected_version=version)
    return http.respond(definition_json(after))


@api.get("/v1/groups")
def groups() -> dict[str, Any]:
    return {"items": [definition_json(d) for d in wiring.definitions().all(save_group.KIND)], "next": None}


@api.post("/v1/groups")
def add_group() -> Response[str]:
    cause = api.administrator()
    group = save_group.create_group(wiring.definition_writer(), api.json(), cause=cause, id=api.idempotent_id())
    return http.created(definition_json(group))


@api.get("/v1/groups/<id>")
def group(id: str) -> Response[str]:
    return http.respond(definition_json(get_definition(wiring.definitions(), save_group.KIND, id)))


@api.patch("/v1/groups/<id>")
def rename_group(id: str) -> Response[str]:
    cause, version = api.administrator(), api.expected_version()
    after = save_group.change_group(wiring.definition_writer(), id, api.json(), cause=cause, expected_version=version)
    return http.respond(definition_json(after))


@api.delete("/v1/groups/<id>")
def delete_group(id: str) -> Response[str]:
    api.administrator()
    # What nobody else sees counts too: this is an administrator.
    save_group.delete_group(wiring.definition_writer(), wiring_sight.lists(api.user), id)
    return http.empty()
