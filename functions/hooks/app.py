"""`POST /hooks/{provider}/{key}`: what mail providers say about mails. Verify, enqueue, answer; no more."""

from http import HTTPStatus
from typing import Any

from gotero.domain.webhook import HookRequest, Received
from gotero.entry import http, problems, wiring_hooks
from gotero.entry.invocation import must_be_request
from gotero.entry.observability import log_failure, logger
from gotero.entry.public import PublicRequest
from gotero.services.receive_hook import receive_hook

Json = dict[str, Any]

#: SendGrid sends its events in lists of up to 768 KB (docs/adr/0012-webhooks-verify-enqueue-answer.md).
_LIMITS = {"sendgrid": 1024 * 1024}
#: What every provider takes for «try again later»; Brevo takes a 5xx for «never again».
_AGAIN = HTTPStatus.TOO_MANY_REQUESTS
#: What a provider takes for «never again».
_NEVER = {"mailgun": HTTPStatus.NOT_ACCEPTABLE}


def _answer(request: PublicRequest) -> Json:
    name, key = request.parameter("provider"), request.parameter("key")
    provider = wiring_hooks.providers().get(name)
    if provider is None:
        return _problem(HTTPStatus.NOT_FOUND, "not_found")
    if len(request.body()) > _LIMITS.get(name, http.PUBLIC_BODY_LIMIT):
        return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
    result = receive_hook(wiring_hooks.hook_desk(), provider, name, key, _read(request))
    if isinstance(result, Received):
        logger.info("webhook", provider=name, events=len(result.events))
        return http.json_answer({"accepted": len(result.events)})
    logger.warning("webhook refused", provider=name, reason=result.reason)
    if result.reason == "unknown_key":
        return _problem(HTTPStatus.NOT_FOUND, "not_found")
    return _problem(_NEVER.get(name, HTTPStatus.FORBIDDEN), result.reason)


def _read(request: PublicRequest) -> HookRequest:
    is_form = "form" in request.header("content-type")
    return HookRequest(request.headers, request.body(), request.fields() if is_form else {})


def _problem(status: HTTPStatus, reason: str) -> Json:
    return problems.problem(status, reason).to_json_answer()


def handler(event: Json, _context: object) -> Json:
    must_be_request(event)
    try:
        return _answer(PublicRequest(event))
    except Exception as error:
        # Also when AWS throttles us: the provider keeps the event and comes again.
        log_failure("webhook failed", error)
        return _problem(_AGAIN, "try_again")
