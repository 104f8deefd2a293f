"""The demo's web site: it shows the form as long as the demo stays up, also when the story was played days before."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from infra.local import chromium
from infra.local.demo.capture import put_up_again
from infra.local.demo.contents import FORM
from infra.local.demo.desk import Desk
from infra.local.demo.visitor import Visit, fill_in_as_a_visitor
from infra.local.demo.website import Website, website
from infra.local.http import request

HTML = '<form action="http://127.0.0.1:1/f/abc"></form>'


class Forms:
    """What the API answers about forms, and what it was told."""

    def __init__(self, *items: dict[str, Any]) -> None:
        self.items = list(items)
        self.patched: list[tuple[str, Any]] = []

    def api(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        if method == "PATCH":
            self.patched.append((path, body))
        return {"items": self.items}

    def call(self, method: str, path: str) -> SimpleNamespace:
        return SimpleNamespace(text=HTML)


@pytest.mark.parametrize(
    ("returns_to", "moved"), [("http://127.0.0.1:1/gracias.html", True), ("https://huertaturia.example/hola", False)]
)
def test_the_page_of_an_earlier_story_is_up_again(returns_to: str, moved: bool) -> None:
    forms = Forms({"id": "f1", "name": FORM, "return_url": returns_to}, {"id": "f2", "name": "Otro", "return_url": ""})
    with website() as site:
        put_up_again(cast(Desk, SimpleNamespace(stack=forms)), site)

        assert HTML in request("GET", site.contact_page).text
        assert request("GET", site.thanks_page).status == 200
        # A return page that somebody chose is theirs; one on a port of the past leads nowhere.
        assert forms.patched == ([("/v1/forms/f1", {"return_url": site.thanks_page})] if moved else [])


def test_without_the_form_there_is_no_page() -> None:
    with website() as site:
        put_up_again(cast(Desk, SimpleNamespace(stack=Forms())), site)
        assert request("GET", site.contact_page).status == 404
        assert not site.pages


def _with_a_form(site: Website) -> None:
    """It asks for a name and leads to the page of thanks by itself: no stack is needed to fill it in."""
    site.paste(f'<form action="{site.thanks_page}"><input name="firstname"><button>Enviar</button></form>')


def test_a_visitor_fills_the_form_in_with_a_browser() -> None:
    if chromium.path() is None:
        pytest.skip(chromium.MISSING)
    with website() as site:
        _with_a_form(site)
        visit = fill_in_as_a_visitor(site, {"firstname": "Lía"})
        assert visit == Visit(f"{site.thanks_page}?firstname=L%C3%ADa", "con Chromium")


@pytest.mark.parametrize(("path", "advice"), [(None, "install -y chromium"), ("/bin/false", "/bin/false no arranca")])
def test_without_a_browser_the_form_is_posted_and_the_story_says_so(
    path: str | None, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "path", lambda: path)
    with website() as site:
        _with_a_form(site)
        visit = fill_in_as_a_visitor(site, {"firstname": "Lía"})
        assert visit.by == "por HTTP, como lo enviaría un navegador"
        assert advice in visit.advice
