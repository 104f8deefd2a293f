"""Create, change and delete filters. Those that come with the product, and those in use, stay as they are."""

from collections.abc import Mapping
from typing import Any

from gotero.domain import filter as rules
from gotero.domain.errors import NotAllowedError
from gotero.domain.record import Cause
from gotero.ports import Definition, Definitions, Json, Records
from gotero.services.find_filter import KIND
from gotero.services.segment_links import campaigns_of, missing, refuse
from gotero.services.where_used import refuse_in_use
from gotero.services.write_definition import (
    DefinitionWriter,
    create_definition,
    definition_json,
    get_definition,
    replace_definition,
    written,
)


def list_filters(definitions: Definitions, module: str | None, language: str) -> list[Json]:
    """Shipped ones first, of one module or of all."""
    shipped = [one.to_json(language) for one in rules.SHIPPED.values() if module in (None, one.module)]
    saved = [d for d in definitions.all(KIND) if module in (None, d.data["module"])]
    return shipped + [filter_json(d) for d in saved]


def get_filter(definitions: Definitions, id: str, language: str) -> Json:
    """One of either. NotFoundError."""
    shipped = rules.SHIPPED.get(id)
    return shipped.to_json(language) if shipped else filter_json(get_definition(definitions, KIND, id))


def filter_json(definition: Definition) -> Json:
    return {**definition_json(definition), "readonly": False}


def create_filter(
    writer: DefinitionWriter, records: Records, data: Any, *, cause: Cause, id: str | None = None
) -> Definition:
    """A new one. InvalidError, DuplicateError for a name that another filter of the module has."""
    new = rules.parse(data)
    refuse(missing(writer.definitions, records, new.condition))
    return create_definition(writer, KIND, new.to_json(), cause=cause, id=id, names=_names(new))


def change_filter(
    writer: DefinitionWriter,
    records: Records,
    id: str,
    data: Mapping[str, Any],
    *,
    cause: Cause,
    expected_version: int | None,
) -> Definition:
    """Lay `data` over it. A new name is free; another condition is refused while a segment is kept in step with it."""
    before = _writable(writer.definitions, id)
    after = rules.parse({**written(before), **data})
    if (after.module, after.condition) != (before.data["module"], before.data["condition"]):
        known = campaigns_of(before.data["condition"])
        refuse(missing(writer.definitions, records, after.condition, known=known))
        refuse_in_use(writer.definitions, KIND, id)
    return replace_definition(
        writer, before, after.to_json(), cause=cause, expected_version=expected_version, names=_names(after)
    )


def delete_filter(writer: DefinitionWriter, id: str) -> None:
    """InUseError while a segment is kept in step with it."""
    _writable(writer.definitions, id)
    refuse_in_use(writer.definitions, KIND, id)
    writer.definitions.delete(KIND, id)


def _writable(definitions: Definitions, id: str) -> Definition:
    if id in rules.SHIPPED:
        raise NotAllowedError("this filter comes with the product")
    return get_definition(definitions, KIND, id)


def _names(one: rules.Filter) -> dict[str, str]:
    """Two modules may have a filter of the same name."""
    return {"name": f"{one.module}:{one.name}"}
