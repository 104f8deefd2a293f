"""The typed columns of a dataset, worked out from the declaration of its module when a part is loaded.

Parts hold each row's JSON and no columns, so that a field declared later is a column of rows written earlier.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from gotero.domain.condition.activity import FACTS
from gotero.domain.condition.related import MESSAGES
from gotero.domain.modules import FieldType, Module

MEMBERS = "members"
#: Which records are linked many to many, one row a pair.
LINKS = "links"
#: Who has entered and left a segment, one row a time.
TRANSITIONS = "transitions"
#: What happened to messages, one row a thing (domain/activity.py).
ACTIVITY = "activity"
#: The column beside the typed ones that holds what a row is searched by (search.py). No field has such an id.
WORDS = "#words"

#: DuckDB's type of each type of field. Money is DOUBLE here: the exact text is in the row's JSON.
_SQL_TYPES: Mapping[FieldType, str] = {
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "currency": "DOUBLE",
    "percent": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "multipicklist": "VARCHAR[]",
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    #: Where its value stands in the row's JSON.
    path: tuple[str, ...]
    #: The module of the records whose ids it holds.
    relation: str | None = None

    @property
    def quoted(self) -> str:
        return quote(self.name)


_OWN = (
    Column("number", "VARCHAR", ("number",)),
    Column("owner", "VARCHAR", ("owner",)),
    Column("tags", "VARCHAR[]", ("tags",)),
    Column("created_at", "TIMESTAMP", ("created_at",)),
    Column("updated_at", "TIMESTAMP", ("updated_at",)),
    Column("created_by", "VARCHAR", ("created_by",)),
)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "VARCHAR", (name,)) for name in names)


#: The datasets that are no modules.
_OTHERS: Mapping[str, tuple[Column, ...]] = {
    MEMBERS: (
        *_texts("segment", "module", "record", "since", "source"),
        Column("source_ids", "VARCHAR[]", ("source_ids",)),
    ),
    LINKS: _texts("one_module", "one", "other_module", "other", "since"),
    TRANSITIONS: (*_texts("segment", "module", "record", "kind"), Column("at", "TIMESTAMP", ("at",))),
    ACTIVITY: (
        *_texts("message", "campaign", "module", "record", "kind", "detail"),
        Column("at", "TIMESTAMP", ("at",)),
        Column("count", "BIGINT", ("count",)),
    ),
}


def columns_of(dataset: str, modules: Mapping[str, Module]) -> tuple[Column, ...]:
    """Every typed column of the dataset beside id, version, deleted and data."""
    if dataset in _OTHERS:
        return _OTHERS[dataset]
    own = {column.name for column in _OWN}
    fields = (field for field in modules[dataset].fields if field.id not in own)
    facts = (Column(f"facts#{kind}", "VARCHAR[]", ("facts", kind)) for kind in FACTS if dataset == MESSAGES)
    return (
        *_OWN,
        *facts,
        *(Column(f.id, _SQL_TYPES.get(f.type, "VARCHAR"), ("values", f.id), f.relation) for f in fields),
    )


def quote(name: str) -> str:
    """An SQL identifier. Field ids may be typed by an administrator."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL text, where a parameter is not allowed."""
    return "'" + text.replace("'", "''") + "'"


def title(module: Module, record: str) -> str:
    """SQL for what the row `record` of the module is called, as `domain.modules.title` calls it."""
    named = ", ".join(f"nullif({record}.{quote(id)}, '')" for id in module.title_fields)
    found = [f"nullif({record}.{quote(id)}, '')" for id in module.search_fields if module.field(id)]
    every = [f"nullif(concat_ws(' ', {named}), '')", *found]
    return f"coalesce({', '.join(every)})"


def create_table(dataset: str, columns: tuple[Column, ...]) -> str:
    """The table of all rows, tombstones included, and over it the view of those that live, under the dataset's name."""
    typed = ", ".join(f"{column.quoted} {column.type}" for column in columns)
    rows = quote(rows_table(dataset))
    fixed = f"id VARCHAR, version BIGINT, deleted BOOLEAN, data VARCHAR, {quote(WORDS)} VARCHAR"
    return (
        f"CREATE OR REPLACE TABLE {rows} ({fixed}, {typed});"
        f"CREATE OR REPLACE VIEW {quote(dataset)} AS SELECT * EXCLUDE (deleted) FROM {rows} WHERE NOT deleted"
    )


def rows_table(dataset: str) -> str:
    return f"{dataset}#rows"


def in_bin(dataset: str) -> str:
    """SQL for the rows that are deleted and still have their data."""
    return f"(SELECT * EXCLUDE (deleted) FROM {quote(rows_table(dataset))} WHERE deleted AND data <> '{{}}')"


def typed(source: str, columns: tuple[Column, ...]) -> str:
    """SQL for the rows of the relation `source` (id, version, deleted, data) with their typed columns.

    The JSON is parsed once a row. What does not fit its type is NULL: one odd value never hides the rest.
    """
    picked = ", ".join(_picked(column) for column in columns)
    return (
        f"SELECT id, version, deleted, data, {picked} "
        f"FROM (SELECT *, json_transform(data, {literal(json.dumps(_structure(columns)))}) AS parsed FROM {source})"
    )


def _structure(columns: tuple[Column, ...]) -> dict[str, object]:
    structure: dict[str, object] = {}
    for column in columns:
        at: dict[str, object] = structure
        for step in column.path[:-1]:
            at = at.setdefault(step, {})  # type: ignore[assignment]  # only mappings stand on the way
        at[column.path[-1]] = ["VARCHAR"] if column.type == "VARCHAR[]" else "VARCHAR"
    return structure


def _picked(column: Column) -> str:
    value = "parsed." + ".".join(quote(step) for step in column.path)
    if column.type in ("VARCHAR", "VARCHAR[]"):
        return f"{value} AS {column.quoted}"
    return f"TRY_CAST({value} AS {column.type}) AS {column.quoted}"
