"""The public pages in a real browser: usable without JavaScript, and a shown mail runs nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from functions.public_unsubscribe import app as unsubscribe
from functions.public_view.app import POLICY
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.memory.world import SetClock
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain import instant
from gotero.domain.errors import InvalidError
from gotero.domain.mail_links import message_links
from gotero.domain.template import Template
from gotero.entry import pages, wiring, wiring_mail
from gotero.ports import Definition
from gotero.services.landing_page import LandingPage
from tests.functions.public_events import request

HOST = "mails.example"
ORIGIN = f"http://{HOST}"
CASES = Path(__file__).parents[3] / "shared" / "cases" / "xss_cases.json"
DOCS = Path(__file__).parents[2] / "docs" / "unsubscribing.md"
SIGNER = MemorySigner()
CANARY = "<script>document.documentElement.dataset.ran = 1</script>"


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> MemoryQueue:
    queue = MemoryQueue()
    monkeypatch.setattr(wiring, "signer", lambda: SIGNER)
    monkeypatch.setattr(wiring, "events_queue", lambda: queue)
    page = LandingPage(MemoryDefinitions(), SetClock())
    monkeypatch.setattr(wiring_mail, "landing_page", lambda: page)
    return queue


def to_unsubscribe(route: Route, asked: Request) -> None:
    """The function answers the browser, as the public API would."""
    event = request(
        asked.method,
        asked.url.partition(HOST)[2],
        body=asked.post_data or "",
        content_type=asked.headers.get("content-type", ""),
        headers={name: asked.headers.get(name, "") for name in ("accept-language", "accept", "origin")},
    )
    answer = unsubscribe.handler(event, None)
    route.fulfill(status=answer["statusCode"], headers=answer["headers"], body=answer["body"])


@pytest.mark.parametrize(
    ("locale", "button", "done", "asked", "again"),
    [
        ("es-ES", "Sí, darme de baja", "Te has dado de baja", "Mira tu correo", "Vuelves a estar suscrito"),
        (
            "en-GB",
            "Yes, unsubscribe me",
            "You have been unsubscribed",
            "Look into your mailbox",
            "You are subscribed again",
        ),
    ],
)
def test_unsubscribing_needs_one_button_and_no_javascript(
    browser: Browser, events: MemoryQueue, locale: str, button: str, done: str, asked: str, again: str
) -> None:
    context = browser.new_context(java_script_enabled=False, locale=locale, viewport={"width": 390, "height": 700})
    page = context.new_page()
    page.route("**/*", to_unsubscribe)

    page.goto(f"{ORIGIN}/u/" + SIGNER.sign("u", {"m": "contacts-a-job-b-1"}))
    assert events.bodies == []
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=button)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=done)).to_be_visible()
    assert [event["type"] for event in events.bodies] == ["unsubscribed"]
    # And back: a button there, a page of its own behind the link in the mail, neither of which acts by being looked at.
    page.get_by_role("button").click()
    expect(page.get_by_role("heading")).to_have_text(asked)
    at = instant.write(wiring.clock.now())
    page.goto(f"{ORIGIN}/r/" + SIGNER.sign("r", {"m": "contacts-a-job-b-1", "at": at}))
    assert [event["type"] for event in events.bodies[1:]] == ["resubscribe_asked"]
    page.get_by_role("button").click()
    expect(page.get_by_role("heading")).to_have_text(again)
    assert [event["type"] for event in events.bodies[2:]] == ["resubscribed"]
    context.close()


def test_the_companys_own_page_finishes_it(page: Page, events: MemoryQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of docs/unsubscribing.md as it stands there, on another origin than ours."""
    settings = Definition("settings", "company", {"landing_page": "https://www.huerta.example/baja"}, 1, "", "")
    landing = LandingPage(MemoryDefinitions(settings), SetClock())
    monkeypatch.setattr(wiring_mail, "landing_page", lambda: landing)
    html = DOCS.read_text().partition("```html\n")[2].partition("```")[0].replace("PUBLIC-ADDRESS", HOST)

    def serve(route: Route, asked: Request) -> None:
        if f"//{HOST}/" in asked.url:
            to_unsubscribe(route, asked)
        else:
            route.fulfill(status=200, content_type="text/html", body=html)

    page.route("**/*", serve)
    token = SIGNER.sign("u", {"m": "contacts-a-job-b-1"})
    answer = request("GET", f"/u/{token}")
    there = unsubscribe.handler(answer, None)["headers"]["location"]
    assert there == f"https://www.huerta.example/baja?token={token}"
    page.goto(there)
    assert events.bodies == []
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text("Te has dado de baja.")
    assert [event["type"] for event in events.bodies] == ["unsubscribed"]


def mail(template: str, values: dict[str, Any]) -> str | None:
    """The HTML of a mail; None for a template that is refused."""
    renderer = TemplateRenderer()
    try:
        compiled = renderer.compile(Template("t", "s", html=template))
    except InvalidError:
        return None
    return renderer.render(compiled, values, message_links(ORIGIN, SIGNER.sign, "contacts-a-job-b-1")).html


def shown(page: Page, html: str, policy: str) -> bool:
    """Show `html` as `/v` does, under `policy`; whether a script in it could run."""
    answer = pages.html_answer(CANARY + html, 200, policy)

    def fulfil(route: Route, asked: Request) -> None:
        if asked.is_navigation_request() and asked.frame == page.main_frame:
            route.fulfill(status=200, headers=answer["headers"], body=answer["body"])
        else:
            route.abort()

    page.unroute_all()
    page.route("**/*", fulfil)
    page.goto(f"{ORIGIN}/v/x", wait_until="domcontentloaded")
    return page.evaluate("document.documentElement.dataset.ran") is not None


@pytest.mark.skipif(not CASES.exists(), reason="the external cases are not beside the repository")
def test_a_shown_mail_runs_nothing(page: Page) -> None:
    payloads = [case["payload"] for case in json.loads(CASES.read_text())["cases"]]
    payloads += ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>"]
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))

    written = [html for payload in payloads if (html := mail(payload, {}))]
    typed_in = mail("{% for v in values %}<p>{{ v }}</p>{% endfor %}", {"values": payloads})
    assert typed_in
    assert len(written) > 90
    for start in range(0, len(written), 10):
        assert not shown(page, "".join(written[start : start + 10]), POLICY)
    assert not shown(page, typed_in, POLICY)
    assert asked == []

    # The control: the canary does sing where the policy lets it.
    assert shown(page, "", "default-src * 'unsafe-inline'")
    assert shown(page, typed_in, "default-src * 'unsafe-inline'")
    assert asked == []  # and what visitors typed in is text, with or without the policy
