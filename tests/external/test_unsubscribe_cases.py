"""What RFC 8058, RFC 2369 and the large mailbox providers ask of unsubscribing: headers, and what a request may do.

A case that would let GET or HEAD act is refused on purpose: security software follows every link of a mail, and a
whole staff was once unsubscribed by it within minutes.
"""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from functions.public_unsubscribe import app
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.memory.world import SetClock
from gotero.domain.mail_links import message_links
from gotero.entry import wiring, wiring_mail
from gotero.services.landing_page import LandingPage
from tests.functions.public_events import request

PATH = Path(__file__).parents[3] / "shared/cases/unsubscribe_cases.json"
CASES: dict[str, Any] = json.loads(PATH.read_text()) if PATH.exists() else {"post_requests": []}
pytestmark = pytest.mark.skipif(not PATH.exists(), reason="the external cases are not beside the repository")

SIGNER = MemorySigner("new", ("old",))
MESSAGE = "contacts-a-job-b-1"
FORM = "application/x-www-form-urlencoded"
ONE_CLICK = "List-Unsubscribe=One-Click"
#: Cases whose words and not their fields say that nothing may change.
UNCHANGED = {"empty-body", "wrong-body", "forged-token"}


def token_of(case: dict[str, Any]) -> str:
    text = (MemorySigner("old") if "rotation" in case["id"] else SIGNER).sign("u", {"m": MESSAGE})
    flipped = text[:-1] + ("A" if text[-1] != "A" else "B")
    return flipped if case["id"] == "forged-token" or "flip" in str(case.get("token")) else text


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryQueue]:
    queue = MemoryQueue()
    page = LandingPage(MemoryDefinitions(), SetClock())
    monkeypatch.setattr(wiring, "signer", lambda: SIGNER)
    monkeypatch.setattr(wiring, "events_queue", lambda: queue)
    monkeypatch.setattr(wiring_mail, "landing_page", lambda: page)
    yield queue


def answers(case: dict[str, Any]) -> list[dict[str, Any]]:
    method = case.get("method", "POST")
    event = request(
        method,
        f"/u/{token_of(case)}",
        body=case.get("body", ONE_CLICK if method == "POST" else ""),
        content_type=case.get("content_type", FORM),
        headers=case.get("headers"),
    )
    times = case.get("repeat", case.get("parallel", 1))
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _: app.handler(event, None), range(times)))


@pytest.mark.parametrize("case", CASES["post_requests"], ids=lambda case: case["id"])
def test_request(events: MemoryQueue, case: dict[str, Any]) -> None:
    statuses = {answer["statusCode"] for answer in answers(case)}
    if case.get("method", "POST") != "POST" or case["id"] in UNCHANGED or "unchanged" in case["expect"]:
        # Whatever the case expects of a GET: it never acts here.
        assert not events.bodies
        assert statuses <= {200, 400, 404}
    else:
        assert statuses == {200}
        assert {(e["message"], e["event_id"]) for e in events.bodies} == {(MESSAGE, f"unsubscribed-{MESSAGE}")}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_case_that_lets_a_get_act_is_refused(events: MemoryQueue, method: str) -> None:
    for body in ("", ONE_CLICK, "confirm=1", "again=1"):
        case = {"id": "acts", "method": method, "body": body, "expect": "2xx, unsubscribed"}
        assert {answer["statusCode"] for answer in answers(case)} == {200}
    assert not events.bodies


def test_headers() -> None:
    links = message_links("https://go.example", SIGNER.sign, MESSAGE, mail_to="bajas@example.com")
    headers = dict(links.headers())
    rules = {next(iter(rule)): rule for rule in CASES["headers_to_emit"]}
    assert rules
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    uris = re.findall(r"<([^>]+)>", headers["List-Unsubscribe"])
    assert [uri.partition(":")[0] for uri in uris] == ["https", "mailto"]
    assert "@" not in uris[0] and MESSAGE not in uris[0]
    assert headers["List-Unsubscribe"].isascii()
    assert max(map(len, uris)) < 900
    # A test send has no list to leave; without an address to receive it there is one way alone.
    assert message_links("https://go.example", SIGNER.sign, MESSAGE, test=True).headers() == ()
    assert "mailto" not in dict(message_links("https://go.example", SIGNER.sign, MESSAGE).headers())["List-Unsubscribe"]
