"""What a module is, as data: its fields and how it shows. API, forms, conditions, lake and console all read it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from gotero.domain.numbering import Numbering

FieldType = Literal[
    "text",
    "longtext",
    "email",
    "phone",
    "url",
    "integer",
    "decimal",
    "currency",
    "percent",
    "boolean",
    "date",
    "datetime",
    "time",
    "picklist",
    "multipicklist",
    "relation",
    "user",
]
FIELD_TYPES: tuple[FieldType, ...] = FieldType.__args__  # type: ignore[attr-defined]  # typing has no public way to list a Literal

Capability = Literal["create", "edit", "delete"]

#: Characters a field of this type may hold when its declaration does not say less.
MAX_LENGTHS: Mapping[str, int] = {"text": 255, "longtext": 30_000, "email": 254, "phone": 40, "url": 2_000}


@dataclass(frozen=True, slots=True)
class Label:
    """A word on the screen, in both languages."""

    es: str
    en: str

    def to_json(self) -> dict[str, str]:
        return {"es": self.es, "en": self.en}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a picklist: the value that is stored, the words that are shown."""

    value: str
    label: Label


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a module."""

    id: str
    label: Label
    type: FieldType = "text"
    required: bool = False
    #: No two records of the module hold the same value (compared by its normalised key).
    unique: bool = False
    #: The system works it out; people and forms may not write it.
    readonly: bool = False
    #: The choices of a picklist; a multipicklist without options takes any text (tags).
    options: tuple[Option, ...] = ()
    #: The module that a relation points to.
    relation: str | None = None
    max_length: int | None = None
    #: A date that comes back each year (a birthday): "is today" then compares day and month.
    anniversary: bool = False
    #: A text that must be an IANA time zone.
    zone: bool = False
    #: An administrator added it at run time.
    custom: bool = False

    @property
    def length_limit(self) -> int:
        return self.max_length or MAX_LENGTHS.get(self.type, 255)

    @property
    def option_values(self) -> frozenset[str]:
        return frozenset(option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Section:
    """A block of fields on the record page."""

    id: str
    label: Label
    fields: tuple[str, ...]


#: Stands for the field where records are linked many to many: no field has this name.
LINK = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Another module whose records point here through `field`, or are linked with ours: many to many, no field."""

    module: str
    field: str
    label: Label

    @property
    def linked(self) -> bool:
        return self.field == LINK


@dataclass(frozen=True, slots=True)
class Module:
    """A kind of record. `related` is derived from the relations of all modules when they are put together."""

    id: str
    label: Label
    label_one: Label
    prefix: str
    icon: str
    title_fields: tuple[str, ...]
    list_columns: tuple[str, ...]
    search_fields: tuple[str, ...]
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    kind: Literal["crm", "message"] = "crm"
    #: Digits of the visible number; 0 writes it without zeros in front.
    padding: int = 0
    capabilities: frozenset[Capability] = frozenset({"create", "edit", "delete"})
    #: Whether its records can receive mails and stand in segments.
    recipient: bool = False
    #: Modules whose records can be linked with its own, many to many; said on one side, true on both.
    links: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    _by_id: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {f.id: f for f in self.fields})

    def field(self, id: str) -> Field | None:
        return self._by_id.get(id)

    def linked_with(self, other: str) -> bool:
        """Whether its records can be linked with those of another module, many to many."""
        return any(related.linked and related.module == other for related in self.related)

    def column(self, id: str) -> Field | None:
        """A field of the module, or one of the columns that every record has (owner, created_at…)."""
        return self._by_id.get(id) or _SYSTEM_BY_ID.get(id)

    @property
    def numbering(self) -> Numbering:
        """How its records are numbered while the settings say nothing else."""
        return Numbering(self.prefix, self.padding)

    def with_fields(
        self, fields: Iterable[Field], section: Section | None = None, columns: Iterable[str] = ()
    ) -> "Module":
        """The module with further fields (those an administrator added), some of them columns of its list."""
        sections = (*self.sections, section) if section else self.sections
        list_columns = (*self.list_columns, *columns)
        return replace(self, fields=(*self.fields, *fields), sections=sections, list_columns=list_columns)


#: What every record carries beside its values. They can be listed, sorted and compared, never written as values.
SYSTEM_FIELDS: tuple[Field, ...] = (
    Field("number", Label("Número", "Number"), readonly=True),
    Field("owner", Label("Asignado a", "Assigned to"), "user"),
    Field("tags", Label("Etiquetas", "Tags"), "multipicklist"),
    Field("created_at", Label("Fecha Creación", "Created"), "datetime", readonly=True),
    Field("updated_at", Label("Fecha Modificación", "Modified"), "datetime", readonly=True),
    Field("created_by", Label("Creado por", "Created by"), "user", readonly=True),
)
_SYSTEM_BY_ID: Mapping[str, Field] = {f.id: f for f in SYSTEM_FIELDS}


def put_together(modules: Iterable[Module]) -> dict[str, Module]:
    """Modules by id, each with the modules that point to it."""
    together = {module.id: module for module in modules}
    for module in together.values():
        pointing = [
            Related(other.id, relation.id, other.label)
            for other in together.values()
            for relation in other.fields
            if relation.relation == module.id
        ]
        linked = [
            Related(other.id, LINK, other.label)
            for other in together.values()
            if other.id in module.links or module.id in other.links
        ]
        together[module.id] = replace(module, related=(*pointing, *linked))
    return together


class Declaration(Mapping[str, Module]):
    """The modules as they stand: those of the product, with the fields that administrators added.

    There is one a process, as there is one company a deployment. An entrance brings it up to date before it reads
    anything (entry/wiring.declare) and nothing else does, so that one request sees one declaration. docs/adr/0014.
    """

    def __init__(self, shipped: Iterable[Module]) -> None:
        self.shipped: Mapping[str, Module] = put_together(shipped)
        self._standing = self.shipped
        #: Grows with each change: whoever keeps what was read by it (parsed conditions) reads it anew.
        self.version = 0

    def declare(self, modules: Iterable[Module]) -> None:
        """From now on these are the modules."""
        self._standing = put_together(modules)
        self.version += 1

    def __getitem__(self, id: str) -> Module:
        return self._standing[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._standing)

    def __len__(self) -> int:
        return len(self._standing)


def title(module: Module, values: Mapping[str, Any]) -> str:
    """What a record is called: its title fields, else the first thing it can be searched by, else nothing."""
    parts = (values.get(id) for id in module.title_fields)
    named = " ".join(str(part) for part in parts if part)
    return named or next((str(values[id]) for id in module.search_fields if values.get(id)), "")
