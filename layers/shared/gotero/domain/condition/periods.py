"""Days, weeks (from Monday), months and years around today, by name: `last_month`, `this_week`, `tomorrow`."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month", "year"]

#: Name -> unit, and how many of them from the present one.
PERIODS: Mapping[str, tuple[Unit, int]] = {
    "yesterday": ("day", -1),
    "today": ("day", 0),
    "tomorrow": ("day", 1),
    **{
        f"{word}_{unit}": (unit, shift)
        for unit in ("week", "month", "year")
        for word, shift in (("last", -1), ("this", 0), ("next", 1))
    },
}


def period(name: str, today: date) -> tuple[date, date]:
    """The first day of the period, and the first day after it."""
    unit, shift = PERIODS[name]
    return begin(unit, today, shift), begin(unit, today, shift + 1)


def begin(unit: Unit, day: date, shift: int = 0) -> date:
    """The first day of the unit that the day is in, or of the one so many further on."""
    if unit == "day":
        return day + timedelta(days=shift)
    if unit == "week":
        return day - timedelta(days=day.weekday()) + timedelta(weeks=shift)
    if unit == "year":
        return date(day.year + shift, 1, 1)
    years, month = divmod(day.year * 12 + day.month - 1 + shift, 12)
    return date(years, month + 1, 1)


def turns(name: str, day: date) -> tuple[date, date]:
    """The days on which "the day is in that period" becomes true, and false again."""
    unit, shift = PERIODS[name]
    return begin(unit, day, -shift), begin(unit, day, 1 - shift)
