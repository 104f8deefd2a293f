"""A mail read in the browser: shown as it was, in a sandbox, and counted as no opening."""

from typing import Any

import pytest

from functions.public_view import app
from gotero.adapters.letters import StoredLetters
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.signer import MemorySigner
from gotero.domain.message import Mailing, Message, MessageKey, State
from gotero.domain.record import Cause, Ref
from gotero.entry import wiring, wiring_mail
from gotero.services.save_template import create_template, delete_template, update_template
from gotero.services.write_definition import DefinitionWriter
from tests.functions.public_events import request
from tests.functions.test_templates_api import AT, World

SIGNER = MemorySigner()
HTML = '<body><p>Hola {{ firstname }}</p><a href="https://x.example/">x</a></body>'


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(wiring, "signer", lambda: SIGNER)
    monkeypatch.setattr(wiring_mail, "letters", lambda: StoredLetters(MemoryObjects()))
    for store in ("definitions", "records", "messages"):
        monkeypatch.setattr(wiring, store, lambda store=store: getattr(world, store))
    return world


def sent(world: World, recipient: Ref, kind: Any = "job") -> str:
    """The view link of a message to this recipient."""
    writer = DefinitionWriter(world.definitions, world.clock, world.ids)
    body = {"name": "t", "subject": "s", "html": HTML}
    template = create_template(writer, wiring.renderer(), body, cause=Cause("user", "lucia"))
    mailing = Mailing(template.id, "t", "marketing", "company", "x@example.com")
    key = MessageKey(recipient, kind, "b")
    world.messages.create(Message(key, "MSG-1", "marc", mailing, Cause("user", "lucia"), AT, AT), {})
    return "/v/" + SIGNER.sign("v", {"m": str(key)})


def get(path: str) -> dict[str, Any]:
    return app.handler(request("GET", path), None)


def test_shows_the_mail_in_a_sandbox_without_pixel(world: World) -> None:
    world.record("contacts", "lia", firstname="<Lía>")
    answer = get(sent(world, Ref("contacts", "lia")))

    assert answer["statusCode"] == 200
    assert "<p>Hola &lt;Lía&gt;</p>" in answer["body"]
    assert 'href="/c/' in answer["body"]
    assert 'href="/u/' in answer["body"]
    assert "/o/" not in answer["body"]
    policy = answer["headers"]["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


def test_the_version_that_was_sent_is_shown_whatever_became_of_the_template(world: World) -> None:
    world.record("contacts", "lia", firstname="Lía")
    writer = DefinitionWriter(world.definitions, world.clock, world.ids)
    cause = Cause("user", "lucia")
    template = create_template(writer, wiring.renderer(), {"name": "t", "subject": "s", "html": HTML}, cause=cause)
    mailing = Mailing(template.id, "t", "marketing", "company", "x@example.com")
    key = MessageKey(Ref("contacts", "lia"), "job", "b")
    message = Message(key, "MSG-1", "marc", mailing, cause, AT, AT, State.ACCEPTED, template_version=1)
    world.messages.create(message, {})
    path = "/v/" + SIGNER.sign("v", {"m": str(key)})

    for name in ("2", "3"):
        changed = {"html": f"<p>version {name}</p>"}
        update_template(writer, wiring.renderer(), template.id, changed, cause=cause)
        assert "<p>Hola Lía</p>" in get(path)["body"]
    delete_template(writer, template.id, MemoryJobs(world.messages))
    assert "<p>Hola Lía</p>" in get(path)["body"]


def test_test_mail_is_shown_with_an_invented_person(world: World) -> None:
    assert "Hola Lía" in get(sent(world, Ref("users", "lucia"), "test"))["body"]


def test_recipient_who_is_gone_is_not_shown(world: World) -> None:
    assert get(sent(world, Ref("contacts", "gone")))["statusCode"] == 404


@pytest.mark.parametrize(
    "path", ["/v/", "/v/garbage", "/anything", "/", "/v/" + SIGNER.sign("u", {"m": "a-b-job-c-1"})]
)
def test_what_is_not_there_is_a_page(world: World, path: str) -> None:
    answer = get(path)

    assert answer["statusCode"] == 404
    assert "<h1>Este enlace no es válido</h1>" in answer["body"]


def test_signed_id_of_no_message_is_not_found(world: World) -> None:
    assert get("/v/" + SIGNER.sign("v", {"m": "contacts-x-job-y-1"}))["statusCode"] == 404


def test_what_is_not_there_is_a_problem_for_a_program(world: World) -> None:
    event = request("GET", "/nowhere", headers={"accept": "application/json"})
    answer = app.handler(event, None)
    assert answer["statusCode"] == 404
    assert answer["headers"]["content-type"] == "application/problem+json"
