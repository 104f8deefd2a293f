"""What an operator comes down to: the check that a field, an operand and a moment make.

Days are days of the calendar in the zone of the view. Weeks begin on Monday. An age is counted in full years; whoever
was born on 29 February is a year older on the 28th of a common year, as everywhere here.
"""

from calendar import isleap as is_leap
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


def equals(field: Field, operand: Any, moment: Moment) -> Check:
    family = family_of(field)
    if family == "list":
        return HasOneOf(frozenset({fold(operand)}))
    if family in FOLDED:
        return OneOf(frozenset({fold(operand)}))
    if family in ("reference", "boolean"):
        return OneOf(frozenset({operand}))
    return _within(field, *_span(family, operand, moment))


def one_of(field: Field, operand: Any, moment: Moment) -> Check:
    family = family_of(field)
    if family == "number":
        return OneOf(frozenset(float(value) for value in operand))
    values = frozenset(fold(value) if family in FOLDED else value for value in operand)
    return HasOneOf(values) if family == "list" else OneOf(values)


def contains(field: Field, operand: Any, moment: Moment) -> Check:
    return Contains(fold(operand))


def starts_with(field: Field, operand: Any, moment: Moment) -> Check:
    return StartsWith(fold(operand))


def ends_with(field: Field, operand: Any, moment: Moment) -> Check:
    return EndsWith(fold(operand))


def matches(field: Field, operand: Any, moment: Moment) -> Check:
    return Matches(Pattern.parse(operand))


def present(field: Field, operand: Any, moment: Moment) -> Check:
    return Present()


def before(field: Field, operand: Any, moment: Moment) -> Check:
    low, _ = _span(family_of(field), operand, moment)
    return Outside(low, after=False, type=SQL_TYPES.get(family_of(field)))


def after(field: Field, operand: Any, moment: Moment) -> Check:
    _, high = _span(family_of(field), operand, moment)
    return Outside(high, after=True, type=SQL_TYPES.get(family_of(field)))


def at_most(field: Field, operand: Any, moment: Moment) -> Check:
    return _within(field, None, _span(family_of(field), operand, moment)[1])


def at_least(field: Field, operand: Any, moment: Moment) -> Check:
    return _within(field, _span(family_of(field), operand, moment)[0], None)


def between(field: Field, operand: Any, moment: Moment) -> Check:
    low, high = sorted((_span(family_of(field), end, moment) for end in operand), key=lambda span: span[0])
    return _within(field, low[0], high[1])


TODAY = Drift("days", 0, 0)


def today(field: Field, operand: Any, moment: Moment) -> Check:
    """Today's date; for a date that comes back each year, its day, and in common years 28 February for the 29th too."""
    if not field.anniversary:
        return TODAY.build(field, 0, moment)
    today = moment.day(0)[5:]
    leap_day_is_missing = today == "02-28" and moment.day(1)[5:] == "03-01"
    return OnDay(frozenset({today, "02-29"} if leap_day_is_missing else {today}))


def in_period(field: Field, operand: Any, moment: Moment) -> Check:
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


def age_is(field: Field, operand: Any, moment: Moment) -> Check:
    return _aged(operand, operand, moment)


def age_from(field: Field, operand: Any, moment: Moment) -> Check:
    return _aged(operand, None, moment)


def age_up_to(field: Field, operand: Any, moment: Moment) -> Check:
    return _aged(None, operand, moment)


def age_between(field: Field, operand: Any, moment: Moment) -> Check:
    return _aged(min(operand), max(operand), moment)


def month_day(field: Field, operand: Any, moment: Moment) -> Check:
    return OnDay(frozenset({operand}))
