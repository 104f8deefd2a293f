"""A request of the admin API as Lambda gets it, and the answer with its body read."""

import json
from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from gotero.domain.user import User
from gotero.entry.http import Api

LUCIA = User("lucia", "Lucía Ferrer", "lucia@huertaturia.example", "marketer")


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    def broken(self) -> list[tuple[str, str]]:
        """(path, rule) of every rule that the problem names."""
        return [(error["path"], error["rule"]) for error in self.body["errors"]]


def call(
    api: Api,
    method: str,
    path: str,
    body: Any = None,
    *,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    event = {
        "version": "2.0",
        "routeKey": "ANY /{proxy+}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "queryStringParameters": query or {},
        "headers": {"content-type": "application/json", **(headers or {})},
        "requestContext": {
            "http": {"method": method, "path": path},
            "authorizer": {"jwt": {"claims": {"sub": "sub-of-lucia"}}},
            "stage": "$default",
        },
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }
    answer = api.handler(event, None)  # type: ignore[arg-type]  # no route looks at the context
    text = answer.get("body") or ""
    # A file is the bytes, a page its HTML, anything else JSON.
    page = text.startswith("<")
    body = b64decode(text) if answer.get("isBase64Encoded") else json.loads(text) if text and not page else text or None
    return Answer(answer["statusCode"], body, answer.get("headers", {}))
