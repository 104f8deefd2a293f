"""Sorting a list and going on from its last row, in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gotero.adapters.lake.columns import Column, quote, title
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.modules import Module


@dataclass(frozen=True, slots=True)
class Key:
    """One column of a sort: its value as SQL, DuckDB's type of it, and the direction."""

    value: str
    type: str
    descending: bool

    @property
    def sorted_by(self) -> str:
        return self._comparable(self.value)

    @property
    def given(self) -> str:
        """The same of a parameter that holds the value as a text."""
        return self._comparable(f"TRY_CAST(? AS {self.type})")

    def _comparable(self, value: str) -> str:
        """Texts as Spanish sorts them: á with a, ñ after n, case last."""
        return f"icu_sort_key({value}, 'es')" if self.type == "VARCHAR" else value


@dataclass(frozen=True, slots=True)
class Ordering:
    """A sort with the id as its tie-breaker, so that no two rows are equal and a position is exact."""

    keys: tuple[Key, ...]
    #: The modules whose titles it sorts by.
    modules: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, sort: Sequence[tuple[str, bool]], columns: Sequence[Column], modules: Mapping[str, Module]
    ) -> "Ordering":
        known = {column.name: column for column in columns}
        missing = [index for index, (name, _) in enumerate(sort) if name not in known]
        if missing:
            raise InvalidError(*(FieldError(f"sort[{index}]", "sort") for index in missing))
        related = {known[name].relation for name, _ in sort} & modules.keys()
        return cls(tuple(_key(known[name], down, modules) for name, down in sort), tuple(sorted(filter(None, related))))

    def order_by(self) -> str:
        """Empty values come last in either direction: whoever sorts by a field looks for those that have it."""
        terms = [f"{key.sorted_by} {'DESC' if key.descending else 'ASC'} NULLS LAST" for key in self.keys]
        return ", ".join([*terms, "r.id"])

    def position(self) -> str:
        """The columns that say where a row stands, as texts, to be sent back as `after`."""
        return ", ".join([*(f"CAST({key.value} AS VARCHAR)" for key in self.keys), "r.id"])

    def later_than(self, after: Sequence[Any]) -> tuple[str, list[Any]]:
        """The condition for rows behind the position `after`."""
        if len(after) != len(self.keys) + 1 or not all(value is None or isinstance(value, str) for value in after):
            raise InvalidError(FieldError("cursor", "cursor"))
        sql, parameters = "r.id > ?", [after[-1]]
        for key, value in reversed(list(zip(self.keys, after, strict=False))):
            if value is None:
                sql = f"({key.sorted_by} IS NULL AND {sql})"
                continue
            further = f"({key.sorted_by} {'<' if key.descending else '>'} {key.given} OR {key.sorted_by} IS NULL)"
            sql = f"({further} OR ({key.sorted_by} = {key.given} AND {sql}))"
            parameters = [value, value, *parameters]
        return sql, parameters


def _key(column: Column, descending: bool, modules: Mapping[str, Module]) -> Key:
    """A column as one comparable value: a list reads as its items, a number by its digits, a relation by the title."""
    name = f"r.{column.quoted}"
    if column.name == "number":
        return Key(f"TRY_CAST(regexp_extract({name}, '[0-9]+$') AS BIGINT)", "BIGINT", descending)
    if column.type == "VARCHAR[]":
        return Key(f"nullif(array_to_string({name}, ', '), '')", "VARCHAR", descending)
    if column.relation and column.relation in modules:
        named = title(modules[column.relation], "x")
        return Key(f"(SELECT {named} FROM {quote(column.relation)} x WHERE x.id = {name})", "VARCHAR", descending)
    return Key(f"nullif({name}, '')" if column.type == "VARCHAR" else name, column.type, descending)
