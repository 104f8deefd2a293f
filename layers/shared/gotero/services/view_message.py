"""Show a mail in the browser, as its recipient got it."""

from dataclasses import dataclass

from gotero.domain import company, token
from gotero.domain.errors import PermanentError
from gotero.domain.mail_links import message_links, viewed_links
from gotero.domain.message import Message, MessageKey
from gotero.domain.record import Record, Ref
from gotero.domain.template import CompiledTemplate, MailContent
from gotero.ports import Definitions, Letters, Messages, Records, Renderer, Signer
from gotero.services.mail_values import UNRECORDED, as_shown, letter_of, link_marks, mail_values, owner_of, read_records
from gotero.services.save_template import compiled_template, sent_version


@dataclass(frozen=True, slots=True)
class Viewer:
    """What showing a mail needs."""

    signer: Signer
    messages: Messages
    records: Records
    definitions: Definitions
    letters: Letters
    renderer: Renderer


def view_message(viewer: Viewer, text: str) -> MailContent | None:
    """The version that was sent, with what is known of the recipient now; None when either is gone.

    Its links are relative: they lead to where the page itself was found.
    """
    payload = viewer.signer.read(token.VIEW, text)
    message = viewer.messages.get(MessageKey.parse(payload["m"])) if payload else None
    if message is None:
        return None
    letter = letter_of(viewer.letters, message)
    content = letter.content if letter and letter.content else _template(viewer, message)
    records = read_records(viewer.records, [message])
    if content is None or _is_gone(message, records):
        return None
    settings = viewer.definitions.get(company.KIND, company.ID)
    owner = owner_of(viewer.definitions, message, records)
    shown = as_shown(viewer.definitions, message, records)
    values = mail_values(message, shown, settings.data if settings else {}, owner, letter)
    links = viewed_links(message_links("", viewer.signer.sign, message.id, marks=link_marks(message, records)))
    try:
        return viewer.renderer.render(content, values, links)
    except PermanentError:
        return None  # the record has become such that no mail could be made of it


def _template(viewer: Viewer, message: Message) -> CompiledTemplate | None:
    found = sent_version(viewer.definitions, message.mailing.template_id, message.template_version)
    return compiled_template(found) if found else None


def _is_gone(message: Message, records: dict[Ref, Record]) -> bool:
    """Whether whoever the mail is about is nobody any more."""
    person = message.mailing.subject if message.key.source_kind in UNRECORDED else message.key.recipient
    record = records.get(person) if person else None
    return person is not None and (record is None or bool(record.deleted_at))
