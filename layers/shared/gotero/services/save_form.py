"""Create, change and delete web forms; a form is reached by a public id that cannot be guessed from its own."""

from collections.abc import Mapping
from typing import Any

from gotero.domain import form as rules
from gotero.domain import modules, validation
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.form import Form
from gotero.domain.record import Cause
from gotero.ports import Definition, Definitions, PhoneNumbers
from gotero.services.where_used import refuse_in_use
from gotero.services.write_definition import DefinitionWriter, create_definition, replace_definition, written

KIND = "forms"
#: Public id -> form: what the public edge reads.
PUBLIC_KIND = "public_forms"


def create_form(
    writer: DefinitionWriter, phones: PhoneNumbers, data: Any, *, owner: str, cause: Cause, id: str | None = None
) -> Definition:
    """A new form. `id` makes a repeated call one form. InvalidError, DuplicateError for a name that another one has."""
    form = rules.parse(data, modules.MODULES, owner=owner, public_id=writer.ids.new())
    _check(form, writer.definitions, phones)
    definition = create_definition(writer, KIND, form.to_json(), cause=cause, id=id, names={"name": form.name})
    # By the id that is stored: a repetition ends what a crash has left half done.
    create_definition(writer, PUBLIC_KIND, {"form": definition.id}, cause=cause, id=definition.data["public_id"])
    return definition


def change_form(
    writer: DefinitionWriter,
    phones: PhoneNumbers,
    before: Definition,
    data: Mapping[str, Any],
    *,
    cause: Cause,
    expected_version: int | None,
) -> Definition:
    """Lay `data` over the form; its public id stays, so that pages which carry it go on working."""
    merged = {**written(before), **data}
    form = rules.parse(merged, modules.MODULES, owner=before.data["owner"], public_id=before.data["public_id"])
    _check(form, writer.definitions, phones)
    return replace_definition(
        writer, before, form.to_json(), cause=cause, expected_version=expected_version, names={"name": form.name}
    )


def delete_form(definitions: Definitions, definition: Definition) -> None:
    """The form is gone, first for the public. InUseError while a workflow waits for it: that would never run again."""
    refuse_in_use(definitions, KIND, definition.id)
    if definitions.get(PUBLIC_KIND, definition.data["public_id"]):
        definitions.delete(PUBLIC_KIND, definition.data["public_id"])
    definitions.delete(KIND, definition.id)


def _check(form: Form, definitions: Definitions, phones: PhoneNumbers) -> None:
    """Its owner exists, and what it imposes would be accepted."""
    errors: list[FieldError] = []
    if not any(definitions.get(kind, form.owner) for kind in ("users", "groups")):
        errors.append(FieldError("owner", "user"))
    places = {f.field: i for i, f in enumerate(form.fields)}
    _, broken = validation.check(
        modules.module(form.module),
        form.imposed(),
        partial=True,
        phone=lambda text: phones.e164(text, "ES"),
    )
    for error in broken:
        field = error.path.removeprefix("values.")
        errors.append(FieldError(f"fields[{places[field]}].imposed", error.rule, error.values))
    if errors:
        raise InvalidError(*errors)
