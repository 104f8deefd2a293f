"""Short ways to write a declaration: one line a field."""

from typing import Any

from gotero.domain.modules.declaration import Field, FieldType, Label, Option, Section


def text(id: str, es: str, en: str, **rest: Any) -> Field:
    return Field(id, Label(es, en), "text", **rest)


def of_type(type: FieldType, id: str, es: str, en: str, **rest: Any) -> Field:
    return Field(id, Label(es, en), type, **rest)


def option(value: str, es: str, en: str | None = None) -> Option:
    """A choice; its English word is the stored value unless it says otherwise."""
    return Option(value, Label(es, en or value))


def picklist(id: str, es: str, en: str, *options: Option, **rest: Any) -> Field:
    return Field(id, Label(es, en), "picklist", options=options, **rest)


def relation(id: str, es: str, en: str, module: str, **rest: Any) -> Field:
    return Field(id, Label(es, en), "relation", relation=module, **rest)


def section(id: str, es: str, en: str, *fields: str) -> Section:
    return Section(id, Label(es, en), fields)
