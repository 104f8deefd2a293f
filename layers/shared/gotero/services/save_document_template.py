"""Create, change and delete the templates of generated documents; each version is tried out before it is written."""

from typing import Any

from gotero.domain import catalogue, company
from gotero.domain.catalogue import Language
from gotero.domain.document_template import KIND, DocumentTemplate, read_document_template
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.mail_context import unknown_fields
from gotero.domain.modules import RECIPIENTS
from gotero.domain.record import Cause
from gotero.ports import Definition, Definitions, DocumentMaker, Jobs, Json
from gotero.services.where_used import refuse_in_use, uses_of
from gotero.services.write_definition import (
    DefinitionWriter,
    create_definition,
    definition_json,
    get_definition,
    replace_definition,
    written,
)


def create_document_template(
    writer: DefinitionWriter, maker: DocumentMaker, data: Any, *, cause: Cause, id: str | None = None
) -> Definition:
    return create_definition(writer, KIND, _made(writer.definitions, maker, data), cause=cause, id=id)


def update_document_template(
    writer: DefinitionWriter,
    maker: DocumentMaker,
    id: str,
    changes: Json,
    *,
    cause: Cause,
    expected_version: int | None = None,
    jobs: Jobs | None = None,
) -> Definition:
    """Lay `changes` over it. Mails not yet sent take the new version.

    InvalidError when it would come to be about records that the mails of whoever uses it may not have.
    """
    before = get_definition(writer.definitions, KIND, id)
    kept = {key: value for key, value in written(before).items() if key != "fields"}
    made = _made(writer.definitions, maker, {**kept, **changes})
    if made["module"] not in (*RECIPIENTS, before.data["module"]):
        _refuse_used(writer.definitions, id, jobs)
    return replace_definition(writer, before, made, cause=cause, expected_version=expected_version)


def delete_document_template(writer: DefinitionWriter, id: str, jobs: Jobs) -> None:
    """InUseError while a template, an action or a workflow has it generated, or a send that is not over."""
    get_definition(writer.definitions, KIND, id)
    refuse_in_use(writer.definitions, KIND, id, jobs)
    writer.definitions.delete(KIND, id)


def _refuse_used(definitions: Definitions, id: str, jobs: Jobs | None) -> None:
    if uses := uses_of(definitions, KIND, id, jobs):
        names = ", ".join(use.name or use.id for use in uses)
        raise InvalidError(FieldError("module", "in_use", (("holder", names),)))


def document_template_json(definition: Definition, language: Language) -> Json:
    """As the API shows one: with the merge fields that will always be empty."""
    unknown = [FieldError("parts", "merge_field", (("field", f),)) for f in unknown_fields(definition.data["fields"])]
    warnings = [
        {"path": w.path, "rule": w.rule, "message": catalogue.text("errors", w.rule, language, **dict(w.values))}
        for w in unknown
    ]
    return {**definition_json(definition), "warnings": warnings}


def _made(definitions: Definitions, maker: DocumentMaker, data: Any) -> Json:
    settings = definitions.get(company.KIND, company.ID)
    usual: Language = "en" if settings and settings.data.get("language") == "en" else "es"
    template: DocumentTemplate = read_document_template(data, usual)
    return {**template.to_json(), "fields": list(maker.check(template))}
