"""Add, change and delete fields of modules. Whatever still needs one as it is, is named in the refusal."""

from dataclasses import replace
from typing import Any

from gotero.domain import modules
from gotero.domain.custom_field import KIND, CustomField, key, parse_change, parse_new
from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.modules import Module
from gotero.domain.record import Cause
from gotero.ports import Definition, Definitions, Json
from gotero.services.where_used import refuse_in_use, refuse_missing
from gotero.services.write_definition import (
    DefinitionWriter,
    create_definition,
    definition_json,
    replace_definition,
    written,
)


def list_fields(definitions: Definitions, module: str) -> list[Definition]:
    """Those that were added to a module, oldest first. NotFoundError for no such module."""
    declared = modules.module(module)
    found = [d for d in definitions.all(KIND) if d.data["module"] == declared.id and not d.data["deleted"]]
    return sorted(found, key=lambda d: (d.created_at, d.id))


def create_field(writer: DefinitionWriter, module: str, data: Any, *, cause: Cause) -> Definition:
    """A new field. InvalidError; InUseError when it is required and something would make records without it."""
    declared = modules.module(module)
    id = data.get("field") if isinstance(data, dict) else None
    stored = writer.definitions.get(KIND, key(module, id)) if isinstance(id, str) and 0 < len(id) < 100 else None
    before = CustomField.from_json(stored.data) if stored and stored.data["deleted"] else None
    if stored and not before:
        return _again(stored, data, declared)
    new = parse_new(data, declared, modules.MODULES, before)
    if new.field.required:
        refuse_missing(writer.definitions, module, new.field.id)
    if stored and before:
        return replace_definition(writer, stored, new.to_json(), cause=cause, expected_version=None)
    return create_definition(writer, KIND, new.to_json(), cause=cause, id=new.key)


def _again(stored: Definition, data: Any, module: Module) -> Definition:
    """A repetition of what made it is answered as the first time; anything else finds the name taken."""
    others = replace(module, fields=tuple(f for f in module.fields if f.id != stored.data["field"]))
    if parse_new(data, others, modules.MODULES, None).to_json() != written(stored):
        raise InvalidError(FieldError("field", "unique", (("holder", stored.id),)))
    return stored


def change_field(
    writer: DefinitionWriter, module: str, field: str, data: Json, *, cause: Cause, expected_version: int | None
) -> Definition:
    """Lay `data` over it. InUseError for an option that is named somewhere, or a demand that something would break."""
    stored = get_field(writer.definitions, module, field)
    before = CustomField.from_json(stored.data)
    after = parse_change(data, before)
    for option in sorted(before.field.option_values - after.field.option_values):
        refuse_in_use(writer.definitions, "options", f"{before.key}={option}")
    if after.field.required and not before.field.required:
        refuse_missing(writer.definitions, module, field)
    return replace_definition(writer, stored, after.to_json(), cause=cause, expected_version=expected_version)


def delete_field(writer: DefinitionWriter, module: str, field: str, *, cause: Cause) -> None:
    """Nobody sees it any more. InUseError. Its id and type are kept, and the values in the records."""
    stored = get_field(writer.definitions, module, field)
    refuse_in_use(writer.definitions, KIND, stored.id)
    data = {**stored.data, "deleted": True, "required": False}
    replace_definition(writer, stored, data, cause=cause, expected_version=None)


def get_field(definitions: Definitions, module: str, field: str) -> Definition:
    """NotFoundError for one of the product, too: those are not there to be changed."""
    declared = modules.module(module).field(field)
    stored = definitions.get(KIND, key(module, field)) if declared and declared.custom else None
    if stored is None or stored.data["deleted"]:
        raise NotFoundError(f"field {module}")
    return stored


def field_json(definition: Definition) -> Json:
    """As the API shows it."""
    return {name: value for name, value in definition_json(definition).items() if name != "deleted"}
