"""/v1/webhooks, as an administrator's client meets it."""

from dataclasses import replace
from typing import Any

import pytest

from functions.meta_api.app import api
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.world import SeededIds, SetClock
from gotero.domain.user import User
from gotero.entry import wiring
from gotero.services.write_definition import DefinitionWriter
from tests.functions.admin_request import LUCIA, Answer, call

SECRET = "arn:aws:ssm:eu-west-1:123456789012:parameter/gotero/webhooks/postmark"
POSTMARK = {"name": "Postmark", "provider": "postmark", "authorization": [SECRET]}


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> list[User]:
    """Who is asking, to be replaced."""
    asking = [replace(LUCIA, role="admin")]
    clock = SetClock()
    writer = DefinitionWriter(MemoryDefinitions(), clock, SeededIds(clock))
    monkeypatch.setenv("PUBLIC_URL", "https://go.huertaturia.example")
    monkeypatch.setattr(wiring, "definitions", lambda: writer.definitions)
    monkeypatch.setattr(wiring, "definition_writer", lambda: writer)
    monkeypatch.setattr(api, "_find_user", lambda subject: asking[0])
    return asking


def ask(method: str, path: str = "/v1/webhooks", body: Any = None) -> Answer:
    return call(api, method, path, body)


def test_a_webhook_is_made_shown_and_taken_away(office: list[User]) -> None:
    made = ask("POST", body=POSTMARK)
    assert made.status == 201
    assert made.body["url"] == f"https://go.huertaturia.example/hooks/postmark/{made.body['id']}"
    assert ask("GET").body["items"] == [made.body]
    assert ask("DELETE", f"/v1/webhooks/{made.body['id']}").status == 204
    assert ask("DELETE", f"/v1/webhooks/{made.body['id']}").status == 404
    assert ask("GET").body["items"] == []


def test_a_secret_itself_is_refused(office: list[User]) -> None:
    answer = ask("POST", body={**POSTMARK, "authorization": ["gotero:s3creto"]})
    assert answer.status == 422
    assert answer.broken() == [("authorization[0]", "id")]


def test_a_name_is_taken_once(office: list[User]) -> None:
    assert [ask("POST", body=POSTMARK).status for _ in range(2)] == [201, 409]


@pytest.mark.parametrize("role", ["marketer", "viewer"])
def test_only_an_administrator_says_who_may_speak(office: list[User], role: str) -> None:
    office[0] = replace(LUCIA, role=role)  # type: ignore[arg-type]  # one of the roles
    for method, path in (("GET", "/v1/webhooks"), ("POST", "/v1/webhooks"), ("DELETE", "/v1/webhooks/x")):
        assert ask(method, path, POSTMARK).status == 403
