"""Sorting a list and going on from its last row, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gotero.adapters.lake.columns import Column
from gotero.domain.errors import FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class Ordering:
    """A sort with the id as its tie-breaker, so that no two rows are equal and a position is exact."""

    keys: tuple[tuple[Column, bool], ...]

    @classmethod
    def of(cls, sort: Sequence[tuple[str, bool]], columns: Sequence[Column]) -> "Ordering":
        known = {column.name: column for column in columns}
        missing = [index for index, (name, _) in enumerate(sort) if name not in known]
        if missing:
            raise InvalidError(*(FieldError(f"sort[{index}]", "sort") for index in missing))
        return cls(tuple((known[name], descending) for name, descending in sort))

    def order_by(self) -> str:
        """Empty values come last in either direction: whoever sorts by a field looks for those that have it."""
        terms = [f"{_key(column, _value(column))} {'DESC' if down else 'ASC'} NULLS LAST" for column, down in self.keys]
        return ", ".join([*terms, "r.id"])

    def position(self) -> str:
        """The columns that say where a row stands, as texts, to be sent back as `after`."""
        return ", ".join([*(f"CAST({_value(column)} AS VARCHAR)" for column, _ in self.keys), "r.id"])

    def later_than(self, after: Sequence[Any]) -> tuple[str, list[Any]]:
        """The condition for rows behind the position `after`."""
        if len(after) != len(self.keys) + 1 or not all(value is None or isinstance(value, str) for value in after):
            raise InvalidError(FieldError("cursor", "cursor"))
        sql, parameters = "r.id > ?", [after[-1]]
        for (column, down), value in reversed(list(zip(self.keys, after, strict=False))):
            key = _key(column, _value(column))
            if value is None:
                sql = f"({key} IS NULL AND {sql})"
                continue
            at = _key(column, f"TRY_CAST(? AS {_type(column)})")
            further = f"({key} {'<' if down else '>'} {at} OR {key} IS NULL)"
            sql = f"({further} OR ({key} = {at} AND {sql}))"
            parameters = [value, value, *parameters]
        return sql, parameters


def _type(column: Column) -> str:
    if column.name == "number":
        return "BIGINT"
    return "VARCHAR" if column.type == "VARCHAR[]" else column.type


def _value(column: Column) -> str:
    """The column as one comparable value: a list reads as its items one after the other, a number by its digits."""
    name = f"r.{column.quoted}"
    if column.name == "number":
        return f"TRY_CAST(regexp_extract({name}, '[0-9]+$') AS BIGINT)"
    if column.type == "VARCHAR[]":
        return f"nullif(array_to_string({name}, ', '), '')"
    return f"nullif({name}, '')" if column.type == "VARCHAR" else name


def _key(column: Column, value: str) -> str:
    """What `value` is sorted by. Texts as Spanish sorts them: á with a, ñ after n, case last."""
    return f"icu_sort_key({value}, 'es')" if _type(column) == "VARCHAR" else value
