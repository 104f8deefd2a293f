"""The delay calculator: from an instant or a date to the exact instant at which something is due, in one zone.

Days and months are wall-clock: +1 day over a change of clocks keeps the hour. Hours and minutes are elapsed time.
A local time that the clocks skip moves forward by as much as they do (02:30 becomes 03:30, as in RFC 5545); one that
comes twice is the first. 29 February and month ends fall back on the last day that the month has.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.shape import Reader

_TIME = re.compile(r"\d\d:\d\d", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: Beyond this nobody plans a mail, and the calendar's end stays out of reach. A century, so that births fit in.
MAX_DAYS = 36_600
#: What has a date of its own, or counts from today, comes within five years: further off is a slip of the keyboard.
HORIZON = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Offset:
    """How far from the reference; each part may be negative."""

    months: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0

    def reach(self) -> timedelta:
        """About how far it goes; a month counts 30 days."""
        return timedelta(days=self.months * 30 + self.days, hours=self.hours, minutes=self.minutes)

    def to_json(self) -> dict[str, int]:
        parts = {"months": self.months, "days": self.days, "hours": self.hours, "minutes": self.minutes}
        return {name: value for name, value in parts.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Offset":
        """What was stored; `read_offset` is for what people send."""
        return cls(**data)


NOTHING = Offset()


def read_offset(value: object) -> Offset:
    """An offset as people write it, e.g. `{"days": 10}`; InvalidError with every broken rule."""
    reader = Reader(value)
    months, days = MAX_DAYS // 31, MAX_DAYS
    offset = Offset(
        months=reader.whole("months", low=-months, high=months),
        days=reader.whole("days", low=-days, high=days),
        hours=reader.whole("hours", low=-days * 24, high=days * 24),
        minutes=reader.whole("minutes", low=-days * 1440, high=days * 1440),
    )
    reader.done()
    return offset


def zone_of(*names: str | None) -> ZoneInfo:
    """The first name that is a zone: the recipient's, else the company's, else UTC."""
    for name in names:
        if name and (zone := find_zone(name)):
            return zone
    return ZoneInfo("UTC")


def find_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, or None."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a name that is a directory, e.g. "Europe"
        return None


def read_time(value: object) -> time:
    """A time of day written `HH:MM`; InvalidError otherwise."""
    try:
        if isinstance(value, str) and _TIME.fullmatch(value):
            return time.fromisoformat(value)
    except ValueError:
        pass
    raise InvalidError(FieldError("", "time"))


def refuse_far(reader: Reader, key: str, day: date | None, today: date) -> None:
    """`too_far` under `key` for a day beyond the horizon; it says the last one before."""
    last = today + HORIZON
    if day is not None and day > last:
        reader.wrong(key, "too_far", last=last.isoformat())


def read_day(value: object) -> date:
    """A date written `YYYY-MM-DD`; InvalidError otherwise."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise InvalidError(FieldError("", "date"))


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time. fold=0 is both rules of this module: first of two, forward over a gap."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def shift_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def anniversary(day: date, year: int) -> date:
    """That day in `year`; 29 February is kept on the 28th in common years."""
    return shift_months(day, (year - day.year) * 12)


def shift_day(day: date, offset: Offset) -> date:
    """The calendar part of an offset: months first, then days."""
    return shift_months(day, offset.months) + timedelta(days=offset.days)


def shift(start: datetime, offset: Offset, zone: ZoneInfo, at: time | None = None) -> datetime:
    """`start` moved by `offset`; with `at`, at that time of the day it lands on."""
    moved = start
    if offset.months or offset.days or at is not None:
        local = start.astimezone(zone)
        moved = at_local(shift_day(local.date(), offset), local.time() if at is None else at, zone)
    return (moved + timedelta(hours=offset.hours, minutes=offset.minutes)).astimezone(UTC)


def next_time_of_day(start: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The first instant, not before `start`, at which clocks in `zone` show `at`."""
    day = start.astimezone(zone).date()
    # Yesterday too: a skipped time near midnight belongs to the day before the one it falls on.
    candidates = (at_local(day + timedelta(days=n), at, zone) for n in (-1, 0, 1, 2))
    return next(instant for instant in candidates if instant >= start)


def anniversaries(day: date, since: datetime, offset: Offset, at: time, zone: ZoneInfo) -> Iterator[datetime]:
    """The anniversaries of `day`, moved by `offset`, that are not before `since`. The day itself is none."""
    # The offset can carry an anniversary over year ends: begin as many years back as it is long.
    reach = abs(offset.reach().days) // 360 + 2
    first = max(day.year + 1, since.astimezone(zone).year - reach)
    for year in range(first, date.max.year - reach):
        moved = at_local(shift_day(anniversary(day, year), offset), at, zone)
        instant = moved + timedelta(hours=offset.hours, minutes=offset.minutes)
        if instant >= since:
            yield instant


@dataclass(frozen=True, slots=True)
class Window:
    """When something may happen: from `start` to just before `stop`, on `weekdays` (0 is Sunday; none given: all).

    A window needs both ends to restrict; swapped ends are swapped back.
    """

    start: time | None = None
    stop: time | None = None
    weekdays: frozenset[int] = frozenset()

    def next_open(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """`instant` itself when it lies in the window, else the next opening."""
        opens, closes = self._ends()
        local = instant.astimezone(zone)
        if self._day_allowed(local.date()) and opens <= local.time() and (closes is None or local.time() < closes):
            return instant.astimezone(UTC)
        for ahead in range(9):
            day = local.date() + timedelta(days=ahead)
            opening = at_local(day, opens, zone)
            if self._day_allowed(day) and opening > instant:
                return opening
        raise ValueError("weekdays are 0 to 6")

    def _ends(self) -> tuple[time, time | None]:
        if self.start is None or self.stop is None:
            return time(0), None
        return min(self.start, self.stop), max(self.start, self.stop)

    def _day_allowed(self, day: date) -> bool:
        return not self.weekdays or day.isoweekday() % 7 in self.weekdays
