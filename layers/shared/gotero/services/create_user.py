"""A new user: a login with the identity provider, and who it is with us."""

from dataclasses import replace
from typing import Any

from gotero.domain.errors import ConflictError
from gotero.domain.record import Cause
from gotero.domain.shape import Reader
from gotero.domain.user import ROLES, User
from gotero.domain.validation import address
from gotero.ports import Definition, Definitions, IdentityProvider
from gotero.services.write_definition import DefinitionWriter, create_definition

KIND = "users"


def create_user(
    writer: DefinitionWriter, logins: IdentityProvider, data: Any, *, cause: Cause, password: str | None = None
) -> Definition:
    """The user of that address, made if there is none. The id is the login's stable subject. InvalidError."""
    user = read_user(writer.definitions, data)
    subject = logins.create(user.email, password)
    try:
        return create_definition(writer, KIND, user.to_json(), cause=cause, id=subject, names={"email": user.email})
    except ConflictError:
        existing = writer.definitions.get(KIND, subject)
        if existing is None:
            raise
        return existing


def create_administrator(
    writer: DefinitionWriter, logins: IdentityProvider, email: str, password: str | None
) -> Definition:
    """The first user of a new stack; asked again, the same one."""
    data = {"name": "Administrador", "email": email, "role": "admin"}
    return create_user(writer, logins, data, cause=Cause("system", "administrator"), password=password)


def read_user(definitions: Definitions, data: Any) -> User:
    """The user as typed. InvalidError with every broken rule; a group must be there."""
    reader = Reader(data)
    user = User(
        id="",
        name=reader.text("name", required=True),
        email=reader.text("email", required=True),
        role=reader.choice("role", ROLES, default="marketer"),  # type: ignore[arg-type]  # choice() answers one of ROLES
        language=reader.choice("language", ("es", "en"), default="es"),  # type: ignore[arg-type]  # one of the two
        groups=reader.texts("groups"),
        disabled=reader.flag("disabled", default=False),
    )
    email = address.key(user.email)
    if user.email and email is None:
        reader.wrong("email", "email")
    for index, group in enumerate(user.groups):
        if definitions.get("groups", group) is None:
            reader.wrong(f"groups[{index}]", "relation")
    reader.done()
    # The identity provider tells spellings of one address apart: Ana@ and ana@ would be two logins.
    return replace(user, email=email or "")
