"""Serves the built console: static files under /console/, its configuration, and nothing else.

Standard library only, so that the first page after a cold start costs milliseconds.
"""

import base64
import hashlib
import json
import mimetypes
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

STATIC = Path(os.environ.get("CONSOLE_STATIC", Path(__file__).parent / "static"))
PREFIX = "/console/"
PAGE = "index.html"
# Names in assets/ carry a hash of their content; everything else must be asked for again.
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
TEXT = ("text/", "application/json", "application/problem+json")

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")


@cache
def files() -> dict[str, Path]:
    """Every file that may be served, by its path below /console/: a name outside this map cannot be reached."""
    found = (path for path in STATIC.rglob("*") if path.is_file() and path.suffix != ".gz")
    return {path.relative_to(STATIC).as_posix(): path for path in found}


@cache
def content(path: Path) -> tuple[bytes, bytes | None, str]:
    """The bytes, the bytes the build has compressed (if it did), and the entity tag."""
    plain = path.read_bytes()
    packed = path.with_name(path.name + ".gz")
    etag = '"' + hashlib.sha256(plain).hexdigest()[:20] + '"'
    return plain, packed.read_bytes() if packed.exists() else None, etag


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


@cache
def security_headers() -> dict[str, str]:
    """The API is the same origin, the log-in server hands out tokens, files to import go to their bucket's address,
    previews show images of the public origin.
    """
    login, public, files = (origin(os.environ.get(f"{name}_URL", "")) for name in ("LOGIN", "PUBLIC", "FILES"))
    policy = {
        "default-src": "'self'",
        "connect-src": " ".join(dict.fromkeys(("'self'", login, files))),
        "img-src": f"'self' data: https: {public}",
        "style-src": "'self' 'unsafe-inline'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value.strip()}" for name, value in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }


def configuration() -> dict[str, str]:
    """What the browser must know before it can log in. The API is on the console's own origin: an empty address."""
    return {
        "api_url": "",
        "console_url": os.environ.get("CONSOLE_URL", ""),
        "login_url": os.environ.get("LOGIN_URL", ""),
        "client_id": os.environ.get("USER_POOL_CLIENT_ID", ""),
        "public_url": os.environ.get("PUBLIC_URL", ""),
    }


def answer(status: int, kind: str, body: bytes, **headers: str) -> dict[str, Any]:
    text = "content-encoding" not in headers and kind.startswith(TEXT)
    return {
        "statusCode": status,
        "headers": {"content-type": kind, **security_headers(), **headers},
        "isBase64Encoded": not text,
        "body": body.decode() if text else base64.b64encode(body).decode(),
    }


def problem(status: int, title: str, **headers: str) -> dict[str, Any]:
    body = json.dumps({"type": "about:blank", "title": title, "status": status}).encode()
    return answer(status, "application/problem+json", body, **{"cache-control": "no-store", **headers})


def serve(name: str, asked: dict[str, str]) -> dict[str, Any]:
    plain, packed, etag = content(files()[name])
    headers = {"cache-control": FOREVER if name.startswith("assets/") else ASK_AGAIN, "etag": etag}
    if etag in (tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(",")):
        return {"statusCode": 304, "headers": {**security_headers(), **headers}, "body": ""}
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    if packed is not None:
        headers["vary"] = "accept-encoding"
        if "gzip" in asked.get("accept-encoding", ""):
            return answer(200, kind, packed, **{"content-encoding": "gzip"}, **headers)
    return answer(200, kind, plain, **headers)


def page_for(path: str) -> str | None:
    """The file that answers this path: itself, or the page for addresses that the console's own router reads."""
    name = path.removeprefix(PREFIX) or PAGE
    if name in files():
        return name
    looks_like_a_file = name.startswith("assets/") or "." in name.rsplit("/", 1)[-1]
    return PAGE if not looks_like_a_file and PAGE in files() else None


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    method, path = event["requestContext"]["http"]["method"], event["rawPath"]
    asked = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if method not in ("GET", "HEAD"):
        return problem(405, "Method not allowed", allow="GET, HEAD")
    if path in ("/", "/console"):
        return {"statusCode": 302, "headers": {"location": PREFIX, **security_headers()}, "body": ""}
    if path == PREFIX + "config.json":
        return answer(200, "application/json", json.dumps(configuration()).encode(), **{"cache-control": ASK_AGAIN})
    name = page_for(path) if path.startswith(PREFIX) else None
    if name is None:
        return problem(404, "Not found")
    return serve(name, asked)
