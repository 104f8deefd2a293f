"""Unsubscribing: GET and HEAD never act, RFC 8058 and the page's button do."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from functions.public_unsubscribe import app
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.signer import MemorySigner
from gotero.entry import wiring
from tests.functions.public_events import request

SIGNER = MemorySigner("new", ("old",))
MESSAGE = "contacts-a-job-b-1"
FORM = "application/x-www-form-urlencoded"
CASES = Path(__file__).parents[3] / "shared" / "cases" / "unsubscribe_cases.json"


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> MemoryQueue:
    queue = MemoryQueue()
    monkeypatch.setattr(wiring, "signer", lambda: SIGNER)
    monkeypatch.setattr(wiring, "events_queue", lambda: queue)
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
    answer = call("POST", path(), body="List-Unsubscribe=One-Click", content_type=FORM)

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


def post_cases() -> list[dict[str, Any]]:
    return json.loads(CASES.read_text())["post_requests"] if CASES.exists() else []


#: Cases that are told apart by their token or by what must not happen, not by their request.
_TOKENS = {"forged-token": path()[:-1] + ("A" if path()[-1] != "A" else "B")}
_TOKENS["after-key-rotation"] = path(signer=MemorySigner("old"))
_NOTHING_CHANGES = {"empty-body", "wrong-body", "get-by-scanner", "head-by-scanner", "forged-token"}
_ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.mark.skipif(not CASES.exists(), reason="the external cases are not beside the repository")
@pytest.mark.parametrize("case", post_cases(), ids=lambda case: case["id"])
def test_case(events: MemoryQueue, case: dict[str, Any]) -> None:
    method = case.get("method", "POST")
    event = request(
        method,
        _TOKENS.get(case["id"], path()),
        body=case.get("body", _ONE_CLICK if method == "POST" else ""),
        content_type=case.get("content_type", FORM),
        headers=case.get("headers"),
    )
    times = case.get("repeat", case.get("parallel", 1))
    with ThreadPoolExecutor(times) as pool:
        answers = list(pool.map(lambda _: app.handler(event, None), range(times)))

    statuses = {answer["statusCode"] for answer in answers}
    if case["id"] in _NOTHING_CHANGES:
        assert not events.bodies
        assert statuses <= {200, 400, 404}
    else:
        assert statuses == {200}
        assert {(e["message"], e["event_id"]) for e in events.bodies} == {(MESSAGE, f"unsubscribed-{MESSAGE}")}
