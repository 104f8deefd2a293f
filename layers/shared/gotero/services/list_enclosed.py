"""Say what goes along with a mail, for people: before it leaves, and of one that has left."""

from gotero.domain import company
from gotero.domain.company import Company
from gotero.domain.document import NOTHING, Enclosed
from gotero.domain.document_template import KIND as TEMPLATES
from gotero.domain.document_template import DocumentTemplate, file_name
from gotero.domain.enclosure import enclosed_things, joined
from gotero.domain.errors import NotFoundError, PermanentError
from gotero.domain.letter import Attachment, Letter
from gotero.domain.mail_links import preview_links
from gotero.domain.message import Message
from gotero.domain.template import CompiledTemplate
from gotero.ports import Definitions, DocumentMaker, Json
from gotero.services.enclose import brought_by, day_of, document_values
from gotero.services.mail_values import letter_of, mail_values, owner_of, read_records
from gotero.services.preview_document import make_or_refuse
from gotero.services.save_template import sent_version
from gotero.services.view_message import Viewer


def enclosed_json(definitions: Definitions, brought: Enclosed, chosen: Enclosed = NOTHING) -> list[Json]:
    """One row each, in the order in which they are attached. What is gone has an id and nothing else."""
    rows = []
    for kind, id in enclosed_things(joined(brought, chosen)):
        found = definitions.get(kind, id)
        data = found.data if found else {}
        rows.append(
            {
                "kind": kind,
                "id": id,
                "from": "template" if (kind, id) in set(enclosed_things(brought)) else "send",
                "name": data.get("name"),
                "file": data.get("file"),
                # Nobody knows it of what is generated for each.
                "size": data.get("size"),
            }
        )
    return rows


def documents_of(viewer: Viewer, message: Message) -> list[Json]:
    """What went along with it: what the version brought that was sent, what was chosen, what the request had itself.

    A generated one has the name that it would get now: it was made from the values of its day, and is kept nowhere.
    """
    letter = letter_of(viewer.letters, message)
    rows: list[Json] = [
        {
            "kind": "files",
            "id": None,
            "from": "request",
            "name": file.name,
            "file": file.name,
            "size": len(file.content),
        }
        for file in (letter.attachments if letter else ())
    ]
    listed = enclosed_json(viewer.definitions, _brought(viewer, message), message.mailing.enclosed)
    if any(row["kind"] == TEMPLATES and row["name"] for row in listed):
        values = _values(viewer, message, letter)
        listed = [{**row, "file": _file(viewer, row, values)} for row in listed]
    return rows + listed


def make_again(viewer: Viewer, maker: DocumentMaker, message: Message, template_id: str) -> Attachment:
    """A generated one that went along with it, made from what its template and the records are now, under its old date.

    NotFoundError when none did of this template, or it is gone; InvalidError when it cannot be made any more.
    """
    along = joined(_brought(viewer, message), message.mailing.enclosed)
    found = viewer.definitions.get(TEMPLATES, template_id) if template_id in along.document_templates else None
    if found is None:
        raise NotFoundError(f"{TEMPLATES} {template_id}")
    settings = viewer.definitions.get(company.KIND, company.ID)
    house = Company.from_json(settings.data if settings else {})
    values = _values(viewer, message, letter_of(viewer.letters, message))
    return make_or_refuse(maker, DocumentTemplate.from_json(found.data), values, day_of(message, house))


def _brought(viewer: Viewer, message: Message) -> Enclosed:
    """What the version of the template brought that it was made from."""
    return brought_by(sent_version(viewer.definitions, message.mailing.template_id, message.template_version))


def _values(viewer: Viewer, message: Message, letter: Letter | None) -> Json:
    records = read_records(viewer.records, [message])
    owner = owner_of(viewer.definitions, message, records)
    settings = viewer.definitions.get(company.KIND, company.ID)
    return document_values(message, mail_values(message, records, settings.data if settings else {}, owner, letter))


def _file(viewer: Viewer, row: Json, values: Json) -> str | None:
    """The name of the file; that of a generated one is merged as the subject of a mail is."""
    found = viewer.definitions.get(TEMPLATES, row["id"]) if row["kind"] == TEMPLATES else None
    if found is None:
        return row["file"] and str(row["file"])
    template = DocumentTemplate.from_json(found.data)
    line = CompiledTemplate(template.file, "", "", template.language, (), ())
    try:
        return file_name(viewer.renderer.render(line, values, preview_links("")).subject, template.name)
    except PermanentError:
        return file_name("", template.name)
