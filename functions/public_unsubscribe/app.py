"""`/u`, `/p` and `/r/{token}`: leaving, and coming back. A page that asks on GET, the act on POST alone (RFC 8058)."""

from http import HTTPStatus
from typing import Any

from gotero.domain import instant
from gotero.entry import http, pages, problems, wiring, wiring_mail
from gotero.entry.public import PublicRequest, location, public, visit
from gotero.services import resubscribe
from gotero.services.unsubscribe import unsubscribe, unsubscribe_message

Json = dict[str, Any]


@public
def handler(request: PublicRequest) -> Json:
    answer = _come_back(request) if request.path.startswith("/r/") else _leave(request)
    origin = request.header("origin")
    if request.path.startswith("/u/") and origin and wiring_mail.landing_page().may_call(origin):
        # The company's own page may read what came of its call. It needs no leave to make it: no cookie goes along.
        answer["headers"] |= {"access-control-allow-origin": origin, "vary": "Origin"}
    return answer


def _leave(request: PublicRequest) -> Json:
    message_id = unsubscribe_message(request.token, signer=wiring.signer())
    if message_id is None:
        return _said(request, "not_found", HTTPStatus.NOT_FOUND)
    fields = request.fields() if request.method == "POST" else {}
    if fields.get("again") == "1":
        at = instant.write(wiring.clock.now())
        resubscribe.ask(message_id, request.id, at, events=wiring.events_queue())
        return pages.page("message.html", request.language, key="resubscribe_sent")
    one_click = str(fields.get("List-Unsubscribe", "")).strip() == "One-Click"  # some end the body with a line break
    if not one_click and fields.get("confirm") != "1":
        # Scanners follow links: GET and HEAD only ask. A POST that says neither is asked again.
        return _asked(request)
    unsubscribe(message_id, visit(request, wiring.signer(), wiring.clock), events=wiring.events_queue())
    if one_click:
        headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
        return {"statusCode": 200, "headers": headers, "body": "OK", "isBase64Encoded": False}
    return http.json_answer({"unsubscribed": True}) if request.wants_json else _page(request, "unsubscribed.html")


def _asked(request: PublicRequest) -> Json:
    """Our page, or the way to the company's own. Preferences (`/p`) are always ours."""
    if request.method == "POST":
        return _said(request, "confirm", HTTPStatus.BAD_REQUEST, page="unsubscribe.html")
    page = wiring_mail.landing_page().address(request.token) if request.path.startswith("/u/") else ""
    if page:
        headers = {"location": location(page), "cache-control": "no-store", "referrer-policy": "no-referrer"}
        return {"statusCode": 302, "headers": headers, "body": "", "isBase64Encoded": False}
    return _page(request, "unsubscribe.html")


def _come_back(request: PublicRequest) -> Json:
    sure = request.method == "POST" and request.fields().get("confirm") == "1"
    events = wiring.events_queue() if sure else None
    now = instant.write(wiring.clock.now())
    if not resubscribe.confirm(request.token, now, signer=wiring.signer(), events=events):
        return pages.not_found(request.language)
    return (
        pages.page("message.html", request.language, key="resubscribed") if sure else _page(request, "resubscribe.html")
    )


def _page(request: PublicRequest, name: str, status: int = 200) -> Json:
    return pages.page(name, request.language, status)


def _said(request: PublicRequest, key: str, status: HTTPStatus, page: str = "") -> Json:
    """A problem for a program, a page for a person."""
    if request.wants_json:
        return problems.problem(status, key, language=request.language).to_json_answer()
    return _page(request, page, status) if page else pages.not_found(request.language)
