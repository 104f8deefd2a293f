"""What goes along with a mail: whether it may be chosen, and the files themselves when the mail is made.

A mail never leaves without what was to go along: then it does not leave, and says why.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from gotero.domain.document import MAIL_BYTES, Document, Enclosed, refuse_too_heavy
from gotero.domain.errors import FieldError, NotFoundError
from gotero.domain.letter import Attachment
from gotero.ports import Definitions, Files
from gotero.services.save_document import KIND, content_key

#: What one process keeps of documents that it has read: a campaign attaches the same few to every mail.
_KEPT_BYTES = 3 * MAIL_BYTES
#: Why a mail cannot have what was to go along, in the words of catalogue/skips.py.
NO_DOCUMENT = "no_document"


def enclosed_errors(definitions: Definitions, enclosed: Enclosed) -> list[FieldError]:
    """One error for everything that does not exist, or for more than one mail takes."""
    found = [definitions.get(KIND, id) for id in enclosed.documents]
    missing = [
        FieldError(f"documents[{index}]", "not_found")
        for index, document in enumerate(found)
        if document is None or not document.data["number"]
    ]
    missing += [
        FieldError(f"document_templates[{index}]", "not_found")
        for index, id in enumerate(enclosed.document_templates)
        if definitions.get("document_templates", id) is None
    ]
    sizes = [document.data["size"] for document in found if document]
    return [*missing, *refuse_too_heavy(sizes, len(enclosed.document_templates))]


@dataclass(frozen=True, slots=True)
class Encloser:
    """Fetches what goes along. `files` is built when the first mail asks: nearly all have nothing."""

    definitions: Definitions
    files: Callable[[], Files]
    kept: dict[str, Attachment] = field(default_factory=dict)


def enclose(encloser: Encloser, enclosed: Enclosed) -> tuple[Attachment, ...] | str:
    """The files, or why there is one missing."""
    attached = []
    for id in enclosed.documents:
        document = _document(encloser, id)
        if document is None:
            return NO_DOCUMENT
        attached.append(document)
    return tuple(attached)


def _document(encloser: Encloser, id: str) -> Attachment | None:
    definition = encloser.definitions.get(KIND, id)
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
    if sum(len(other.content) for other in [*encloser.kept.values()]) + len(content) > _KEPT_BYTES:
        encloser.kept.clear()
    encloser.kept[id] = attachment
    return attachment
