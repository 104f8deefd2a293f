"""What goes along with a mail: whether it may be chosen, and the files themselves when the mail is made.

A mail never leaves without what was to go along: then it does not leave, and says why.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from gotero.domain import instant
from gotero.domain.company import Company
from gotero.domain.delay import zone_of
from gotero.domain.document import GENERATED_BYTES, MAIL_BYTES, NOTHING, Document, Enclosed
from gotero.domain.document_template import KIND as TEMPLATES
from gotero.domain.document_template import DocumentTemplate
from gotero.domain.enclosure import Known, Purpose, enclosed_things, enclosure_errors, joined
from gotero.domain.errors import FieldError, NotFoundError, PermanentError
from gotero.domain.letter import Attachment
from gotero.domain.mail_context import EXAMPLE, merge_name
from gotero.domain.message import Message, State
from gotero.ports import Definition, Definitions, DocumentMaker, Files, Json
from gotero.services.mail_values import UNRECORDED
from gotero.services.save_document import KIND, content_key

#: What one process keeps of documents that it has read: a campaign attaches the same few to every mail.
_KEPT_BYTES = 3 * MAIL_BYTES
#: Why a mail cannot have what was to go along, in the words of catalogue/skips.py.
NO_DOCUMENT, NO_RECORD, NOT_MADE, TOO_LARGE = "no_document", "no_document_record", "document", "files_too_large"


def enclosed_errors(
    definitions: Definitions, chosen: Enclosed, purpose: Purpose, brought: Enclosed = NOTHING
) -> list[FieldError]:
    """What is wrong with what was chosen, together with what the mail's own template brings."""
    found = {named: known_thing(definitions, *named) for named in enclosed_things(joined(brought, chosen))}
    known = {named: thing for named, thing in found.items() if thing}
    return enclosure_errors(chosen, known, purpose, brought)


def brought_by(template: Definition | None) -> Enclosed:
    """What the mails of this version of a template have along by themselves."""
    return Enclosed.from_json(template.data) if template else NOTHING


def known_thing(definitions: Definitions, kind: str, id: str) -> Known | None:
    """None also for a document whose file has never come."""
    found = definitions.get(kind, id)
    if found is None:
        return None
    if kind == TEMPLATES:
        return Known(found.data["name"], GENERATED_BYTES, found.data["module"])
    return Known(found.data["name"], found.data["size"]) if found.data["number"] else None


@dataclass(frozen=True, slots=True)
class Encloser:
    """Fetches what goes along. `files` and `maker` are built when the first mail asks: nearly all have nothing.

    A process keeps what it has fetched and made: a document goes along with every mail of a campaign, and a mail that
    had to wait for its turn is made ready once more.
    """

    definitions: Definitions
    files: Callable[[], Files]
    maker: Callable[[], DocumentMaker]
    kept: dict[str, Attachment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something is missing: the message ends here."""

    state: State
    reason: str


def enclose(
    encloser: Encloser, message: Message, enclosed: Enclosed, values: Json, house: Company
) -> tuple[Attachment, ...] | Lacking:
    """The files; or why one is missing. TransientError when nobody could be asked for one."""
    attached: list[Attachment] = []
    for id in enclosed.documents:
        document = _document(encloser, id)
        if document is None:
            return Lacking(State.SKIPPED, NO_DOCUMENT)
        attached.append(document)
    for id in enclosed.document_templates:
        made = _generated(encloser, id, message, values, house)
        if isinstance(made, Lacking):
            return made
        attached.append(made)
    # Looked at when it was chosen; but a template may have come to bring more since.
    if sum(len(attachment.content) for attachment in attached) > MAIL_BYTES:
        return Lacking(State.SKIPPED, TOO_LARGE)
    return tuple(attached)


def _generated(encloser: Encloser, id: str, message: Message, values: Json, house: Company) -> Attachment | Lacking:
    """The document for this message, dated as it is."""
    definition = encloser.definitions.seen_one(TEMPLATES, id)
    if definition is None:
        return Lacking(State.SKIPPED, NO_DOCUMENT)
    key = f"{message.id}.{id}.{definition.version}"
    if kept := encloser.kept.get(key):
        return kept
    template = DocumentTemplate.from_json(definition.data)
    values = document_values(message, values)
    if not values.get(merge_name(template.module)) and message.key.source_kind not in UNRECORDED:
        return Lacking(State.SKIPPED, NO_RECORD)
    try:
        made = encloser.maker().make(template, values, day_of(message, house))
    except PermanentError:
        return Lacking(State.FAILED, NOT_MADE)
    _keep(encloser, key, made)
    return made


def document_values(message: Message, values: Json) -> Json:
    """What a document generated for it reads. A test is about one record at most: the rest is invented."""
    return {**EXAMPLE, **values} if message.key.source_kind in UNRECORDED else values


def day_of(message: Message, house: Company) -> str:
    """The day that stands in its documents, whenever they are made."""
    return instant.read(message.created_at).astimezone(zone_of(house.zone)).date().isoformat()


def _document(encloser: Encloser, id: str) -> Attachment | None:
    definition = encloser.definitions.seen_one(KIND, id)
    if definition is None:
        return None
    if kept := encloser.kept.get(id):
        return kept
    document = Document.from_json(definition.data)
    try:
        content = encloser.files().read(content_key(definition), 0, MAIL_BYTES)
    except NotFoundError:
        return None
    attachment = Attachment(document.file, document.type, content)
    _keep(encloser, id, attachment)
    return attachment


def _keep(encloser: Encloser, key: str, attachment: Attachment) -> None:
    if sum(len(other.content) for other in [*encloser.kept.values()]) + len(attachment.content) > _KEPT_BYTES:
        encloser.kept.clear()
    encloser.kept[key] = attachment
