"""Create, change and delete plans. Whoever is assigned to a plan is on what it held at that moment."""

from typing import Any

from gotero.domain import plan
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Cause
from gotero.ports import Definition, Json
from gotero.services.where_used import refuse_in_use
from gotero.services.write_definition import (
    DefinitionWriter,
    create_definition,
    get_definition,
    replace_definition,
    written,
)

KIND = "plans"


def create_plan(writer: DefinitionWriter, data: Any, *, cause: Cause, id: str | None = None) -> Definition:
    return create_definition(writer, KIND, _checked(writer, data), cause=cause, id=id)


def update_plan(
    writer: DefinitionWriter, id: str, changes: Json, *, cause: Cause, expected_version: int | None = None
) -> Definition:
    """Lay `changes` over it. Its status and days are asked when something assigned through it is due."""
    before = get_definition(writer.definitions, KIND, id)
    data = _checked(writer, {**written(before), **changes})
    return replace_definition(writer, before, data, cause=cause, expected_version=expected_version)


def delete_plan(writer: DefinitionWriter, id: str) -> None:
    """InUseError while a workflow assigns to it. What was assigned through it alone will be skipped when it is due."""
    get_definition(writer.definitions, KIND, id)
    refuse_in_use(writer.definitions, KIND, id)
    writer.definitions.delete(KIND, id)


def _checked(writer: DefinitionWriter, data: Any) -> Json:
    definitions = writer.definitions
    parsed = plan.parse(data, writer.clock.now().date())
    known = {found.id for found in definitions.all("scheduled_actions")}
    unknown = [index for index, id in enumerate(parsed.scheduled_actions) if id not in known]
    if unknown:
        raise InvalidError(*(FieldError(f"scheduled_actions[{index}]", "not_found") for index in unknown))
    return parsed.to_json()
