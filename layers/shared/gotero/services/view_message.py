"""Show a mail in the browser, as its recipient got it."""

from gotero.domain import token
from gotero.domain.mail_links import message_links, viewed_links
from gotero.domain.message import Message, MessageKey
from gotero.domain.record import Ref
from gotero.domain.template import CompiledTemplate, MailContent
from gotero.ports import Definitions, Json, Messages, Records, Renderer, Signer
from gotero.services.load_mail_context import example_mail_context, load_mail_context
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
    if template is None:
        return None
    compiled = compiled_template(template)
    context = _context(message, compiled, records, definitions)
    links = viewed_links(message_links("", signer.sign, message.id))
    return renderer.render(compiled, context, links) if context else None


def _context(message: Message, compiled: CompiledTemplate, records: Records, definitions: Definitions) -> Json | None:
    """What its merge tags read. A test mail is about the record it was asked for, or about an invented person."""
    mailing = message.mailing
    is_test = message.key.source_kind == "test"
    if is_test and mailing.subject is None:
        return example_mail_context(definitions)
    person = mailing.subject if is_test else message.key.recipient
    recipient = records.get(person) if person else None
    if recipient is None or recipient.deleted_at:
        return None
    campaign = Ref("campaigns", mailing.campaign) if mailing.campaign else None
    about = [ref for ref in (mailing.subject, campaign) if ref and ref != person]
    return load_mail_context(records, definitions, recipient, compiled.fields, about)
