"""A small world for the condition tests: a module with a field of every type, one it points to, and both in DuckDB."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

import duckdb

from gotero.domain import condition as conditions
from gotero.domain.condition import Condition, View
from gotero.domain.modules import SYSTEM_FIELDS, Field, FieldType, Label, Module, Option, put_together

OTHER_IDS = ("00000000000000000000000001", "00000000000000000000000002", "00000000000000000000000003")
OPTIONS = ("Twitter", "Trade Show", "Web Site")

_SQL_TYPES: Mapping[str, str] = {
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "currency": "DOUBLE",
    "percent": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "multipicklist": "VARCHAR[]",
}


def a_field(id: str, type: FieldType = "text", **rest: Any) -> Field:
    return Field(id, Label(id, id), type, **rest)


def a_module(id: str, *fields: Field, recipient: bool = False) -> Module:
    word = Label(id, id)
    ids = tuple(f.id for f in fields)
    return Module(id, word, word, id[:3].upper(), "box", ids[:1], ids[:3], ids[:1], (), fields, recipient=recipient)


_OPTIONS = tuple(Option(value, Label(value, value)) for value in OPTIONS)
OTHERS = a_module(
    "others",
    a_field("name"),
    a_field("size", "integer"),
    a_field("ticked", "boolean"),
    a_field("since", "date"),
    a_field("kinds", "multipicklist", options=_OPTIONS),
)
THINGS = a_module(
    "things",
    a_field("text"),
    a_field("longtext", "longtext"),
    a_field("email", "email"),
    a_field("phone", "phone"),
    a_field("url", "url"),
    a_field("integer", "integer"),
    a_field("decimal", "decimal"),
    a_field("currency", "currency"),
    a_field("percent", "percent"),
    a_field("boolean", "boolean"),
    a_field("date", "date"),
    a_field("birthday", "date", anniversary=True),
    a_field("datetime", "datetime"),
    a_field("time", "time"),
    a_field("picklist", "picklist", options=_OPTIONS),
    a_field("multipicklist", "multipicklist", options=_OPTIONS),
    a_field("other", "relation", relation="others"),
    a_field("user", "user"),
)
MODULES = put_together((THINGS, OTHERS))


def sql_type(field: Field) -> str:
    return _SQL_TYPES.get(field.type, "VARCHAR")


class Lake:
    """The two modules as DuckDB relations, typed as the lake types them."""

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        for module in MODULES.values():
            columns = ", ".join(f'"{f.id}" {sql_type(f)}' for f in (*module.fields, *SYSTEM_FIELDS))
            self._connection.execute(f'CREATE TABLE "{module.id}" (id VARCHAR, {columns})')

    def fill(self, module: str, rows: Sequence[Mapping[str, Any]]) -> None:
        fields = (*MODULES[module].fields, *SYSTEM_FIELDS)
        self._connection.execute(f'DELETE FROM "{module}"')
        marks = ", ".join(["?", *(f"CAST(? AS {sql_type(f)})" for f in fields)])
        for row in rows:
            values = [row["id"], *(row.get(f.id) for f in fields)]
            self._connection.execute(f'INSERT INTO "{module}" VALUES ({marks})', values)

    def verdicts(self, asked: Sequence[Condition], now: datetime, zone: tzinfo) -> dict[str, list[bool]]:
        """What the SQL of each condition says of every thing, by the thing's id."""
        found: dict[str, list[bool]] = {}
        for first in range(0, len(asked), 10):
            together = [conditions.to_sql(condition, now=now, zone=zone) for condition in asked[first : first + 10]]
            picked = ", ".join(sql for sql, _ in together)
            params = [param for _, further in together for param in further]
            rows = self._connection.execute(f'SELECT r.id, {picked} FROM "things" AS r', params).fetchall()
            assert all(verdict in (True, False) for _, *verdicts in rows for verdict in verdicts), "never NULL"
            for id, *verdicts in rows:
                found.setdefault(id, []).extend(verdicts)
        return found


def a_view(
    thing: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]], now: datetime, zone: tzinfo, **rest: Any
) -> View:
    return View(thing, now, zone, related={"other": others.get(thing.get("other") or "")}, **rest)
