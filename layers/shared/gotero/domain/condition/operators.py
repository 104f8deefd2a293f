"""The one table of operators: for which fields, with what operand, and which check they come down to.

A negative operator (`is_not`) is its positive one the other way round, so it includes records whose field is empty.
Days are days of the calendar in the zone of the view, and "less than N days ago" has both today and the Nth day in it.
`between` has both its ends in it, and ends given the wrong way round are swapped.
`exists` (another record has this value) and "has this as nth child" are not conditions on one record: they are refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain.condition import builds
from gotero.domain.condition.builds import Drift
from gotero.domain.condition.checks import Check
from gotero.domain.condition.families import Family, family_of
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
    drift: Drift | None = None
    #: It turns on the days of an anniversary, or at the ends of a period of the calendar.
    by_calendar: bool = False

    @property
    def relative(self) -> bool:
        """Whether the check depends on the time."""
        return self.drift is not None or self.by_calendar

    def fits(self, field: Field) -> bool:
        return family_of(field) in self.families and (self.operand not in ("years", "ages") or field.anniversary)


def _drifting(
    id: str, families: frozenset[Family], unit: Literal["days", "hours"], low: int | None, high: int | None
) -> Operator:
    drift = Drift(unit, low, high)
    return Operator(id, families, unit, drift.build, drift=drift)


_TABLE = (
    Operator("is", _EVERY, "value", builds.equals),
    Operator("is_not", _EVERY, "value", builds.equals, negative=True),
    Operator("is_one_of", _SETS, "values", builds.one_of),
    Operator("is_none_of", _SETS, "values", builds.one_of, negative=True),
    Operator("contains", _PARTS, "part", builds.contains),
    Operator("does_not_contain", _PARTS, "part", builds.contains, negative=True),
    Operator("starts_with", _WORDS, "part", builds.starts_with),
    Operator("does_not_start_with", _WORDS, "part", builds.starts_with, negative=True),
    Operator("ends_with", _WORDS, "part", builds.ends_with),
    Operator("does_not_end_with", _WORDS, "part", builds.ends_with, negative=True),
    Operator("matches", _WORDS, "pattern", builds.matches),
    Operator("less_than", _NUMBERS, "value", builds.before),
    Operator("greater_than", _NUMBERS, "value", builds.after),
    Operator("before", _TIMES, "value", builds.before),
    Operator("after", _TIMES, "value", builds.after),
    Operator("less_than_or_equal_to", _NUMBERS | _TIMES, "value", builds.at_most),
    Operator("greater_than_or_equal_to", _NUMBERS | _TIMES, "value", builds.at_least),
    Operator("between", _NUMBERS | _TIMES, "range", builds.between),
    Operator("is_today", _DAYS, "none", builds.today, drift=builds.TODAY),
    Operator("is_in", _DAYS, "period", builds.in_period, by_calendar=True),
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
    Operator("monthday", _DATES, "month_day", builds.month_day),
    Operator("age_is", _DATES, "years", builds.age_is, by_calendar=True),
    Operator("age_at_least", _DATES, "years", builds.age_from, by_calendar=True),
    Operator("age_at_most", _DATES, "years", builds.age_up_to, by_calendar=True),
    Operator("age_between", _DATES, "ages", builds.age_between, by_calendar=True),
    Operator("is_empty", _EVERY - {"boolean"}, "none", builds.present, negative=True),
    Operator("is_not_empty", _EVERY - {"boolean"}, "none", builds.present),
    Operator("has_changed", _EVERY, "none", builds.present, past="changed"),
    Operator("has_changed_to", _EVERY, "value", builds.equals, past="changed_to"),
    Operator("was", _EVERY, "value", builds.equals, past="was"),
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
