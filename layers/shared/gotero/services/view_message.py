"""Show a mail in the browser, as its recipient got it."""

from gotero.domain import token
from gotero.domain.mail_links import message_links, viewed_links
from gotero.domain.message import MessageKey
from gotero.domain.record import Ref
from gotero.domain.template import MailContent
from gotero.ports import Definitions, Messages, Records, Renderer, Signer
from gotero.services.load_mail_context import load_mail_context
from gotero.services.save_template import KIND, compiled_template


def view_message(
    text: str, *, signer: Signer, messages: Messages, records: Records, definitions: Definitions, renderer: Renderer
) -> MailContent | None:
    """The content, rendered anew from the template and the recipient as they are now; None when either is gone.

    Its links are relative: they lead to where the page itself was found.
    """
    payload = signer.read(token.VIEW, text)
    message = messages.get(MessageKey.parse(payload["m"])) if payload else None
    if message is None:
        return None
    template = definitions.get(KIND, message.mailing.template_id)
    recipient = records.get(message.key.recipient)
    if template is None or recipient is None or recipient.deleted_at:
        return None
    compiled = compiled_template(template)
    campaign = Ref("campaigns", message.mailing.campaign) if message.mailing.campaign else None
    about = [ref for ref in (message.mailing.subject, campaign) if ref]
    context = load_mail_context(records, definitions, recipient, compiled.fields, about)
    links = message_links("", signer.sign, str(message.key))
    return renderer.render(compiled, context, viewed_links(links))
