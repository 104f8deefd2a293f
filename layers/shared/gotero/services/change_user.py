"""Change what a user may do, or shut him out. His login stays as it is: role, groups and `disabled` stand with us."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Cause
from gotero.domain.user import User
from gotero.domain.validation import address
from gotero.ports import Definition
from gotero.services.create_user import KIND, read_user
from gotero.services.write_definition import DefinitionWriter, get_definition, replace_definition, written


def change_user(
    writer: DefinitionWriter, id: str, data: Mapping[str, Any], *, cause: Cause, expected_version: int | None
) -> Definition:
    """Lay `data` over the user. InvalidError for another address, and for the last administrator giving up."""
    before = get_definition(writer.definitions, KIND, id)
    user = read_user(writer.definitions, {**written(before), **data})
    if user.email != address.key(before.data["email"]):
        # The address is the login's own, and the identity provider keeps that.
        raise InvalidError(FieldError("email", "readonly"))
    # As the login spells it.
    user = replace(user, id=id, email=before.data["email"])
    if not user.may_administer():
        _refuse_without_administrator(writer, id)
    return replace_definition(writer, before, user.to_json(), cause=cause, expected_version=expected_version)


def _refuse_without_administrator(writer: DefinitionWriter, leaving: str) -> None:
    others = (User.from_json(d.id, d.data) for d in writer.definitions.all(KIND) if d.id != leaving)
    if not any(user.may_administer() for user in others):
        raise InvalidError(FieldError("role", "last_administrator"))
