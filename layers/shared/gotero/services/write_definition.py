"""Write one version of a definition over the one before it, with its cause."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from gotero.domain import instant
from gotero.domain.errors import ConflictError, FieldError, InvalidError, NotFoundError
from gotero.domain.record import Cause
from gotero.ports import Clock, Definition, Definitions, Ids, Json

#: Longer than any id; DynamoDB refuses keys that are far longer.
LONGEST_ID = 255
#: An item of DynamoDB holds 400 KB, its keys and dates included.
MAX_BYTES = 390_000


@dataclass(frozen=True, slots=True)
class DefinitionWriter:
    """What every write of a definition needs."""

    definitions: Definitions
    clock: Clock
    ids: Ids


def create_definition(
    writer: DefinitionWriter,
    kind: str,
    data: Json,
    *,
    cause: Cause,
    id: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Definition:
    """A new one. `id` makes a repeated call one definition: it answers the first. `names` may be held by no other."""
    existing = writer.definitions.get(kind, id) if id else None
    if existing:
        return existing
    _refuse_too_large(data)
    at = instant.write(writer.clock.now())
    data = {**data, "created_by": cause.id}
    definition = Definition(kind, id or writer.ids.new(), data, 1, at, at, cause.to_json())
    writer.definitions.put(definition, names=names)
    return definition


def replace_definition(
    writer: DefinitionWriter,
    before: Definition,
    data: Json,
    *,
    cause: Cause,
    expected_version: int | None,
    names: Mapping[str, str] | None = None,
) -> Definition:
    """The next version. ConflictError when `expected_version` is not the one that is there."""
    if expected_version is not None and before.version != expected_version:
        raise ConflictError("stale")
    _refuse_too_large(data)
    at = instant.write(writer.clock.now())
    data = {**data, "created_by": before.data["created_by"]}
    definition = Definition(before.kind, before.id, data, before.version + 1, before.created_at, at, cause.to_json())
    writer.definitions.put(definition, names=names)
    return definition


def _refuse_too_large(data: Json) -> None:
    if len(json.dumps(data, ensure_ascii=False).encode()) > MAX_BYTES:
        raise InvalidError(FieldError("", "definition_too_large", (("limit", str(MAX_BYTES // 1000)),)))


def get_definition(definitions: Definitions, kind: str, id: str) -> Definition:
    """The definition; NotFoundError when there is none."""
    found = definitions.get(kind, id) if 0 < len(id) <= LONGEST_ID else None
    if found is None:
        raise NotFoundError(kind)
    return found


def seen_definition(definitions: Definitions, kind: str, id: str) -> Definition:
    """The same as it was at the last look, or later."""
    found = definitions.seen_one(kind, id) if 0 < len(id) <= LONGEST_ID else None
    if found is None:
        raise NotFoundError(kind)
    return found


def written(definition: Definition) -> Json:
    """What a person wrote of it: to lay a change over."""
    return {key: value for key, value in definition.data.items() if key != "created_by"}


def definition_json(definition: Definition) -> Json:
    """As the API shows it."""
    dates = {"created_at": definition.created_at, "updated_at": definition.updated_at}
    return {"id": definition.id, **definition.data, **dates, "version": definition.version}
