"""Conditions over many records: SQL for DuckDB, with every value as a parameter.

The record is the relation `r`, of the module's own name; each field is a column with the field's id. A related record
is looked up by its id in the relation of its module. Each leaf is true or false, never NULL: `NOT` means what it says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any

from gotero.domain.condition.families import Family, read_in_sql
from gotero.domain.condition.view import Moment


class SqlWriter:
    """Gathers the parameters, in the order of their question marks."""

    def __init__(self, now: datetime, zone: tzinfo, members: str = "members") -> None:
        """`members` is the relation of the memberships that count: segment, module, record."""
        self.moment = Moment(now, zone)
        self.members = members
        self.params: list[Any] = []
        self._row = "r"

    @contextmanager
    def within(self, row: str) -> Iterator[None]:
        """Columns are those of another row meanwhile: of a related record."""
        self._row, before = row, self._row
        try:
            yield
        finally:
            self._row = before

    def column(self, family: Family, field: str, relation: str | None = None, module: str | None = None) -> str:
        """A column of the record; or, through its relation, one of the record of `module` that it points to."""
        if relation is None or module is None:
            return read_in_sql(family, f"{self._row}.{quoted(field)}")
        value = read_in_sql(family, f"x.{quoted(field)}")
        looked_up = f'(SELECT {value} FROM {quoted(module)} AS x WHERE x."id" = r.{quoted(relation)})'  # noqa: S608 - names are quoted identifiers of the declaration, values are parameters
        return f"coalesce({looked_up}, false)" if family == "boolean" else looked_up


def quoted(name: str) -> str:
    """An SQL identifier; field ids may come from an administrator."""
    return '"' + name.replace('"', '""') + '"'
