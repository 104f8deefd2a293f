"""The demo's web site: it shows the form as long as the demo stays up, also when the story was played days before."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from infra.local.demo.capture import put_up_again
from infra.local.demo.contents import FORM
from infra.local.demo.desk import Desk
from infra.local.demo.website import website
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
