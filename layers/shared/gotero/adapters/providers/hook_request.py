"""What the webhooks of every provider are read with: proofs in constant time, JSON and instants without surprises."""

import hmac
import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from gotero.domain import instant
from gotero.domain.errors import PermanentError
from gotero.domain.webhook import HookRequest

#: The custom argument, metadata, variable or header field that carries the id of our message.
VARIABLE = "gotero_message"
_REASON_LIMIT = 500


def authorized(request: HookRequest, accepted: Iterable[str] | None) -> bool:
    """Whether the Authorization header is one of `accepted`: `user:password` as Basic, or a bearer token."""
    if accepted is None:
        return True
    scheme, _, given = request.header("authorization").partition(" ")
    try:
        proof = b64decode(given, validate=True) if scheme.lower() == "basic" else given.strip().encode()
    except (Base64Error, UnicodeError, ValueError):
        return False
    return scheme.lower() in ("basic", "bearer") and bool(proof) and one_of(proof, accepted)


def one_of(proof: bytes, accepted: Iterable[str]) -> bool:
    """Whether it is one of them. All are compared: the time taken does not tell which one came near."""
    found = False
    for secret in accepted:
        found |= hmac.compare_digest(proof, secret.encode())
    return found


def json_of(text: bytes | str) -> Any:
    """The JSON; ValueError for anything else, however deep."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error


def objects(data: Any) -> tuple[dict[str, Any], ...] | None:
    """An object, or a list of what should be objects, as events; None for anything else."""
    if isinstance(data, dict):
        return (data,)
    if isinstance(data, list):
        # What is no object goes on its way too, and ends in the dead letters: the others must not wait for it.
        return tuple(item if isinstance(item, dict) else {"malformed": item} for item in data)
    return None


def named(raw: Mapping[str, Any], key: str) -> str:
    """The name of an event. An object that is no event raises: a person should look at it."""
    if "malformed" in raw:
        raise PermanentError("a webhook's event is no object")
    name = raw.get(key)
    return name if isinstance(name, str) else ""


def within(value: Any, key: str) -> Any:
    """`value[key]` where value is an object, else None: providers leave parts out."""
    return value.get(key) if isinstance(value, dict) else None


def epoch(value: Any, received_at: str, scale: int = 1) -> str:
    """Seconds since 1970 (`scale` 1000: milliseconds) as our instant; what is none is the instant of receipt."""
    try:
        return instant.write(datetime.fromtimestamp(float(value) / scale, UTC))
    except (TypeError, ValueError, OverflowError, OSError):
        return received_at


def iso(value: Any, received_at: str) -> str:
    """ISO 8601 with any number of decimals as our instant; what is none is the instant of receipt."""
    try:
        return instant.write(instant.read(value))
    except (TypeError, ValueError):
        return received_at


def reason(*texts: Any, address: Any = "") -> str:
    """Why, in the provider's words and without the address: reasons are shown and exported."""
    text = ": ".join(" ".join(text.split()) for text in texts if isinstance(text, str) and text.strip())
    return (text.replace(address, "…") if isinstance(address, str) and address else text)[:_REASON_LIMIT]
