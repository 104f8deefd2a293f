"""`/v/{token}`: a mail read in the browser; and the answer to every public address that does not exist."""

from typing import Any

from gotero.entry import pages, wiring
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
        return pages.not_found(request.language)
    content = view_message(
        request.token,
        signer=wiring.signer(),
        messages=wiring.messages(),
        records=wiring.records(),
        definitions=wiring.definitions(),
        renderer=wiring.renderer(),
    )
    return pages.html_answer(content.html, 200, POLICY) if content else pages.not_found(request.language)
