"""/v1/meta and /v1/openapi.json (what consoles and clients are built from), /v1/settings, /v1/webhooks."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain import company
from gotero.domain.modules import MODULES
from gotero.domain.user import User
from gotero.domain.webhook import KIND as WEBHOOKS
from gotero.entry import http, wiring
from gotero.entry.openapi import document
from gotero.entry.settings import setting
from gotero.services.describe_meta import describe
from gotero.services.foresee_numbers import foresee_numbers
from gotero.services.save_settings import read_settings, save_settings
from gotero.services.save_webhook import create_webhook, delete_webhook, webhook_json

api = http.Api(find_user=wiring.find_user)
handler = api.handler


@api.get("/v1/meta")
def meta() -> dict[str, Any]:
    definitions = wiring.definitions()
    users = [User.from_json(d.id, d.data) for d in definitions.all("users")]
    groups = {d.id: d.data["name"] for d in definitions.all("groups")}
    return describe(api.user, read_settings(definitions, company.ID), users, groups)


@api.get("/v1/openapi.json")
def openapi() -> dict[str, Any]:
    return document(MODULES.values())


@api.get("/v1/settings/<id>")
def settings(id: str) -> dict[str, Any]:
    return read_settings(wiring.definitions(), id)


@api.put("/v1/settings/<id>")
def change_settings(id: str) -> dict[str, Any]:
    cause = api.administrator()
    return save_settings(wiring.definition_writer(), wiring.numbers(), id, api.json(), cause=cause)


@api.get("/v1/settings/numbers/next")
def next_numbers() -> dict[str, Any]:
    return foresee_numbers(wiring.numbers(), {})


@api.post("/v1/settings/numbers/next")
def numbers_with_these_settings() -> dict[str, Any]:
    return foresee_numbers(wiring.numbers(), api.json())


@api.get("/v1/webhooks")
def webhooks() -> dict[str, Any]:
    api.administrator()
    url = setting("PUBLIC_URL")
    return {"items": [webhook_json(d, url) for d in wiring.definitions().all(WEBHOOKS)], "next": None}


@api.post("/v1/webhooks")
def add_webhook() -> Response[str]:
    cause = api.administrator()
    webhook = create_webhook(wiring.definition_writer(), api.json(), cause=cause)
    return http.created(webhook_json(webhook, setting("PUBLIC_URL")))


@api.delete("/v1/webhooks/<id>")
def remove_webhook(id: str) -> Response[str]:
    api.administrator()
    delete_webhook(wiring.definitions(), id)
    return http.empty()
