"""Fields that administrators add to a module at run time: what they may be called and be, and how they join it.

A field keeps its id, module and type for ever: values of them stand in records. One that is deleted leaves its id and
type behind, so that the same id comes back with its values or not at all.
"""

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.form import HONEYPOT
from gotero.domain.mail_context import MAIL_WORDS
from gotero.domain.modules import FIELD_TYPES, SYSTEM_FIELDS, Field, FieldType, Label, Module, Option, Section
from gotero.domain.shape import Json, Reader

KIND = "fields"
#: Each is a column of the lake, and a row of every form and record page.
MAX_FIELDS = 100
MAX_OPTIONS = 300
MAX_OPTION_LENGTH = 100

SECTION = Label("Campos propios", "Custom fields")
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Words that mean something else where a field's name is read: a row of the lake, a merge tag (Jinja looks for the
#: methods of a dictionary first), a posted form.
RESERVED = frozenset(
    {"id", "version", "values", "data", "deleted", "deleted_at", "module", "record", "segment", "title", HONEYPOT}
    | {field.id for field in SYSTEM_FIELDS}
    | {name for name in dir(dict) if not name.startswith("_")}
    | {word.lower() for word in (*keyword.kwlist, *keyword.softkwlist)}
    | {"loop", "self", "super", "range", "cycler", "joiner", "namespace", "lipsum", "dict", "caller", "varargs"}
    | MAIL_WORDS
)


@dataclass(frozen=True, slots=True)
class CustomField:
    module: str
    field: Field
    #: Whether the module's list shows it without being asked.
    list_column: bool = False
    deleted: bool = False

    @property
    def key(self) -> str:
        return key(self.module, self.field.id)

    def to_json(self) -> Json:
        one = self.field
        return {
            "field": one.id,
            "module": self.module,
            "label": one.label.to_json(),
            "type": one.type,
            "required": one.required,
            "options": [{"value": o.value, "label": o.label.to_json()} for o in one.options],
            "relation": one.relation,
            "list_column": self.list_column,
            "deleted": self.deleted,
        }

    @classmethod
    def from_json(cls, data: Json) -> "CustomField":
        field = Field(
            data["field"],
            Label(**data["label"]),
            data["type"],
            required=data["required"],
            options=tuple(Option(o["value"], Label(**o["label"])) for o in data["options"]),
            relation=data["relation"],
            custom=True,
        )
        return cls(data["module"], field, data["list_column"], data["deleted"])


def key(module: str, field: str) -> str:
    """How a field is named beside those of other modules: `contacts.talla`."""
    return f"{module}.{field}"


def with_custom(shipped: Iterable[Module], added: Iterable[CustomField]) -> Iterator[Module]:
    """The modules of the product with the fields that were added, in the order given."""
    of_module: dict[str, list[CustomField]] = {}
    for one in added:
        if not one.deleted:
            of_module.setdefault(one.module, []).append(one)
    for module in shipped:
        own = [one for one in of_module.get(module.id, ()) if module.column(one.field.id) is None]
        fields = [one.field for one in own]
        section = Section("custom", SECTION, tuple(field.id for field in fields))
        columns = [one.field.id for one in own if one.list_column]
        yield module.with_fields(fields, section, columns) if fields else module


def parse_new(data: Any, module: Module, modules: Mapping[str, Module], before: CustomField | None) -> CustomField:
    """A new field from its JSON; `before` is one of that id that was deleted. InvalidError with every broken rule."""
    reader = Reader(data)
    id = reader.text("field", required=True)
    if id and (not _ID.fullmatch(id) or id in RESERVED):
        reader.wrong("field", "reserved_name" if id in RESERVED else "field_name")
    elif module.column(id) is not None:
        reader.wrong("field", "unique", holder=key(module.id, id))
    if sum(field.custom for field in module.fields) >= MAX_FIELDS:
        reader.wrong("field", "too_many", limit=str(MAX_FIELDS))
    type: FieldType = reader.choice("type", FIELD_TYPES)  # type: ignore[assignment]  # one of FIELD_TYPES
    if before and (before.field.type, before.field.relation) != (type, reader.raw("relation")):
        reader.wrong("type", "field_type", type=before.field.type)
    relation = reader.choice("relation", tuple(modules)) if type == "relation" else None
    if type != "relation" and reader.has("relation"):
        reader.wrong("relation", "unknown_key")
    return CustomField(module.id, *_rest(reader, id, type, relation))


def parse_change(data: Json, before: CustomField) -> CustomField:
    """The field with `data` laid over it. InvalidError; what it is for ever cannot be sent otherwise."""
    stored = before.to_json()
    fixed = ("field", "module", "type", "relation")
    broken = [FieldError(name, "fixed") for name in fixed if data.get(name, stored[name]) != stored[name]]
    if broken:
        raise InvalidError(*broken)
    changes = {name: value for name, value in data.items() if name not in fixed}
    reader = Reader({name: stored[name] for name in ("label", "required", "options", "list_column")} | changes)
    rest = _rest(reader, before.field.id, before.field.type, before.field.relation)
    return CustomField(before.module, *rest)


def _rest(reader: Reader, id: str, type: FieldType, relation: str | None) -> tuple[Field, bool]:
    label = _label(reader, "label", "")
    required = reader.flag("required", default=False)
    list_column = reader.flag("list_column", default=False)
    options = _options(reader, type)
    reader.done()
    return Field(id, label, type, required=required, options=options, relation=relation, custom=True), list_column


def _label(reader: Reader, key: str, default: str) -> Label:
    """Both languages; one word alone is the word of both."""
    raw = reader.raw(key)
    if isinstance(raw, dict):
        child = reader.child(key)
        es, en = child.text("es", limit=80), child.text("en", limit=80)
        child.close()
        if not es and not en and not default:
            reader.wrong(key, "required")
        return Label(es or en or default, en or es or default)
    word = reader.text(key, required=not default, limit=80, default=default)
    return Label(word, word)


def _options(reader: Reader, type: FieldType) -> tuple[Option, ...]:
    """The choices, each a value with its words or a value alone."""
    raw = reader.items("options", required=type == "picklist", limit=MAX_OPTIONS)
    if raw and type not in ("picklist", "multipicklist"):
        reader.wrong("options", "unknown_key")
        return ()
    found: dict[str, Option] = {}
    for index, item in enumerate(raw):
        path = f"options[{index}]"
        child = Reader({"value": item} if isinstance(item, str) else item, reader.at(path), reader.errors)
        value = child.text("value", required=True, limit=MAX_OPTION_LENGTH)
        if value in found:
            child.wrong("value", "unique", holder=value)
        found[value] = Option(value, _label(child, "label", value or "-"))
        child.close()
    return tuple(found.values())
