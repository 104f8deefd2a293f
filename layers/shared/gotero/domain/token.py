"""Signed tokens of public links and cursors: `base64url(payload).base64url(HMAC-SHA256[:16])`.

The purpose is signed and not written, so that a token of one purpose is none of another. Tokens never expire: the
unsubscribe link of an old mail has to work, with the previous secret too.
"""

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping
from typing import Any

OPEN, CLICK, UNSUBSCRIBE, VIEW, PREFERENCES, RESUBSCRIBE = "o", "c", "u", "v", "p", "r"

_TAG_BYTES = 16
#: A link of 2,000 characters, as base64 of JSON, with room to spare.
_LIMIT = 8192
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_SHAPE = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)", re.ASCII)


def encode(secret: bytes, purpose: str, payload: Mapping[str, Any]) -> str:
    """The token of `payload`; the same payload gives the same token."""
    body = _to_text(_JSON.encode(payload).encode())
    return f"{body}.{_to_text(_tag(secret, purpose, body))}"


def decode(secrets: Iterable[bytes], purpose: str, token: str) -> dict[str, Any] | None:
    """The payload of a token that one of `secrets` signed for `purpose`; None for anything else."""
    shape = _SHAPE.fullmatch(token) if len(token) <= _LIMIT else None
    if shape is None:
        return None
    body, signature = shape.groups()
    tag, raw = _from_text(signature), _from_text(body)
    if tag is None or raw is None:
        return None
    # Every secret is tried, so that the time taken says nothing about which one fitted.
    if not any([hmac.compare_digest(tag, _tag(secret, purpose, body)) for secret in secrets]):  # noqa: C419
        return None
    payload = json.loads(raw)
    return payload if isinstance(payload, dict) else None


def _tag(secret: bytes, purpose: str, body: str) -> bytes:
    return hmac.digest(secret, f"{purpose}:{body}".encode(), hashlib.sha256)[:_TAG_BYTES]


def _to_text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _from_text(text: str) -> bytes | None:
    """The bytes, unless another text would give the same ones: there is one way to write a token."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except Base64Error:
        return None
    return data if _to_text(data) == text else None
