"""Create, change and delete templates; each version is compiled and tried out before it is written."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from gotero.domain import catalogue
from gotero.domain.catalogue import Language
from gotero.domain.document import NOTHING, Enclosed
from gotero.domain.enclosure import ANYTHING
from gotero.domain.errors import ConflictError, FieldError, InvalidError
from gotero.domain.mail_context import may_be_empty, unknown_fields
from gotero.domain.record import Cause
from gotero.domain.template import STORED_LIMIT, CompiledTemplate, Template, read_template
from gotero.ports import Definition, Definitions, Jobs, Json, Renderer
from gotero.services.enclose import brought_by, enclosed_errors
from gotero.services.senders_of import refused_by_senders
from gotero.services.where_used import refuse_in_use
from gotero.services.write_definition import (
    DefinitionWriter,
    create_definition,
    definition_json,
    get_definition,
    replace_definition,
    written,
)

KIND = "templates"
#: The versions that are no longer the present one, as `<template>.<version>`: for mails that were made from them.
VERSIONS = "template_versions"
_BODIES = ("mjml", "html")
#: Worked out of what was written; they are not written.
_DERIVED = ("compiled",)


def create_template(
    writer: DefinitionWriter, renderer: Renderer, data: Any, *, cause: Cause, id: str | None = None
) -> Definition:
    made = _made(writer.definitions, renderer, data)
    _check_brought(writer.definitions, made, NOTHING)
    return create_definition(writer, KIND, made, cause=cause, id=id)


def update_template(
    writer: DefinitionWriter,
    renderer: Renderer,
    id: str,
    changes: Any,
    *,
    cause: Cause,
    expected_version: int | None = None,
    whole: bool = False,
    jobs: Jobs | None = None,
) -> Definition:
    """Lay `changes` over it, or put them in its place as a `whole`. Mails not yet sent take the new version."""
    before = get_definition(writer.definitions, KIND, id)
    data = changes if whole or not isinstance(changes, dict) else _laid_over(before, changes)
    made = _made(writer.definitions, renderer, data)
    _check_brought(writer.definitions, made, brought_by(before), jobs, id)
    _keep_version(writer.definitions, before)
    return replace_definition(writer, before, made, cause=cause, expected_version=expected_version)


def delete_template(writer: DefinitionWriter, id: str, jobs: Jobs) -> None:
    """InUseError while an action or a workflow names it, or a send that is not over takes it."""
    before = get_definition(writer.definitions, KIND, id)
    refuse_in_use(writer.definitions, KIND, id, jobs)
    _keep_version(writer.definitions, before)
    writer.definitions.delete(KIND, id)


def sent_version(definitions: Definitions, id: str, version: int) -> Definition | None:
    """The template as it was in that version; as it is now, when no mail has left yet. None when it is gone."""
    present = definitions.get(KIND, id)
    if present and version in (0, present.version):
        return present
    kept = definitions.get(VERSIONS, f"{id}.{version}") if id else None
    return kept or present


def _keep_version(definitions: Definitions, before: Definition) -> None:
    """Before it is replaced. Kept already: somebody else replaced it at the same time, or a try before this one did."""
    kept = replace(before, kind=VERSIONS, id=f"{before.id}.{before.version}", version=1)
    if definitions.get(VERSIONS, kept.id) is None:
        with suppress(ConflictError):
            definitions.put(kept)


def compiled_template(definition: Definition) -> CompiledTemplate:
    """What a sender renders."""
    return CompiledTemplate.from_json(definition.data["compiled"])


def template_json(definition: Definition, language: Language) -> Json:
    """As the API shows one: the source, its links, and what is odd about it."""
    shown = definition_json(definition)
    compiled = CompiledTemplate.from_json(shown.pop("compiled"))
    warnings = warnings_json(compiled, language)
    bare = [field for field in compiled.bare if may_be_empty(field)]
    about = {"links": list(compiled.links), "fields": list(compiled.fields), "no_fallback": bare}
    return {**shown, **about, "warnings": warnings}


def template_row(definition: Definition) -> Json:
    """As a list shows one: without its bodies."""
    return {k: v for k, v in definition_json(definition).items() if k not in (*_BODIES, *_DERIVED, "text")}


def warnings_json(compiled: CompiledTemplate, language: Language) -> list[Json]:
    return [
        {"path": w.path, "rule": w.rule, "message": catalogue.text("errors", w.rule, language, **dict(w.values))}
        for w in compiled.warnings
    ]


def _laid_over(before: Definition, changes: Json) -> Json:
    kept = {k: v for k, v in written(before).items() if k not in _DERIVED}
    if any(changes.get(key) for key in _BODIES):
        kept = {k: v for k, v in kept.items() if k not in _BODIES}
    return {k: v for k, v in {**kept, **changes}.items() if v is not None}


def _made(definitions: Definitions, renderer: Renderer, data: Any) -> Json:
    template = read_template(data, _language(definitions))
    compiled = renderer.compile(template)
    compiled = compiled.warned(_slips(template, compiled))
    made: Json = {**template.to_json(), "compiled": compiled.to_json()}
    if len(json.dumps(made, ensure_ascii=False).encode()) > STORED_LIMIT:
        raise InvalidError(FieldError(template.body_key, "too_long", (("limit", str(STORED_LIMIT // 3)),)))
    return made


def _check_brought(
    definitions: Definitions, made: Json, before: Enclosed, jobs: Jobs | None = None, id: str = ""
) -> None:
    """InvalidError when what goes along with its mails is not there, is too much, or does not suit who sends it."""
    brought = Enclosed.from_json(made)
    if not brought or brought == before:
        return
    errors = enclosed_errors(definitions, brought, ANYTHING)
    if not errors and id:
        errors = refused_by_senders(definitions, jobs, id, brought)
    if errors:
        raise InvalidError(*errors)


def _slips(template: Template, compiled: CompiledTemplate) -> tuple[FieldError, ...]:
    """A warning for each merge field that will always be empty."""
    unknown = unknown_fields(compiled.fields)
    return tuple(FieldError(template.body_key, "merge_field", (("field", field),)) for field in unknown)


def _language(definitions: Definitions) -> Language:
    company = definitions.get("settings", "company")
    return "en" if company and company.data.get("language") == "en" else "es"
