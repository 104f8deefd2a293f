"""What an operator is compared with: read from JSON by the field's type, or refused with the rule it breaks."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from gotero.domain.condition.families import family_of
from gotero.domain.condition.operators import Operand
from gotero.domain.condition.pattern import Pattern, PatternError
from gotero.domain.condition.periods import PERIODS
from gotero.domain.modules import Field
from gotero.domain.validation.values import CLEANERS, BrokenRuleError, text

MAX_TEXT = 1_000
MAX_VALUES = 500
MAX_AGE = 150
#: A hundred years.
_MAX_COUNT: Mapping[str, int] = {"days": 36_525, "hours": 876_600}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH_DAY = re.compile(r"\d{2}-\d{2}", re.ASCII)
_PHONE_SIGNS = re.compile(r"[\s().\u00a0-]")


def read(field: Field, operand: Operand, raw: Any) -> Any:
    """The operand in its normal form; BrokenRuleError when it does not fit."""
    return _READERS[operand](field, raw)


def _none(field: Field, raw: Any) -> None:
    if raw is not None:
        raise BrokenRuleError("operand")


def _value(field: Field, raw: Any) -> Any:
    if raw is None or raw == "":
        raise BrokenRuleError("required")
    value = _by_type(field, raw)
    if value is None:
        raise BrokenRuleError("required")
    return value


def _by_type(field: Field, raw: Any) -> Any:
    family = family_of(field)
    if family == "text":
        return _part(field, raw)
    if family == "number":
        return _number(field, raw)
    if family in ("choice", "list"):
        return _option(field, raw)
    if family == "datetime" and isinstance(raw, str) and _DATE.fullmatch(raw):
        return CLEANERS["date"](field, raw)
    return CLEANERS[field.type](field, raw)


def _number(field: Field, raw: Any) -> Any:
    """Whole numbers up to what an integer field holds; any other number as decimals are kept."""
    if field.type == "integer":
        try:
            return CLEANERS["integer"](field, raw)
        except BrokenRuleError:
            pass
    return CLEANERS["decimal"](field, raw)


def _part(field: Field, raw: Any) -> str | None:
    value = text(raw, MAX_TEXT, lines=field.type == "longtext")
    if value and field.type == "phone":
        value = _PHONE_SIGNS.sub("", value)
    if not value:
        raise BrokenRuleError("required")
    return value


def _option(field: Field, raw: Any) -> str | None:
    """One of the field's options; letter case may differ from the declared one."""
    value = text(raw, MAX_TEXT)
    if value is None or not field.options:
        return value
    found = next((option.value for option in field.options if option.value.casefold() == value.casefold()), None)
    if found is None:
        raise BrokenRuleError("picklist", value=value[:60])
    return found


def _values(field: Field, raw: Any) -> list[Any]:
    if not isinstance(raw, list) or not raw:
        raise BrokenRuleError("list" if not isinstance(raw, list) else "required")
    if len(raw) > MAX_VALUES:
        raise BrokenRuleError("too_many", limit=str(MAX_VALUES))
    return [_value(field, item) for item in raw]


def _range(field: Field, raw: Any) -> list[Any]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise BrokenRuleError("operand")
    return [_value(field, end) for end in raw]


def _pattern(field: Field, raw: Any) -> str:
    pattern = text(raw, MAX_TEXT)
    if pattern is None:
        raise BrokenRuleError("required")
    try:
        Pattern.parse(pattern)
    except PatternError:
        raise BrokenRuleError("pattern") from None
    return pattern


def _count(limit: int) -> Callable[[Field, Any], int]:
    def read_count(field: Field, raw: Any) -> int:
        count = CLEANERS["integer"](field, raw)
        if count is None:
            raise BrokenRuleError("required")
        if not 0 <= count <= limit:
            raise BrokenRuleError("range", low="0", high=str(limit))
        return int(count)

    return read_count


def _month_day(field: Field, raw: Any) -> str:
    if isinstance(raw, str) and _MONTH_DAY.fullmatch(raw):
        try:
            return date.fromisoformat(f"2000-{raw}").isoformat()[5:]
        except ValueError:
            pass
    raise BrokenRuleError("operand")


def _period(field: Field, raw: Any) -> str:
    if raw not in PERIODS:
        raise BrokenRuleError("choice", choices=", ".join(PERIODS))
    return str(raw)


_years = _count(MAX_AGE)


def _ages(field: Field, raw: Any) -> list[int]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise BrokenRuleError("operand")
    return [_years(field, end) for end in raw]


_READERS: Mapping[Operand, Callable[[Field, Any], Any]] = {
    "none": _none,
    "value": _value,
    "part": _part,
    "values": _values,
    "range": _range,
    "pattern": _pattern,
    "days": _count(_MAX_COUNT["days"]),
    "hours": _count(_MAX_COUNT["hours"]),
    "month_day": _month_day,
    "period": _period,
    "years": _years,
    "ages": _ages,
}
