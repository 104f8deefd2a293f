"""Requests as the public HTTP API hands them to a function."""

from itertools import count
from typing import Any

_REQUESTS = count(1)


def request(
    method: str,
    path: str,
    *,
    body: str = "",
    content_type: str = "",
    headers: dict[str, str] | None = None,
    request_id: str | None = None,
) -> dict[str, Any]:
    """An event of payload format 2.0; the last part of the path is its token."""
    sent = {"user-agent": "Mozilla/5.0", "content-type": content_type, **(headers or {})}
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": {name: value for name, value in sent.items() if value},
        "requestContext": {
            "requestId": request_id or f"request-{next(_REQUESTS)}",
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.7"},
        },
        "pathParameters": {"token": path.rpartition("/")[2]},
        "body": body,
        "isBase64Encoded": False,
    }
