"""The URL standard's own cases against whatever judges a URL here: what we take it for is what a browser opens."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from gotero.adapters.rendering.links import COUNTED_SCHEMES, PLAIN_SCHEMES, as_browser_opens, scheme_of
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain import token
from gotero.domain.company import is_web_page
from gotero.domain.errors import InvalidError
from gotero.domain.mail_links import message_links
from gotero.domain.template import Template
from gotero.domain.utm import marked

PATH = Path(__file__).parents[3] / "shared/cases/url_cases.json"
CASES: list[dict[str, Any]] = json.loads(PATH.read_text())["cases"] if PATH.exists() else []
pytestmark = pytest.mark.skipif(not CASES, reason="the external cases are not beside the repository")
SECRET = b"secret of the tests"


def absolute() -> list[dict[str, Any]]:
    """Cases that mean the same wherever they stand."""
    return [case for case in CASES if case.get("base") is None and case["input"].isprintable()]


def test_a_landing_page_is_where_a_browser_goes() -> None:
    taken = [case for case in CASES if is_web_page(case["input"])]
    for case in taken:
        assert not case.get("failure"), case
        assert case["protocol"] == "https:", case
        assert urlsplit(case["input"]).hostname == case["hostname"], case
    assert taken


def test_a_scheme_is_what_a_browser_takes_it_for() -> None:
    for case in absolute():
        if case.get("failure"):
            continue
        scheme = scheme_of(as_browser_opens(case["input"]))
        assert scheme == case["protocol"].rstrip(":"), case


def opened(text: str) -> str:
    return as_browser_opens(text)


def test_every_link_is_refused_left_alone_or_counted_with_its_target_byte_for_byte() -> None:
    renderer, seen = TemplateRenderer(), {"refused": 0, "alone": 0, "counted": 0}
    for case in CASES:
        target = case["input"]
        if any(mark in target for mark in ('"', "{{", "{%", "{#", "&")) or "\0" in target:
            continue
        try:
            compiled = renderer.compile(Template("t", "s", html=f'<a href="{target}">x</a>'))
        except InvalidError:
            # Refused with a reason: script, data, file and what is no scheme of a mail.
            assert scheme_of(opened(target)) not in COUNTED_SCHEMES | PLAIN_SCHEMES, case
            seen["refused"] += 1
            continue
        links = message_links("https://go.example", lambda p, data: token.encode(SECRET, p, data), "m")
        html = renderer.render(compiled, {}, links).html
        href = html.partition('href="')[2].partition('"')[0]
        if not href.startswith("https://go.example/c/"):
            assert scheme_of(opened(href)) not in {"javascript", "data", "vbscript", "file"}, case
            seen["alone"] += 1
            continue
        payload = token.decode([SECRET], token.CLICK, href.rpartition("/")[2])
        assert payload is not None and payload["u"] == opened(target), case
        seen["counted"] += 1
    assert all(seen.values()), seen


def test_marks_lead_nowhere_else() -> None:
    for case in absolute():
        if case.get("failure") or case["protocol"] not in ("http:", "https:"):
            continue
        before, after = case["input"], marked(case["input"], {"utm_source": "gotero"})
        cut = min((before.find(c) for c in "?#" if c in before), default=len(before))
        assert after[:cut] == before[:cut], case
