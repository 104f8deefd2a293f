"""The mailbox page: what SES was handed, with working links, and buttons for what the world may answer.

For people: `GET /` and `GET /mails/{id}`. For programs, the same in JSON: `GET /messages[?to=&subject=&since=]`,
`GET /messages/{id}`, `POST /messages/{id}/{bounce|complaint|delay|delivery|reject|unsubscribe|unsubscribe_mail}` with
an optional JSON body `{"type": "hard" | "soft"}` for a bounce.
"""

import asyncio
import http.client
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.local.doors import no_lifespan
from infra.local.emulator import Emulator
from infra.local.guard import Receive, Scope, Send, answer, read_body
from infra.local.mailbox.pages import Pages
from infra.local.outbox import Mail, unsubscribe_subject

ONE_CLICK = "List-Unsubscribe=One-Click"
EVENTS = {
    "bounce": "Bounce",
    "complaint": "Complaint",
    "delay": "DeliveryDelay",
    "delivery": "Delivery",
    "reject": "Reject",
    # What a mail program writes to the mailto: of List-Unsubscribe, as a receipt rule would tell it.
    "unsubscribe_mail": "Received",
}
KINDS = {"hard": "Permanent", "soft": "Transient"}
# A mail may not run scripts, and its links open beside the page. Images load: that is how an open is counted.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src http: https: data:; style-src 'unsafe-inline'; font-src data:"
)


class Mailbox:
    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._pages = Pages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await no_lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        query = {key: values[0] for key, values in parse_qs(scope["query_string"].decode()).items()}
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        path = [part for part in scope["path"].split("/") if part]
        if scope["method"] == "POST" and len(path) == 3 and path[0] == "messages":
            await self._act(path[1], path[2], headers, await read_body(receive), send)
        elif scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, {"message": "method not allowed"})
        elif path[:1] == ["messages"]:
            await self._json(path[1:], query, send)
        else:
            await self._page(path, query, headers, send)

    async def _json(self, path: list[str], query: dict[str, str], send: Send) -> None:
        if not path:
            await answer(send, 200, {"items": [_summary(mail) for mail in self._selected(query)]})
        elif len(path) == 1 and (mail := self._emulator.outbox.get(path[0])):
            await answer(send, 200, {**mail, "unsubscribe_url": unsubscribe_url(mail)})
        else:
            await answer(send, 404, {"message": "no such mail"})

    async def _page(self, path: list[str], query: dict[str, str], headers: dict[str, str], send: Send) -> None:
        language = _language(query, headers)
        mail = self._emulator.outbox.get(path[1]) if len(path) >= 2 and path[0] == "mails" else None
        if not path:
            page = self._pages.inbox(self._selected(query)[:300], query, language, self._emulator.clock.iso())
        elif mail and len(path) == 2:
            page = self._pages.mail(mail, unsubscribe_url(mail), unsubscribe_subject(mail), query, language)
        elif mail and path[2:] == ["html"]:
            await _mail_content(send, mail)
            return
        else:
            await answer(send, 404, {"message": "no such page"})
            return
        await answer(send, 200, page.encode(), "text/html; charset=utf-8")

    def _selected(self, query: dict[str, str]) -> list[Mail]:
        """`to` and `subject` contain the text, whatever the case; `since` is an instant of the stack's clock."""
        return [
            mail
            for mail in self._emulator.outbox.newest_first()
            if query.get("to", "").lower() in " ".join(mail["to"]).lower()
            and query.get("subject", "").lower() in mail["subject"].lower()
            and query.get("q", "").lower() in f"{mail['to']} {mail['from']} {mail['subject']}".lower()
            and mail["at"] >= query.get("since", "")
        ]

    async def _act(self, message_id: str, action: str, headers: dict[str, str], body: bytes, send: Send) -> None:
        mail = self._emulator.outbox.get(message_id)
        if mail is None or action not in {*EVENTS, "unsubscribe"}:
            await answer(send, 404, {"message": "no such mail or action"})
            return
        from_page = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        try:
            wish = (
                {key: values[0] for key, values in parse_qs(body.decode()).items()} if from_page else _json_body(body)
            )
            result = await asyncio.to_thread(self._do, mail, action, wish)
        except (ValueError, OSError) as error:
            await answer(send, 422, {"message": str(error)})
            return
        if from_page:
            location = f"/mails/{mail['id']}?done={action}".encode()
            await send({"type": "http.response.start", "status": 303, "headers": [(b"location", location)]})
            await send({"type": "http.response.body", "body": b""})
        else:
            await answer(send, 200, result)

    def _do(self, mail: Mail, action: str, wish: dict[str, Any]) -> dict[str, Any]:
        if action == "unsubscribe":
            status = one_click(mail, self._emulator.ports.public_url)
            self._emulator.outbox.note(mail["id"], f"Unsubscribe {status}", self._emulator.clock.iso())
            return {"status": status}
        kind = KINDS[str(wish.get("type", "hard"))] if wish.get("type", "hard") in KINDS else None
        if kind is None:
            raise ValueError("type is hard or soft")
        return self._emulator.controls["ses/event"]({"id": mail["id"], "event": EVENTS[action], "type": kind})


def unsubscribe_url(mail: Mail) -> str | None:
    """The web address in List-Unsubscribe, if List-Unsubscribe-Post says that one click will do."""
    headers = {header["Name"].lower(): header["Value"] for header in mail["headers"]}
    if headers.get("list-unsubscribe-post") != ONE_CLICK:
        return None
    found = re.search(r"<(https?://[^>]+)>", headers.get("list-unsubscribe", ""))
    return found.group(1) if found else None


def one_click(mail: Mail, public_url: str) -> int:
    """What a mail provider does when its user presses "unsubscribe" (RFC 8058). Only towards our own public door."""
    url = unsubscribe_url(mail)
    if url is None:
        raise ValueError("this mail has no one-click unsubscribe address")
    if not url.startswith(f"{public_url}/"):
        raise ValueError(f"the unsubscribe address does not lead to {public_url}")
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("POST", path, ONE_CLICK, {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().status
    finally:
        connection.close()


async def _mail_content(send: Send, mail: Mail) -> None:
    content = f'<!doctype html><base target="_blank">{mail["html"]}'.encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", MAIL_POLICY.encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"content-length", str(len(content)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _summary(mail: Mail) -> dict[str, Any]:
    shown = ("id", "at", "from", "to", "subject", "tags", "events", "configuration_set")
    return {key: mail[key] for key in shown}


def _json_body(body: bytes) -> dict[str, Any]:
    parsed = json.loads(body or b"{}")
    if not isinstance(parsed, dict):
        raise ValueError("the body is a JSON object")
    return parsed


def _language(query: dict[str, str], headers: dict[str, str]) -> str:
    if query.get("lang") in ("es", "en"):
        return query["lang"]
    return "en" if headers.get("accept-language", "").lower().startswith("en") else "es"
