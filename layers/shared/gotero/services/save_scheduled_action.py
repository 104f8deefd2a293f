"""Create, change and delete scheduled actions. A change holds for what is assigned from now on."""

from typing import Any

from gotero.domain import modules, scheduled_action
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Cause
from gotero.domain.scheduled_action import SUBJECT, OnField, is_reference
from gotero.domain.sender_identity import USER_PREFIX
from gotero.ports import Definition, Json
from gotero.services.where_used import refuse_in_use
from gotero.services.write_definition import (
    DefinitionWriter,
    create_definition,
    get_definition,
    replace_definition,
    written,
)

KIND = "scheduled_actions"


def create_scheduled_action(writer: DefinitionWriter, data: Any, *, cause: Cause, id: str | None = None) -> Definition:
    return create_definition(writer, KIND, _checked(writer, data), cause=cause, id=id)


def update_scheduled_action(
    writer: DefinitionWriter, id: str, changes: Json, *, cause: Cause, expected_version: int | None = None
) -> Definition:
    """Lay `changes` over it. Instants that were fixed at assignment stay; its status is asked when they come."""
    before = get_definition(writer.definitions, KIND, id)
    data = _checked(writer, {**written(before), **changes})
    return replace_definition(writer, before, data, cause=cause, expected_version=expected_version)


def delete_scheduled_action(writer: DefinitionWriter, id: str) -> None:
    """InUseError while a plan or a workflow names it. What is still pending on it will be skipped as inactive."""
    get_definition(writer.definitions, KIND, id)
    refuse_in_use(writer.definitions, KIND, id)
    writer.definitions.delete(KIND, id)


def _checked(writer: DefinitionWriter, data: Any) -> Json:
    definitions = writer.definitions
    parsed = scheduled_action.parse(data, writer.clock.now().date())
    errors = []
    if definitions.get("actions", parsed.action_id) is None:
        errors.append(FieldError("action_id", "not_found"))
    fixed = parsed.sender.removeprefix(USER_PREFIX) if parsed.sender.startswith(USER_PREFIX) else None
    if fixed and definitions.get("users", fixed) is None:
        errors.append(FieldError("sender", "user"))
    if isinstance(parsed.when, OnField) and not _is_date_field(parsed.when.field):
        errors.append(FieldError("when.field", "unknown_field"))
    if errors:
        raise InvalidError(*errors)
    return parsed.to_json()


def _is_date_field(field: str) -> bool:
    """Whether some recipient, or for `subject.…` some record, has such a date."""
    if field.startswith(SUBJECT):
        return any(is_reference(module, field.removeprefix(SUBJECT)) for module in modules.MODULES.values())
    return any(is_reference(modules.MODULES[id], field) for id in modules.RECIPIENTS)
