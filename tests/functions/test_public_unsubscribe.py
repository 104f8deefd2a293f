"""Unsubscribing: GET and HEAD never act, RFC 8058 and the page's button do."""

import json
from typing import Any

import pytest

from functions.public_unsubscribe import app
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.memory.world import SetClock
from gotero.domain import instant
from gotero.entry import wiring, wiring_mail
from gotero.ports import Definition
from gotero.services.landing_page import LandingPage
from tests.functions.public_events import request

SIGNER = MemorySigner("new", ("old",))
MESSAGE = "contacts-a-job-b-1"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> MemoryQueue:
    queue = MemoryQueue()
    monkeypatch.setattr(wiring, "signer", lambda: SIGNER)
    monkeypatch.setattr(wiring, "events_queue", lambda: queue)
    at_home(monkeypatch, "")
    return queue


def path(purpose: str = "u", signer: MemorySigner = SIGNER, message: str = MESSAGE) -> str:
    return f"/{purpose}/" + signer.sign(purpose, {"m": message})


def call(method: str, path: str, **more: Any) -> dict[str, Any]:
    return app.handler(request(method, path, **more), None)


@pytest.mark.parametrize("purpose", ["u", "p"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(events: MemoryQueue, method: str, purpose: str) -> None:
    answer = call(method, path(purpose), headers={"accept-language": "es-ES"})

    assert answer["statusCode"] == 200
    assert ('<button type="submit" name="confirm" value="1">Sí, darme de baja</button>' in answer["body"]) == (
        method == "GET"
    )
    assert not events.bodies


def test_button_unsubscribes(events: MemoryQueue) -> None:
    answer = call("POST", path(), body="confirm=1", content_type=FORM, headers={"accept-language": "en"})

    assert answer["statusCode"] == 200
    assert "<h1>You have been unsubscribed</h1>" in answer["body"]
    (event,) = events.bodies
    assert (event["type"], event["message"], event["event_id"]) == ("unsubscribed", MESSAGE, f"unsubscribed-{MESSAGE}")


def test_one_click_answers_shortly_and_without_redirect(events: MemoryQueue) -> None:
    answer = call("POST", path(), body="List-Unsubscribe=One-Click\r\n", content_type=FORM)

    assert (answer["statusCode"], answer["body"]) == (200, "OK")
    assert not {"location", "set-cookie"} & answer["headers"].keys()
    assert len(events.bodies) == 1


@pytest.mark.parametrize("text", ["", "garbage", "eyJtIjoieCJ9.AAAA"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bad_token_is_a_page_and_changes_nothing(events: MemoryQueue, method: str, text: str) -> None:
    answer = call(method, f"/u/{text}", body="List-Unsubscribe=One-Click", content_type=FORM)

    assert answer["statusCode"] == 404
    assert not events.bodies


@pytest.mark.parametrize("purpose", ["o", "c", "v"])
def test_token_of_another_purpose_does_not_unsubscribe(events: MemoryQueue, purpose: str) -> None:
    text = SIGNER.sign(purpose, {"m": MESSAGE})

    assert call("POST", f"/u/{text}", body="confirm=1", content_type=FORM)["statusCode"] == 404
    assert not events.bodies


def test_too_large_a_body_is_refused(events: MemoryQueue) -> None:
    answer = call("POST", path(), body="confirm=1&x=" + "a" * 400_000, content_type=FORM)

    assert answer["statusCode"] == 413
    assert not events.bodies


def test_page_allows_no_script_and_no_frame(events: MemoryQueue) -> None:
    headers = call("GET", path())["headers"]

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"


class Broken:
    def put(self, *_: object) -> None:
        raise TimeoutError("queue")


def test_failure_is_told_so_that_the_mail_program_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "signer", lambda: SIGNER)
    monkeypatch.setattr(wiring, "events_queue", Broken)

    assert call("POST", path(), body="List-Unsubscribe=One-Click", content_type=FORM)["statusCode"] == 500


_ONE_CLICK = "List-Unsubscribe=One-Click"


# -- the company's own page -------------------------------------------------------------------------------------------

LANDING = "https://www.huertaturia.example/baja?lang=es"
SHOP = {"origin": "https://www.huertaturia.example", "accept": "application/json"}


def at_home(monkeypatch: pytest.MonkeyPatch, page: str = LANDING) -> None:
    data = {"name": "Huerta", "landing_page": page}
    definitions = MemoryDefinitions(Definition("settings", "company", data, 1, "", ""))
    page_of = LandingPage(definitions, SetClock())
    monkeypatch.setattr(wiring_mail, "landing_page", lambda: page_of)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_company_may_have_a_page_of_its_own_and_nothing_has_happened_yet(
    events: MemoryQueue, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    at_home(monkeypatch)
    answer = call(method, path())
    text = path().rpartition("/")[2]

    assert (answer["statusCode"], answer["headers"]["location"]) == (302, f"{LANDING}&token={text}")
    assert not events.bodies
    # What a mail program posts, and the page for preferences, are ours as before.
    assert call("POST", path(), body=_ONE_CLICK, content_type=FORM)["statusCode"] == 200
    assert call("GET", path("p"))["statusCode"] == 200


def test_its_script_finishes_it_by_one_call_that_no_other_page_may_read(
    events: MemoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(monkeypatch)
    answer = call("POST", path(), body="confirm=1", content_type=FORM, headers=SHOP)

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"unsubscribed": True})
    assert answer["headers"]["access-control-allow-origin"] == SHOP["origin"]
    assert len(events.bodies) == 1
    forged = call("POST", "/u/" + "A" * 30 + ".AAAA", body="confirm=1", content_type=FORM, headers=SHOP)
    assert (forged["statusCode"], forged["headers"]["access-control-allow-origin"]) == (404, SHOP["origin"])
    assert call("POST", path(), body="", content_type=FORM, headers=SHOP)["statusCode"] == 400
    for foreign in ("https://evil.example", "null", "http://www.huertaturia.example", SHOP["origin"] + ".evil.example"):
        answer = call("POST", path(), body="", content_type=FORM, headers={**SHOP, "origin": foreign})
        assert "access-control-allow-origin" not in answer["headers"]


# -- coming back ------------------------------------------------------------------------------------------------------


def test_coming_back_is_asked_for_on_the_page_and_done_by_a_link_of_its_own(events: MemoryQueue) -> None:
    answer = call("POST", path(), body="again=1", content_type=FORM)
    assert "<h1>Mira tu correo</h1>" in answer["body"]
    [asked] = events.bodies
    assert (asked["type"], asked["message"]) == ("resubscribe_asked", MESSAGE)

    at = instant.write(wiring.clock.now())
    link = "/r/" + SIGNER.sign("r", {"m": MESSAGE, "at": at})
    for method in ("GET", "HEAD"):
        assert call(method, link)["statusCode"] == 200
    assert call("POST", link, body="confirm=2", content_type=FORM)["statusCode"] == 200
    assert len(events.bodies) == 1
    for _ in range(2):
        assert "<h1>Vuelves a estar suscrito</h1>" in call("POST", link, body="confirm=1", content_type=FORM)["body"]
    assert {(e["type"], e["event_id"]) for e in events.bodies[1:]} == {("resubscribed", events.bodies[1]["event_id"])}


def test_no_other_token_brings_anybody_back(events: MemoryQueue) -> None:
    old = "/r/" + SIGNER.sign("r", {"m": MESSAGE, "at": "2026-01-01T00:00:00.000Z"})
    for link in (old, path().replace("/u/", "/r/"), path("p").replace("/p/", "/r/"), "/r/garbage"):
        assert call("POST", link, body="confirm=1", content_type=FORM)["statusCode"] == 404
    assert not events.bodies
