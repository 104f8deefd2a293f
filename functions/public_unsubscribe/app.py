"""`/u/{token}` and `/p/{token}`: a page that asks on GET, the act on POST alone (RFC 8058, or the page's button)."""

from typing import Any

from gotero.entry import pages, wiring
from gotero.entry.public import PublicRequest, public, visit
from gotero.services.unsubscribe import unsubscribe, unsubscribe_message

Json = dict[str, Any]


@public
def handler(request: PublicRequest) -> Json:
    message_id = unsubscribe_message(request.token, signer=wiring.signer())
    if message_id is None:
        return pages.not_found(request.language)
    fields = request.fields() if request.method == "POST" else {}
    one_click = fields.get("List-Unsubscribe") == "One-Click"
    if not one_click and fields.get("confirm") != "1":
        # Scanners follow links: GET and HEAD only ask. A POST that says neither is asked again.
        return pages.page("unsubscribe.html", request.language, 400 if request.method == "POST" else 200)
    unsubscribe(message_id, visit(request, wiring.signer(), wiring.clock), events=wiring.events_queue())
    if one_click:
        headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
        return {"statusCode": 200, "headers": headers, "body": "OK", "isBase64Encoded": False}
    return pages.page("unsubscribed.html", request.language)
