"""Create, change and delete actions."""

from typing import Any

from gotero.domain import action
from gotero.domain.enclosure import ANYTHING
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Cause
from gotero.ports import Definition, Definitions, Json
from gotero.services.enclose import brought_by, enclosed_errors
from gotero.services.where_used import refuse_in_use
from gotero.services.write_definition import (
    DefinitionWriter,
    create_definition,
    get_definition,
    replace_definition,
    written,
)

KIND = "actions"


def create_action(writer: DefinitionWriter, data: Any, *, cause: Cause, id: str | None = None) -> Definition:
    return create_definition(writer, KIND, _checked(writer.definitions, data), cause=cause, id=id)


def update_action(
    writer: DefinitionWriter, id: str, changes: Json, *, cause: Cause, expected_version: int | None = None
) -> Definition:
    """Lay `changes` over it. What has been assigned takes the action as it is when it fires."""
    before = get_definition(writer.definitions, KIND, id)
    data = _checked(writer.definitions, {**written(before), **changes})
    return replace_definition(writer, before, data, cause=cause, expected_version=expected_version)


def delete_action(writer: DefinitionWriter, id: str) -> None:
    """InUseError while a scheduled action uses it."""
    get_definition(writer.definitions, KIND, id)
    refuse_in_use(writer.definitions, KIND, id)
    writer.definitions.delete(KIND, id)


def _checked(definitions: Definitions, data: Any) -> Json:
    parsed = action.parse(data)
    template = definitions.get("templates", parsed.template_id)
    errors = [e.under("params") for e in enclosed_errors(definitions, parsed.enclosed, ANYTHING, brought_by(template))]
    if template is None:
        errors.append(FieldError("params.template_id", "not_found"))
    if errors:
        raise InvalidError(*errors)
    return parsed.to_json()
