"""The company's web site: a static page on a port of its own, with the form's HTML pasted in as it is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from infra.local.http import Response, request

CONTACT, THANKS = "/contacto.html", "/gracias.html"
_FRAME = (
    '<!doctype html><html lang="es"><head><meta charset="utf-8"><title>{title}</title></head>'
    '<body style="font-family:Georgia,serif;max-width:36rem;margin:3rem auto"><h1>{title}</h1>{content}</body></html>'
)


@dataclass
class Website:
    url: str
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def contact_page(self) -> str:
        return f"{self.url}{CONTACT}"

    @property
    def thanks_page(self) -> str:
        return f"{self.url}{THANKS}"

    def paste(self, form_html: str) -> None:
        """What a webmaster does with the HTML that the product hands out."""
        title = "Huerta Turia — Página de contacto"
        self.pages[CONTACT] = _FRAME.format(title=title, content=form_html)
        self.pages[THANKS] = _FRAME.format(title="Gracias", content="<p>Hemos recibido tu mensaje.</p>")


@contextmanager
def website() -> Iterator[Website]:
    site = Website("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(urlsplit(self.path).path)
            body = (page or "<p>No existe</p>").encode()
            self.send_response(200 if page else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """The story tells what happens."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Form(HTMLParser):
    """Where the form of a page is sent to, and what its inputs hold."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given.get("action", "")
        elif tag in ("input", "select", "textarea") and given.get("name"):
            self.fields[given["name"]] = given.get("value", "")


def fill_in(page: str, typed: dict[str, str], **headers: str) -> Response:
    """Read the page, fill its form in and post it, with the headers that a browser sends from there."""
    form = _Form()
    form.feed(request("GET", page).text)
    origin = f"http://{urlsplit(page).netloc}"
    sent = {"Origin": origin, "Referer": page, "Accept": "text/html", "Accept-Language": "es", **headers}
    return request("POST", form.action, form={**form.fields, **typed}, headers=sent)
