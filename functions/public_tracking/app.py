"""`/o/{token}` and `/c/{token}`: verify the token, enqueue what happened, answer. Nothing else stands in the way."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from gotero.domain.visit import Visit
from gotero.entry import pages, wiring
from gotero.entry.observability import log_failure
from gotero.entry.public import PublicRequest, location, public, visit
from gotero.services.click_link import count_click, link_target
from gotero.services.open_message import open_message

Json = dict[str, Any]

_PIXEL = b64encode(
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
).decode()
_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}


def _opened(request: PublicRequest) -> Json:
    """The pixel, whatever the token: a broken image would be seen."""
    if request.method == "GET":
        _tolerant(lambda: _count_opening(request))
    return {
        "statusCode": 200,
        "headers": {**_HEADERS, "content-type": "image/gif"},
        "body": _PIXEL,
        "isBase64Encoded": True,
    }


def _clicked(request: PublicRequest) -> Json:
    """To the target in the token, byte for byte, and nowhere else."""
    link = link_target(request.token, signer=wiring.signer())
    if link is None:
        return pages.not_found(request.language)
    message_id, url = link
    if request.method == "GET":
        _tolerant(lambda: count_click(message_id, url, _visit(request), events=wiring.events_queue()))
    return {"statusCode": 302, "headers": {**_HEADERS, "location": location(url)}, "body": ""}


def _visit(request: PublicRequest) -> Visit:
    return visit(request, wiring.signer(), wiring.clock)


def _count_opening(request: PublicRequest) -> bool:
    return open_message(request.token, _visit(request), signer=wiring.signer(), events=wiring.events_queue())


def _tolerant(count: Callable[[], object]) -> None:
    """The reader gets the image or the page even when it cannot be counted."""
    try:
        count()
    except Exception as error:
        log_failure("not counted", error)


@public
def handler(request: PublicRequest) -> Json:
    return _opened(request) if request.path.startswith("/o/") else _clicked(request)
