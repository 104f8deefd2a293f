"""The one table of operators: for which fields, with what operand, and which check they come down to.

A negative operator (`is_not`) is its positive one the other way round, so it includes records whose field is empty.
Days are days of the calendar in the zone of the view, and "less than N days ago" has both today and the Nth day in it.
`between` has both its ends in it, and ends given the wrong way round are swapped.
`exists` (another record has this value) and "has this as nth child" are not conditions on one record: they are refused.
Weeks begin on Monday. An age is counted in full years; whoever was born on 29 February is a year older on the 28th of
a common year, as everywhere here.
"""

from calendar import isleap as is_leap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from gotero.domain.condition.checks import (
    Check,
    Contains,
    EndsWith,
    HasOneOf,
    Matches,
    OnDay,
    OneOf,
    Outside,
    Present,
    StartsWith,
    Within,
    fold,
)
from gotero.domain.condition.families import FOLDED, SQL_TYPES, Family, family_of
from gotero.domain.condition.pattern import Pattern
from gotero.domain.condition.periods import period
from gotero.domain.condition.view import Moment
from gotero.domain.modules import Field

#: What an operator is given: nothing, one value, a part of one, two, a list, a pattern, a count, or "MM-DD".
Operand = Literal[
    "none", "value", "part", "range", "values", "pattern", "days", "hours", "month_day", "period", "years", "ages"
]
#: How it looks at the value before the change.
Past = Literal["changed", "changed_to", "was"]
Build = Callable[[Field, Any, Moment], Check]

_EVERY: frozenset[Family] = frozenset(
    {"text", "number", "boolean", "choice", "reference", "list", "date", "datetime", "time"}
)
_WORDS: frozenset[Family] = frozenset({"text"})
_PARTS: frozenset[Family] = frozenset({"text", "choice"})
_SETS: frozenset[Family] = frozenset({"text", "number", "choice", "reference", "list"})
_NUMBERS: frozenset[Family] = frozenset({"number"})
_TIMES: frozenset[Family] = frozenset({"date", "datetime", "time"})
_DAYS: frozenset[Family] = frozenset({"date", "datetime"})
_DATES: frozenset[Family] = frozenset({"date"})
_INSTANTS: frozenset[Family] = frozenset({"datetime"})


@dataclass(frozen=True, slots=True)
class Operator:
    id: str
    families: frozenset[Family]
    operand: Operand
    build: Build
    #: The check holds and the verdict is no. An empty field fails the check, so the verdict on it is yes.
    negative: bool = False
    past: Past | None = None
    #: How the check moves with the time.
    drift: "Drift | None" = None
    #: It turns on the days of an anniversary, or at the ends of a period of the calendar.
    by_calendar: bool = False

    @property
    def relative(self) -> bool:
        """Whether the check depends on the time."""
        return self.drift is not None or self.by_calendar

    def fits(self, field: Field) -> bool:
        return family_of(field) in self.families and (self.operand not in ("years", "ages") or field.anniversary)


@dataclass(frozen=True, slots=True)
class Drift:
    """The value lies from now + low * N to now + high * N, both included; None is no bound."""

    unit: Literal["days", "hours"]
    low: int | None
    high: int | None

    def build(self, field: Field, operand: Any, moment: Moment) -> Check:
        count = operand or 0
        if self.unit == "hours":
            first = None if self.low is None else moment.hour(self.low * count)
            last = None if self.high is None else moment.hour(self.high * count)
            return _within(field, first, last)
        first = None if self.low is None else moment.day(self.low * count)
        last = None if self.high is None else moment.day(self.high * count)
        if family_of(field) == "datetime":
            return _within(field, first and moment.first(first), last and moment.last(last))
        return _within(field, first, last)


def _span(family: Family, operand: Any, moment: Moment) -> tuple[Any, Any]:
    """The first and the last value that the operand means: a date, said of an instant, is the whole local day."""
    if family == "number":
        return float(operand), float(operand)
    if family == "datetime" and len(operand) == len("2026-11-21"):
        return moment.first(operand), moment.last(operand)
    return operand, operand


def _within(field: Field, low: Any, high: Any) -> Check:
    return Within(low, high, SQL_TYPES.get(family_of(field)))


def _equals(field: Field, operand: Any, moment: Moment) -> Check:
    family = family_of(field)
    if family == "list":
        return HasOneOf(frozenset({fold(operand)}))
    if family in FOLDED:
        return OneOf(frozenset({fold(operand)}))
    if family in ("reference", "boolean"):
        return OneOf(frozenset({operand}))
    return _within(field, *_span(family, operand, moment))


def _one_of(field: Field, operand: Any, moment: Moment) -> Check:
    family = family_of(field)
    if family == "number":
        return OneOf(frozenset(float(value) for value in operand))
    values = frozenset(fold(value) if family in FOLDED else value for value in operand)
    return HasOneOf(values) if family == "list" else OneOf(values)


def _contains(field: Field, operand: Any, moment: Moment) -> Check:
    return Contains(fold(operand))


def _starts_with(field: Field, operand: Any, moment: Moment) -> Check:
    return StartsWith(fold(operand))


def _ends_with(field: Field, operand: Any, moment: Moment) -> Check:
    return EndsWith(fold(operand))


def _matches(field: Field, operand: Any, moment: Moment) -> Check:
    return Matches(Pattern.parse(operand))


def _present(field: Field, operand: Any, moment: Moment) -> Check:
    return Present()


def _before(field: Field, operand: Any, moment: Moment) -> Check:
    low, _ = _span(family_of(field), operand, moment)
    return Outside(low, after=False, type=SQL_TYPES.get(family_of(field)))


def _after(field: Field, operand: Any, moment: Moment) -> Check:
    _, high = _span(family_of(field), operand, moment)
    return Outside(high, after=True, type=SQL_TYPES.get(family_of(field)))


def _up_to(field: Field, operand: Any, moment: Moment) -> Check:
    return _within(field, None, _span(family_of(field), operand, moment)[1])


def _from(field: Field, operand: Any, moment: Moment) -> Check:
    return _within(field, _span(family_of(field), operand, moment)[0], None)


def _between(field: Field, operand: Any, moment: Moment) -> Check:
    low, high = sorted((_span(family_of(field), end, moment) for end in operand), key=lambda span: span[0])
    return _within(field, low[0], high[1])


def _drifting(
    id: str, families: frozenset[Family], unit: Literal["days", "hours"], low: int | None, high: int | None
) -> Operator:
    drift = Drift(unit, low, high)
    return Operator(id, families, unit, drift.build, drift=drift)


_TODAY = Drift("days", 0, 0)


def _today(field: Field, operand: Any, moment: Moment) -> Check:
    """Today's date; for a date that comes back each year, its day, and in common years 28 February for the 29th too."""
    if not field.anniversary:
        return _TODAY.build(field, 0, moment)
    today = moment.day(0)[5:]
    leap_day_is_missing = today == "02-28" and moment.day(1)[5:] == "03-01"
    return OnDay(frozenset({today, "02-29"} if leap_day_is_missing else {today}))


def _in_period(field: Field, operand: Any, moment: Moment) -> Check:
    first, following = (day.isoformat() for day in period(operand, moment.today))
    last = (date.fromisoformat(following) - timedelta(days=1)).isoformat()
    if family_of(field) == "datetime":
        return _within(field, moment.first(first), moment.last(last))
    return _within(field, first, last)


def _born_by(moment: Moment, age: int) -> str:
    """The last day of birth of whoever has that age today."""
    today, year = moment.today, max(moment.today.year - age, 1)
    leap = is_leap(year)
    if today.month == 2 and today.day >= 28:
        return date(year, 2, 29 if leap and (today.day == 29 or not is_leap(today.year)) else 28).isoformat()
    return today.replace(year=year).isoformat()


def _aged(low: int | None, high: int | None, moment: Moment) -> Check:
    """Born after whoever is older than `high`, and by the day of who is `low`."""
    return Within(
        None if high is None else (date.fromisoformat(_born_by(moment, high + 1)) + timedelta(days=1)).isoformat(),
        None if low is None else _born_by(moment, low),
        SQL_TYPES["date"],
    )


def _age_is(field: Field, operand: Any, moment: Moment) -> Check:
    return _aged(operand, operand, moment)


def _age_from(field: Field, operand: Any, moment: Moment) -> Check:
    return _aged(operand, None, moment)


def _age_up_to(field: Field, operand: Any, moment: Moment) -> Check:
    return _aged(None, operand, moment)


def _age_between(field: Field, operand: Any, moment: Moment) -> Check:
    return _aged(min(operand), max(operand), moment)


def _month_day(field: Field, operand: Any, moment: Moment) -> Check:
    return OnDay(frozenset({operand}))


_TABLE = (
    Operator("is", _EVERY, "value", _equals),
    Operator("is_not", _EVERY, "value", _equals, negative=True),
    Operator("is_one_of", _SETS, "values", _one_of),
    Operator("is_none_of", _SETS, "values", _one_of, negative=True),
    Operator("contains", _PARTS, "part", _contains),
    Operator("does_not_contain", _PARTS, "part", _contains, negative=True),
    Operator("starts_with", _WORDS, "part", _starts_with),
    Operator("does_not_start_with", _WORDS, "part", _starts_with, negative=True),
    Operator("ends_with", _WORDS, "part", _ends_with),
    Operator("does_not_end_with", _WORDS, "part", _ends_with, negative=True),
    Operator("matches", _WORDS, "pattern", _matches),
    Operator("less_than", _NUMBERS, "value", _before),
    Operator("greater_than", _NUMBERS, "value", _after),
    Operator("before", _TIMES, "value", _before),
    Operator("after", _TIMES, "value", _after),
    Operator("less_than_or_equal_to", _NUMBERS | _TIMES, "value", _up_to),
    Operator("greater_than_or_equal_to", _NUMBERS | _TIMES, "value", _from),
    Operator("between", _NUMBERS | _TIMES, "range", _between),
    Operator("is_today", _DAYS, "none", _today, drift=_TODAY),
    Operator("is_in", _DAYS, "period", _in_period, by_calendar=True),
    _drifting("less_than_days_ago", _DAYS, "days", -1, 0),
    _drifting("more_than_days_ago", _DAYS, "days", None, -1),
    _drifting("in_less_than", _DAYS, "days", 0, 1),
    _drifting("in_more_than", _DAYS, "days", 1, None),
    _drifting("days_ago", _DAYS, "days", -1, -1),
    _drifting("days_later", _DAYS, "days", 1, 1),
    _drifting("less_than_hours_before", _INSTANTS, "hours", -1, 0),
    _drifting("less_than_hours_later", _INSTANTS, "hours", 0, 1),
    _drifting("more_than_hours_before", _INSTANTS, "hours", None, -1),
    _drifting("more_than_hours_later", _INSTANTS, "hours", 1, None),
    Operator("monthday", _DATES, "month_day", _month_day),
    Operator("age_is", _DATES, "years", _age_is, by_calendar=True),
    Operator("age_at_least", _DATES, "years", _age_from, by_calendar=True),
    Operator("age_at_most", _DATES, "years", _age_up_to, by_calendar=True),
    Operator("age_between", _DATES, "ages", _age_between, by_calendar=True),
    Operator("is_empty", _EVERY - {"boolean"}, "none", _present, negative=True),
    Operator("is_not_empty", _EVERY - {"boolean"}, "none", _present),
    Operator("has_changed", _EVERY, "none", _present, past="changed"),
    Operator("has_changed_to", _EVERY, "value", _equals, past="changed_to"),
    Operator("was", _EVERY, "value", _equals, past="was"),
)
OPERATORS: Mapping[str, Operator] = {operator.id: operator for operator in _TABLE}

#: Operators of other systems that ask about records beside this one, and why they are refused.
REFUSED: Mapping[str, str] = {
    "exists": "about_others",
    "does_not_exist": "about_others",
    "has_this_as_nth_child": "about_hierarchy",
}

#: Other names of the same, with the families they are said of.
_ALIASES: Mapping[str, str] = {
    "equal_to": "is",
    "does_not_equal": "is_not",
    "less_or_equal": "less_than_or_equal_to",
    "greater_or_equal": "greater_than_or_equal_to",
    "on_or_before": "less_than_or_equal_to",
    "on_or_after": "greater_than_or_equal_to",
}
_ALIASES_OF_TIMES: Mapping[str, str] = {"less_than": "before", "greater_than": "after"}
_ALIASES_OF_LISTS: Mapping[str, str] = {"contains": "is", "does_not_contain": "is_not"}


def operator_for(field: Field, name: str) -> Operator | None:
    """The operator of that name for this field, None when there is none."""
    family = family_of(field)
    name = _ALIASES.get(name, name)
    if family in _TIMES:
        name = _ALIASES_OF_TIMES.get(name, name)
    if family == "list":
        name = _ALIASES_OF_LISTS.get(name, name)
    operator = OPERATORS.get(name)
    return operator if operator and operator.fits(field) else None


def operators_of(field: Field) -> tuple[str, ...]:
    """What can be asked of this field, in the order to offer it."""
    return tuple(operator.id for operator in _TABLE if operator.fits(field))
