"""Which browsers' requests a port answers.

The emulator runs code for whoever asks, under any Host and with `Access-Control-Allow-Origin: *`: without this, every
web page open on the same machine could drive it. Programs send no Origin and a loopback Host, and pass.
"""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# The second alternative is how SDKs address buckets and APIs; `.localhost` never leaves the machine.
LOOPBACK = re.compile(r"^(127\.0\.0\.1|localhost|\[::1\]|[a-z0-9.-]+\.localhost)(:\d+)?$", re.IGNORECASE)


def guarded(app: App, origins: frozenset[str], *, any_origin: bool = False, pages: str = "/") -> App:
    """`app` for loopback Hosts and for pages of `origins`.

    `any_origin`: the port that websites post forms to. `pages`: the paths to which links of other sites may lead.
    """

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        link = scope.get("method") == "GET" and scope["path"].startswith(pages)
        reason = refusal(headers, origins, any_origin=any_origin, link=link)
        if reason is None:
            await app(scope, receive, send)
        elif scope["type"] == "http":
            await answer(send, 403, {"message": reason})

    return guard


def refusal(headers: dict[str, str], origins: frozenset[str], *, any_origin: bool, link: bool = False) -> str | None:
    if not LOOPBACK.match(headers.get("host", "")):
        return "the local stack answers loopback addresses only"
    if any_origin:
        return None
    if "origin" in headers and headers["origin"] not in origins:
        return "the local stack does not answer pages of this origin"
    # Images, scripts and forms of foreign pages carry no Origin on a GET, but browsers mark them.
    if headers.get("sec-fetch-site") == "cross-site" and not (link and headers.get("sec-fetch-mode") == "navigate"):
        return "the local stack does not answer other sites"
    return None


def at_one_address(app: App, url: str) -> App:
    """Sends people who typed `localhost` to 127.0.0.1: to a browser they are two sites, and a login is for one."""

    async def redirecting(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", []))
        typed = headers.get(b"host", b"").startswith(b"localhost") and headers.get(b"sec-fetch-mode") == b"navigate"
        if scope["type"] != "http" or scope["method"] != "GET" or not typed:
            await app(scope, receive, send)
            return
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        location = url.encode() + scope["raw_path"].split(b"?")[0] + query
        await send({"type": "http.response.start", "status": 307, "headers": [(b"location", location)]})
        await send({"type": "http.response.body", "body": b""})

    return redirecting


def origins_of(*ports: int) -> frozenset[str]:
    return frozenset(f"http://{host}:{port}" for host in ("127.0.0.1", "localhost") for port in ports)


async def answer(send: Send, status: int, body: object, content_type: str = "application/json") -> None:
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def read_body(receive: Receive) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body
