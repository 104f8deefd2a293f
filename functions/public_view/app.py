"""`/v/{token}`: a mail read in the browser; and the answer to every public address that does not exist."""

from http import HTTPStatus
from typing import Any

from gotero.entry import pages, problems, wiring_mail
from gotero.entry.public import PublicRequest, public
from gotero.services.view_message import view_message

Json = dict[str, Any]

#: What people wrote is shown like a stranger's page: no scripts, no forms, no origin; pictures and styles as in a mail.
POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none'; "
    "img-src https: http: data:; style-src 'unsafe-inline' https:; font-src https:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


@public
def handler(request: PublicRequest) -> Json:
    if not request.token or not request.path.startswith("/v/"):
        return _nothing_here(request)
    content = view_message(wiring_mail.viewer(), request.token)
    return pages.html_answer(content.html, 200, POLICY) if content else _nothing_here(request)


def _nothing_here(request: PublicRequest) -> Json:
    """A page for people, a problem for programs."""
    if request.wants_json:
        return problems.problem(HTTPStatus.NOT_FOUND, "not_found", language=request.language).to_json_answer()
    return pages.not_found(request.language)
