"""Public pages: server-rendered, no JavaScript, Spanish and English by Accept-Language."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gotero.domain import catalogue

if TYPE_CHECKING:
    from jinja2 import Environment

Json = dict[str, Any]
_FOLDER = Path(__file__).parent / "pages_html"


def page(template: str, language: catalogue.Language, status: int = 200, **values: Any) -> Json:
    """The answer with the page `pages_html/<template>`."""
    return html_answer(render(template, language, **values), status, _policy())


def render(template: str, language: catalogue.Language, **values: Any) -> str:
    """The HTML of `pages_html/<template>`. In it, `say(key)` is a text of catalogue/pages.py."""

    def say(key: str, **parts: str) -> str:
        return catalogue.text("pages", key, language, **parts)

    html: str = _environment().get_template(template).render(say=say, language=language, style=style(), **values)
    return html


def not_found(language: catalogue.Language) -> Json:
    """The answer to a link that is none of ours."""
    return page("message.html", language, 404, key="not_found")


def html_answer(body: str, status: int, policy: str) -> Json:
    """HTML that no cache keeps, no search engine finds, and no other site frames."""
    return {
        "statusCode": status,
        "headers": {
            "content-type": "text/html; charset=utf-8",
            "cache-control": "no-store",
            "content-security-policy": policy,
            # Other sites learn nothing; but a browser told "no-referrer" would post our own form with Origin: null.
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "x-robots-tag": "noindex, nofollow",
        },
        "body": body,
        "isBase64Encoded": False,
    }


@cache
def _environment() -> "Environment":
    # Clicks and opens are answered without a page: they do not wait for Jinja2.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, auto_reload=False)


@cache
def style() -> str:
    return (_FOLDER / "style.css").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    digest = b64encode(sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
