"""Opens and clicks at the public edge."""

import json
import os
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from functions.public_tracking import app
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.signer import MemorySigner
from gotero.entry import wiring
from tests.functions.public_events import request

SIGNER = MemorySigner()
MESSAGE = "contacts-a-job-b-1"
URL = "https://twitter.com/huertaturia?a=1&b=%C3%B1&c=a+b#frag"
CASES = Path(__file__).parents[3] / "shared" / "cases"


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> MemoryQueue:
    queue = MemoryQueue()
    monkeypatch.setattr(wiring, "signer", lambda: SIGNER)
    monkeypatch.setattr(wiring, "events_queue", lambda: queue)
    return queue


def opened() -> str:
    return "/o/" + SIGNER.sign("o", {"m": MESSAGE})


def clicked(url: str = URL) -> str:
    return "/c/" + SIGNER.sign("c", {"m": MESSAGE, "u": url})


def call(method: str, path: str, **more: Any) -> dict[str, Any]:
    return app.handler(request(method, path, **more), None)


def test_opening_is_counted_and_answers_a_pixel(events: MemoryQueue) -> None:
    answer = call("GET", opened(), request_id="r1")

    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == "image/gif"
    assert answer["headers"]["cache-control"] == "no-store"
    assert b64decode(answer["body"]).startswith(b"GIF89a")
    (event,) = events.bodies
    assert (event["type"], event["message"], event["event_id"]) == ("opened", MESSAGE, "opened-r1")
    assert event["user_agent"] == "Mozilla/5.0"
    assert "192.0.2.7" not in json.dumps(event)


@pytest.mark.parametrize("path", ["/o/", "/o/garbage", "/o/eyJtIjoieCJ9.AAAA", opened()[:-1]])
def test_bad_token_gets_the_pixel_and_counts_nothing(events: MemoryQueue, path: str) -> None:
    assert call("GET", path)["headers"]["content-type"] == "image/gif"
    assert not events.bodies


def test_head_counts_nothing(events: MemoryQueue) -> None:
    assert call("HEAD", opened())["statusCode"] == 200
    assert call("HEAD", clicked())["headers"]["location"] == URL
    assert not events.bodies


def test_click_leads_to_the_target_byte_for_byte(events: MemoryQueue) -> None:
    answer = call("GET", clicked(), request_id="r2")

    assert (answer["statusCode"], answer["headers"]["location"]) == (302, URL)
    (event,) = events.bodies
    assert (event["type"], event["url"], event["event_id"]) == ("clicked", URL, "clicked-r2")


def test_what_a_header_cannot_hold_is_percent_encoded(events: MemoryQueue) -> None:
    answer = call("GET", clicked("https://x.example/ñ a\r\nSet-Cookie: x"))

    assert answer["headers"]["location"] == "https://x.example/%C3%B1%20a%0D%0ASet-Cookie:%20x"


@pytest.mark.parametrize(
    "path",
    [
        "/c/garbage",
        clicked()[:-1],
        clicked()[:-1] + ("A" if clicked()[-1] != "A" else "B"),
        "/c/" + clicked()[3:].split(".")[0] + "." + clicked("https://other.example/").split(".")[-1],
        "/c/" + opened()[3:],
        "/c/" + MemorySigner("another secret").sign("c", {"m": MESSAGE, "u": URL}),
    ],
)
def test_tampered_or_foreign_token_is_a_page_and_no_redirect(events: MemoryQueue, path: str) -> None:
    answer = call("GET", path)

    assert answer["statusCode"] == 404
    assert "location" not in answer["headers"]
    assert "<h1>Este enlace no es válido</h1>" in answer["body"]
    assert not events.bodies


def test_page_speaks_the_visitor_s_language(events: MemoryQueue) -> None:
    assert "This link is not valid" in call("GET", "/c/x", headers={"accept-language": "en-GB,en;q=0.9"})["body"]


class Broken:
    def put(self, *_: object) -> None:
        raise TimeoutError("queue")


def test_reader_is_served_although_counting_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "signer", lambda: SIGNER)
    monkeypatch.setattr(wiring, "events_queue", Broken)

    assert call("GET", opened())["statusCode"] == 200
    assert call("GET", clicked())["headers"]["location"] == URL


def test_failure_is_a_page_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKEN_SECRET_ARN", raising=False)
    wiring.signer.cache_clear()
    answer = call("GET", clicked())

    assert answer["statusCode"] == 500
    assert "Traceback" not in answer["body"]
    assert "<h1>Algo ha ido mal</h1>" in answer["body"]


def test_starts_without_the_stores() -> None:
    """A fresh interpreter: what this function imports, it waits for at every cold start."""
    heavy = ("pynamodb", "duckdb", "jinja2", "mjml", "pydantic")
    program = f"import sys, functions.public_tracking.app; print([m for m in {heavy} if m in sys.modules])"
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)

    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not CASES.exists(), reason="the external cases are not beside the repository")
def test_no_naughty_token_or_header_breaks_the_edge(events: MemoryQueue) -> None:
    cases = json.loads((CASES / "naughty_strings.json").read_text())
    texts = [t for t in _texts(cases) if t]

    assert len(texts) > 100
    for text in texts:
        headers = {"accept-language": text, "user-agent": text}
        assert call("GET", f"/c/{text}", headers=headers)["statusCode"] == 404
        assert call("GET", f"/o/{text}", headers=headers)["statusCode"] == 200
    assert not events.bodies


def _texts(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [text for child in children for text in _texts(child)]
