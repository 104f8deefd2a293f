"""A document from its announcement to its end: the browser puts the file into the bucket, and then says so.

What was put lies apart, where everything is forgotten after a while, until it has been looked at. Only then is it
moved to where documents are kept, so that nobody can put anything else in its place by the address that he was given.
"""

from typing import Any

from gotero.domain import document as rules
from gotero.domain.document import NUMBERING, Document
from gotero.domain.errors import ConflictError, NotFoundError
from gotero.domain.record import Cause
from gotero.ports import Definition, Definitions, Files, Jobs, Numbers
from gotero.services.where_used import refuse_in_use
from gotero.services.write_definition import DefinitionWriter, create_definition, get_definition, replace_definition

KIND = "documents"


def announce_document(
    writer: DefinitionWriter, files: Files, data: Any, *, owner: str, id: str | None = None
) -> tuple[Definition, str]:
    """The document to be, and where its file is to be put."""
    document = rules.read_document(data, owner)
    made = create_definition(writer, KIND, document.to_json(), cause=Cause("user", owner), id=id)
    return made, files.upload_url(_upload_key(made), made.data["size"])


def keep_document(writer: DefinitionWriter, numbers: Numbers, files: Files, id: str, *, cause: Cause) -> Definition:
    """The file has been put: look at it and keep it. Again is the same as once.

    ConflictError while it is not there; InvalidError when it is not what its name says.
    """
    before = get_definition(writer.definitions, KIND, id)
    document = Document.from_json(before.data)
    if document.number:
        return before
    try:
        content = files.read(_upload_key(before), 0, rules.MAIL_BYTES + 1)
    except NotFoundError as error:
        raise ConflictError("the file has not arrived", "file_missing", "size") from error
    rules.refuse_disguised(document, content)
    files.put(content_key(before), content)
    (number,) = numbers.draw(KIND, 1, NUMBERING)
    kept = replace_definition(
        writer, before, {**document.to_json(), "number": number}, cause=cause, expected_version=before.version
    )
    files.forget(_upload_key(before))
    return kept


def find_document(definitions: Definitions, id: str) -> Definition:
    """NotFoundError for one whose file has never come, too."""
    found = get_definition(definitions, KIND, id)
    if not found.data["number"]:
        raise NotFoundError(KIND)
    return found


def list_documents(definitions: Definitions) -> list[Definition]:
    """All that are there, the newest first."""
    return sorted((d for d in definitions.all(KIND) if d.data["number"]), key=lambda d: d.created_at, reverse=True)


def rename_document(
    writer: DefinitionWriter, id: str, changes: Any, *, cause: Cause, expected_version: int | None = None
) -> Definition:
    before = find_document(writer.definitions, id)
    renamed = rules.renamed(Document.from_json(before.data), changes)
    return replace_definition(writer, before, renamed.to_json(), cause=cause, expected_version=expected_version)


def delete_document(writer: DefinitionWriter, files: Files, id: str, jobs: Jobs) -> None:
    """InUseError while a template, an action or a workflow attaches it, or a send that is not over."""
    before = find_document(writer.definitions, id)
    refuse_in_use(writer.definitions, KIND, id, jobs)
    writer.definitions.delete(KIND, id)
    # After the definition: a file that nobody can name harms less than a document without one.
    files.forget(content_key(before))


def content_key(definition: Definition) -> str:
    """Where the file lies: its ending tells the bucket what kind it is."""
    return f"documents/{definition.id}.{rules.ending(definition.data['file'])}"


def _upload_key(definition: Definition) -> str:
    return f"uploads/{definition.id}.{rules.ending(definition.data['file'])}"
