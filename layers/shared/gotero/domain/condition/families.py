"""Field types by how they compare, and each family's values in the form that the checks take.

Empty is: no value, an empty text, an empty list, and whatever does not fit the field's type (an old value of a field
whose type was changed). A boolean is never empty: a box that nobody ticked is not ticked.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from gotero.domain.condition.checks import fold
from gotero.domain.modules import Field

Family = Literal["text", "number", "boolean", "choice", "reference", "list", "date", "datetime", "time"]

_OF_TYPE: Mapping[str, Family] = {
    "text": "text",
    "longtext": "text",
    "email": "text",
    "phone": "text",
    "url": "text",
    "integer": "number",
    "decimal": "number",
    "currency": "number",
    "percent": "number",
    "boolean": "boolean",
    "picklist": "choice",
    "relation": "reference",
    "user": "reference",
    "multipicklist": "list",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
}
#: Families whose values are compared without regard to letter case.
FOLDED: frozenset[Family] = frozenset({"text", "choice", "list"})
#: DuckDB's type of a bound that is written as a text.
SQL_TYPES: Mapping[Family, str] = {"date": "DATE", "datetime": "TIMESTAMP"}


def family_of(field: Field) -> Family:
    return _OF_TYPE[field.type]


def _text(raw: Any) -> str | None:
    return fold(raw) if isinstance(raw, str) and raw else None


def _exact(raw: Any) -> str | None:
    return raw if isinstance(raw, str) and raw else None


def _number(raw: Any) -> float | None:
    """Money is kept as text to the cent; a double tells cents apart up to 10^13."""
    try:
        return None if raw is None or isinstance(raw, bool) else float(raw)
    except (TypeError, ValueError):
        return None


def _boolean(raw: Any) -> bool:
    return raw is True


def _list(raw: Any) -> frozenset[str] | None:
    return frozenset(fold(item) for item in raw) if isinstance(raw, list | tuple) and raw else None


#: Family -> how a stored value is read; None is empty.
READERS: Mapping[Family, Callable[[Any], Any]] = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "choice": _text,
    "reference": _exact,
    "list": _list,
    "date": _exact,
    "datetime": _exact,
    "time": _exact,
}


def read_in_sql(family: Family, column: str) -> str:
    """The same reading, of a column of the lake; NULL is empty."""
    if family in ("text", "choice"):
        return f"nullif(lower({column}), '')"
    if family in ("reference", "time"):
        return f"nullif({column}, '')"
    if family == "list":
        return f"CASE WHEN len({column}) > 0 THEN list_transform({column}, lambda item: lower(item)) END"
    return f"coalesce({column}, false)" if family == "boolean" else column
