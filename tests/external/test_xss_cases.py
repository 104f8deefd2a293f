"""What strangers write, shown in the console: text, whatever it says. Nothing of it runs, and no request leaves.

Every case stands at once in the fields of a message, in what servers and providers said of it, in names of records
and in the names and links of a campaign. The console runs without its own policy here: it must not need it.
A mail read in the browser, whose author may write HTML, is tests/browser/test_public_pages.py.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Route, expect

from gotero.domain.user import User
from gotero.services.describe_meta import describe
from tests.browser import sample_data, sample_sends
from tests.browser.conftest import PATIENCE, api, browser_context_args, browser_type_launch_args, missing, server
from tests.browser.fake_api import FakeApi, Server

__all__ = ["api", "browser_context_args", "browser_type_launch_args", "server"]  # fixtures
CASES = Path(__file__).parents[3] / "shared" / "cases" / "xss_cases.json"
PAYLOADS = [case["payload"] for case in json.loads(CASES.read_text())["cases"]] if CASES.exists() else []
PAYLOADS += [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
]
#: As many in one text: a case that is left as text cannot hide the next one.
TOGETHER = 30
TEXTS = ["\n".join(PAYLOADS[at : at + TOGETHER]) for at in range(0, len(PAYLOADS), TOGETHER)]
LUCIA = User("u-lucia", "Lucía Ferrer", "lucia@huertaturia.example", "admin")
ALL_SHOWN = """(texts) => {
  const shown = document.body.textContent.replace(/\\s+/g, ' ')
  return texts.filter((text) => !shown.includes(text.replace(/\\s+/g, ' ').trim()))
}"""
#: Links that lead neither to a page nor to a mail.
ELSEWHERE = "all => all.map((a) => a.getAttribute('href')).filter((to) => !/^(https?:|mailto:|tel:|[/])/.test(to))"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CASES.exists(), reason="the external cases are not beside the repository"),
    pytest.mark.skipif(missing() is not None, reason=str(missing())),
]


@pytest.fixture
def quiet_page(browser: Browser, server: Server, api: FakeApi, request: Any) -> Iterator[Page]:
    """Whatever asks, opens or leads anywhere else than to the console itself fails the test."""
    api.meta = {**describe(LUCIA, {}, [LUCIA], {}), "user": {**api.meta["user"], "language": "es"}}
    for module in api.meta["modules"]:
        api.records.setdefault(module["id"], [])
    with_policy = getattr(request, "param", "") == "with the policy"
    context = browser.new_context(locale="es-ES", viewport={"width": 1440, "height": 900}, bypass_csp=not with_policy)
    happened: list[str] = []
    page = context.new_page()

    def leaves(route: Route, asked: Request) -> None:
        happened.append(asked.url)
        route.abort()

    def speaks(dialog: Dialog) -> None:
        happened.append(f"said {dialog.message}")
        dialog.dismiss()

    context.route(lambda url: not url.startswith(server.url), leaves)
    context.on("page", lambda opened: happened.append(f"opened {opened.url}"))
    page.on("dialog", speaks)
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(f"{server.url}/console/jobs")
    expect(page.get_by_role("heading")).to_be_visible()
    # The control: what would run and ask is seen here.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', `<img src='http://off.example/' onerror='alert(7)'>`)")
    page.wait_for_timeout(100)
    assert with_policy or happened == ["http://off.example/", "said 7"]
    happened.clear()
    yield page
    page.wait_for_timeout(100)
    assert page.locator("a[href]").evaluate_all(ELSEWHERE) == []
    context.close()
    assert happened == []


def go(page: Page, path: str) -> None:
    """As a link does: the console is not loaded anew."""
    page.evaluate(
        "path => { history.pushState({}, '', '/console/' + path); dispatchEvent(new PopStateEvent('popstate')) }", path
    )


def shows(page: Page, *texts: str) -> None:
    """Each of these, letter for letter."""
    page.wait_for_function(f"(texts) => ({ALL_SHOWN})(texts).length === 0", arg=[*texts])


def test_a_message_shows_its_fields_its_answers_and_its_programs_as_text(
    quiet_page: Page, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at, text in enumerate(TEXTS):
        said = f"smtp; 550 {text}"
        raw = json.dumps({"userAgent": text, "diagnosticCode": said})
        values = dict.fromkeys(("name", "subject", "reply_to", "template", "description", "last_url"), text)
        values |= {"status": "bounced", "bounce_type": "hard", "reason": said, "template_id": "t-1", "contact": "c-0"}
        titles = {"contact": text}
        api.records["messages"].append(sample_data.record("messages", f"x-{at}", f"MSG-{at}", values, titles=titles))
        told = [
            {"at": sample_data.NOW, "kind": kind, "cause": {}, "data": data, "text": {"es": text, "en": text}}
            for kind, data in (("message_bounced", {"detail": said}), ("provider_event", {"raw": raw}))
        ]
        monkeypatch.setattr(sample_data, "MESSAGE_TIMELINE", told)
        go(quiet_page, f"records/messages/x-{at}")
        shows(quiet_page, text, said, json.dumps(json.loads(raw), indent=1, ensure_ascii=False))


def test_names_of_campaigns_and_records_and_links_are_text_wherever_they_stand(
    quiet_page: Page, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign: dict[str, Any] = api.records["campaigns"][0]
    for at, text in enumerate(TEXTS):
        api.records["contacts"].insert(0, {**sample_data.contact(at), "id": f"x-{at}"})
        api.records["contacts"][0]["values"] |= {"lastname": text, "email": text, "website": text, "mobile": text}
    campaign["values"]["name"] = "\n".join(TEXTS)
    results = {
        "links": [{"url": payload, "clicks": 1} for payload in PAYLOADS],
        "bounces": [{"kind": payload, "count": 1, "example": payload} for payload in PAYLOADS],
        "reasons": [{"status": "skipped", "reason": payload, "count": 1} for payload in PAYLOADS],
    }
    monkeypatch.setattr(sample_sends, "RESULTS", {**sample_sends.RESULTS, **results})
    go(quiet_page, "records/contacts")
    shows(quiet_page, *TEXTS)
    go(quiet_page, "records/campaigns")
    shows(quiet_page, *TEXTS)
    go(quiet_page, "records/campaigns/cam-355?tab=results")
    shows(quiet_page, *PAYLOADS)
    for at, text in enumerate(TEXTS):
        go(quiet_page, f"records/contacts/x-{at}")
        shows(quiet_page, text)


@pytest.mark.parametrize("quiet_page", ["with the policy"], indirect=True)
def test_the_preview_of_a_template_runs_nothing_of_it(
    quiet_page: Page, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = "<script>parent.document.title = 'owned'</script>"
    for at, text in enumerate(TEXTS):
        mail = {"subject": text, "text": text, "html": canary + text, "warnings": [{"message": text}]}
        monkeypatch.setattr(FakeApi, "preview", staticmethod(lambda mail=mail: (200, mail)))
        api.definitions["templates"].append({"id": f"x-{at}", "name": text, "subject": text, "class": "marketing"})
        go(quiet_page, f"templates/x-{at}")
        shows(quiet_page, text)
        frame = quiet_page.locator("iframe")
        expect(frame).to_have_attribute("sandbox", "")
        assert "owned" not in quiet_page.title()
