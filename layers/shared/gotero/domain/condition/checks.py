"""The few questions that every operator comes down to, each asked of one value and in SQL: two forms, one meaning.

`holds` gets a value that is not empty, in the form that families.READERS give it. `sql` gets the column in the same
form, appends its parameters in the order of its question marks, and may answer NULL for an empty column.
Text is compared without regard to letter case, and in NFC: stored values are NFC already, operands are made so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gotero.domain.condition.pattern import Pattern


class Check(Protocol):
    def holds(self, value: Any) -> bool: ...

    def sql(self, column: str, params: list[Any]) -> str: ...


def fold(text: str) -> str:
    """Letter case taken away, character by character as DuckDB's lower() does it: a final sigma stays a sigma."""
    if text.isascii():
        return text.lower()
    return "".join(character.lower()[0] for character in text)


@dataclass(frozen=True, slots=True)
class Present:
    """There is a value."""

    def holds(self, value: Any) -> bool:
        return True

    def sql(self, column: str, params: list[Any]) -> str:
        return f"{column} IS NOT NULL"


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these."""

    values: frozenset[Any]

    def holds(self, value: Any) -> bool:
        return value in self.values

    def sql(self, column: str, params: list[Any]) -> str:
        return f"{column} IN ({_marks(sorted(self.values), params)})"


@dataclass(frozen=True, slots=True)
class HasOneOf:
    """The list holds one of these."""

    values: frozenset[str]

    def holds(self, value: frozenset[str]) -> bool:
        return not self.values.isdisjoint(value)

    def sql(self, column: str, params: list[Any]) -> str:
        return f"list_has_any({column}, [{_marks(sorted(self.values), params)}])"


@dataclass(frozen=True, slots=True)
class Contains:
    part: str

    def holds(self, value: str) -> bool:
        return self.part in value

    def sql(self, column: str, params: list[Any]) -> str:
        params.append(self.part)
        return f"contains({column}, ?)"


@dataclass(frozen=True, slots=True)
class StartsWith:
    part: str

    def holds(self, value: str) -> bool:
        return value.startswith(self.part)

    def sql(self, column: str, params: list[Any]) -> str:
        params.append(self.part)
        return f"starts_with({column}, ?)"


@dataclass(frozen=True, slots=True)
class EndsWith:
    part: str

    def holds(self, value: str) -> bool:
        return value.endswith(self.part)

    def sql(self, column: str, params: list[Any]) -> str:
        params.append(self.part)
        return f"ends_with({column}, ?)"


@dataclass(frozen=True, slots=True)
class Matches:
    """The pattern occurs somewhere in the text."""

    pattern: Pattern

    def holds(self, value: str) -> bool:
        return self.pattern.occurs_in(value)

    def sql(self, column: str, params: list[Any]) -> str:
        params.append(self.pattern.re2)
        return f"regexp_matches({column}, ?)"


@dataclass(frozen=True, slots=True)
class Within:
    """The value lies between two bounds, each of them inside; None is no bound. Dates and instants compare as texts."""

    low: Any
    high: Any
    #: DuckDB's type of the bounds, where it is not the parameter's own.
    type: str | None = None

    def holds(self, value: Any) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def sql(self, column: str, params: list[Any]) -> str:
        mark = f"CAST(? AS {self.type})" if self.type else "?"
        params.extend(bound for bound in (self.low, self.high) if bound is not None)
        if self.low is None:
            return f"{column} <= {mark}"
        return f"{column} >= {mark}" if self.high is None else f"{column} BETWEEN {mark} AND {mark}"


@dataclass(frozen=True, slots=True)
class Outside:
    """The value lies before (or after) a bound, the bound itself left out."""

    bound: Any
    after: bool
    type: str | None = None

    def holds(self, value: Any) -> bool:
        return bool(value > self.bound if self.after else value < self.bound)

    def sql(self, column: str, params: list[Any]) -> str:
        params.append(self.bound)
        mark = f"CAST(? AS {self.type})" if self.type else "?"
        return f"{column} {'>' if self.after else '<'} {mark}"


@dataclass(frozen=True, slots=True)
class OnDay:
    """The date falls on one of these days of a year ("02-28")."""

    days: frozenset[str]

    def holds(self, value: str) -> bool:
        return value[5:10] in self.days

    def sql(self, column: str, params: list[Any]) -> str:
        return f"strftime({column}, '%m-%d') IN ({_marks(sorted(self.days), params)})"


def _marks(values: Sequence[Any], params: list[Any]) -> str:
    params.extend(values)
    return ", ".join("?" * len(values))
