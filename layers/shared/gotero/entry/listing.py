"""Reads what a list route is asked for, and signs the cursor to go on from: it fits the same query only."""

import json
from hashlib import sha256
from typing import Any

from gotero.domain.errors import FieldError, InvalidError
from gotero.entry import strict_json
from gotero.entry.http import Api, Json
from gotero.ports import Signer

MAX_LIMIT = 200
PURPOSE = "cursor"


def cursor_after(api: Api, signer: Signer, query: Any) -> Any:
    """Where the cursor of this request stands; None without one. InvalidError for one of another query."""
    text = api.query("cursor")
    if not text:
        return None
    payload = signer.read(PURPOSE, text)
    if payload is None or payload.get("q") != _query(query):
        raise InvalidError(FieldError("cursor", "cursor"))
    return payload["after"]


def cursor(signer: Signer, query: Any, after: Any) -> str | None:
    """The cursor of the next page; None when there is none."""
    return signer.sign(PURPOSE, {"q": _query(query), "after": after}) if after is not None else None


def limit_of(api: Api, default: int = 50) -> int:
    return api.query_int("limit", default, MAX_LIMIT)


def condition_of(api: Api) -> Json | None:
    """The condition in `?filter=`, as JSON."""
    text = api.query("filter")
    if not text:
        return None
    try:
        condition = strict_json.read(text)
    except ValueError as error:
        raise InvalidError(FieldError("filter", "json")) from error
    if not isinstance(condition, dict):
        raise InvalidError(FieldError("filter", "condition"))
    return condition


def sort_of(api: Api) -> list[tuple[str, bool]]:
    """`?sort=-updated_at,lastname` as (column, descending)."""
    names = [name for name in (api.query("sort") or "").split(",") if name]
    if len(names) > 3:
        raise InvalidError(FieldError("sort", "limit", (("limit", "3"),)))
    return [(name.removeprefix("-"), name.startswith("-")) for name in names]


def _query(query: Any) -> str:
    return sha256(json.dumps(query, sort_keys=True, default=str).encode()).hexdigest()[:16]
