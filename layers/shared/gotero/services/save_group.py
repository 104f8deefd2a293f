"""Groups of users: they own records and see, in private modules, what is theirs."""

from collections.abc import Mapping
from typing import Any

from gotero.domain.record import Cause
from gotero.domain.shape import Json, Reader
from gotero.ports import Definition, Lists
from gotero.services.where_used import refuse_owner_in_use
from gotero.services.write_definition import DefinitionWriter, create_definition, get_definition, replace_definition

KIND = "groups"


def create_group(writer: DefinitionWriter, data: Any, *, cause: Cause, id: str | None = None) -> Definition:
    """A new group. InvalidError; DuplicateError for a name that another one has."""
    group = read_group(data)
    return create_definition(writer, KIND, group, cause=cause, id=id, names={"name": group["name"]})


def change_group(
    writer: DefinitionWriter, id: str, data: Mapping[str, Any], *, cause: Cause, expected_version: int | None
) -> Definition:
    before, group = get_definition(writer.definitions, KIND, id), read_group(data)
    names = {"name": group["name"]}
    return replace_definition(writer, before, group, cause=cause, expected_version=expected_version, names=names)


def delete_group(writer: DefinitionWriter, lake: Lists, id: str) -> None:
    """The group is gone. InUseError while a user is in it, something names it, or records are its own.

    TransientError while the lake trails: it could not tell whose records are.
    """
    get_definition(writer.definitions, KIND, id)
    refuse_owner_in_use(writer.definitions, lake, KIND, id)
    writer.definitions.delete(KIND, id)


def read_group(data: Any) -> Json:
    """The group as typed. InvalidError."""
    reader = Reader(data)
    group = {"name": reader.text("name", required=True)}
    reader.done()
    return group
