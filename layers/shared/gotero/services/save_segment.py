"""Create, change and delete segments: numbered (SEGL-0000001), their names held once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gotero.domain import segment as rules
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.numbering import Numbering
from gotero.domain.record import Cause
from gotero.ports import Definition, Definitions, Jobs, Numbers
from gotero.services.where_used import refuse_in_use
from gotero.services.write_definition import DefinitionWriter, create_definition, replace_definition, written

KIND = "segments"
NUMBERING = Numbering("SEGL-", 7)


def create_segment(
    writer: DefinitionWriter, numbers: Numbers, data: Any, *, owner: str, cause: Cause, id: str | None = None
) -> Definition:
    """A new segment; `id` makes a repeated call one. InvalidError for its shape, DuplicateError for a name in use."""
    _check_owner(writer.definitions, rules.parse(data, owner=owner).owner, known=owner)
    existing = writer.definitions.get(KIND, id) if id else None
    if existing:
        return existing
    (number,) = numbers.draw(KIND, 1, NUMBERING)
    segment = rules.parse(data, owner=owner, number=number)
    return create_definition(writer, KIND, segment.to_json(), cause=cause, id=id, names={"name": segment.name})


def change_segment(
    writer: DefinitionWriter, before: Definition, data: Mapping[str, Any], *, cause: Cause, expected_version: int | None
) -> Definition:
    """Lay `data` over the segment; its number stays."""
    merged = {**written(before), **data}
    segment = replace(
        rules.parse(merged, owner=before.data["owner"], number=before.data["number"]),
        autosync=tuple(before.data.get("autosync") or ()),
        retired=tuple(before.data.get("retired") or ()),
    )
    _check_owner(writer.definitions, segment.owner, known=before.data["owner"])
    return replace_definition(
        writer,
        before,
        segment.to_json(),
        cause=cause,
        expected_version=expected_version,
        names={"name": segment.name},
    )


def _check_owner(definitions: Definitions, owner: str, *, known: str) -> None:
    """A new owner is a user or a group. Whoever asks is one, and who has it already may have left since."""
    if owner != known and not any(definitions.get(kind, owner) for kind in ("users", "groups")):
        raise InvalidError(FieldError("owner", "user"))


def delete_segment(definitions: Definitions, definition: Definition, jobs: Jobs) -> None:
    """The segment is gone. InUseError while a workflow acts on it, a condition asks for it, or a job needs it."""
    refuse_in_use(definitions, KIND, definition.id, jobs)
    definitions.delete(KIND, definition.id)
