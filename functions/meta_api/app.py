"""/v1/meta, /v1/settings, /v1/users, /v1/webhooks: what the console is built from, settings, people, webhooks."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain import company
from gotero.domain.errors import NotAllowedError
from gotero.domain.record import Cause
from gotero.domain.user import User
from gotero.domain.webhook import KIND as WEBHOOKS
from gotero.entry import http, wiring
from gotero.entry.settings import setting
from gotero.services import create_user
from gotero.services.describe_meta import describe
from gotero.services.save_settings import read_settings, save_settings
from gotero.services.save_webhook import create_webhook, delete_webhook, webhook_json
from gotero.services.write_definition import definition_json

api = http.Api(find_user=wiring.find_user)
handler = api.handler


def _administrator() -> User:
    if not api.user.may_administer():
        raise NotAllowedError("role")
    return api.user


@api.get("/v1/meta")
def meta() -> dict[str, Any]:
    definitions = wiring.definitions()
    return describe(
        api.user,
        read_settings(definitions, company.ID),
        [User.from_json(d.id, d.data) for d in definitions.all("users")],
        {d.id: d.data["name"] for d in definitions.all("groups")},
    )


@api.get("/v1/settings/<id>")
def settings(id: str) -> dict[str, Any]:
    return read_settings(wiring.definitions(), id)


@api.put("/v1/settings/<id>")
def change_settings(id: str) -> dict[str, Any]:
    cause = Cause("user", _administrator().id)
    return save_settings(wiring.definition_writer(), wiring.numbers(), id, api.json(), cause=cause)


@api.get("/v1/users")
def users() -> dict[str, Any]:
    return {"items": [definition_json(d) for d in wiring.definitions().all(create_user.KIND)], "next": None}


@api.post("/v1/users")
def add_user() -> Response[str]:
    cause = Cause("user", _administrator().id)
    user = create_user.create_user(wiring.definition_writer(), wiring.logins(), api.json(), cause=cause)
    return http.created(definition_json(user))


@api.get("/v1/webhooks")
def webhooks() -> dict[str, Any]:
    _administrator()
    url = setting("PUBLIC_URL")
    return {"items": [webhook_json(d, url) for d in wiring.definitions().all(WEBHOOKS)], "next": None}


@api.post("/v1/webhooks")
def add_webhook() -> Response[str]:
    cause = Cause("user", _administrator().id)
    return http.created(
        webhook_json(create_webhook(wiring.definition_writer(), api.json(), cause=cause), setting("PUBLIC_URL"))
    )


@api.delete("/v1/webhooks/<id>")
def remove_webhook(id: str) -> Response[str]:
    _administrator()
    delete_webhook(wiring.definitions(), id)
    return http.empty()
