"""What a condition sees of the world: one record, what it was before, the records it points to, and the time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from gotero.domain import instant
from gotero.domain.record import Record

_MILLISECOND = timedelta(milliseconds=1)
#: Of the calendar; the first and the last day may reach beyond it, by their zone or by their end.
_BEGINNING, _END = "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"


@dataclass(frozen=True, slots=True)
class View:
    """Nothing that is not in here takes part in a decision."""

    #: The record's fields and its own columns (owner, created_at…): see `columns`.
    values: Mapping[str, Any]
    now: datetime
    #: In whose days "today" is counted.
    zone: tzinfo = UTC
    #: As `values`, before the change that is being looked at; None for a creation.
    previous: Mapping[str, Any] | None = None
    #: Relation field -> the columns of the record it points to. One that is not there reads as all empty.
    related: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    #: Link ("invoices.contact", "campaigns", "messages", "posts") -> the columns of the records that point to this one,
    #: or are linked with it. A message has its `facts` beside them: what happened -> when; a post is {form, at}.
    many: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    #: The segments that it is a member of.
    segments: frozenset[str] = frozenset()


#: A record with nothing in it, at some time: what is empty is empty at all of them.
NOTHING = View({}, datetime(2000, 1, 1, tzinfo=UTC))


def columns(record: Record) -> dict[str, Any]:
    """A record as conditions name its parts: its fields by id, and beside them what every record has."""
    return {
        **record.values,
        "number": record.number,
        "owner": record.owner,
        "tags": list(record.tags),
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "created_by": record.created_by,
    }


class Moment:
    """An instant in a zone, with the days around it as texts that compare like the stored ones."""

    __slots__ = ("_today", "now", "zone")

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self.now = now
        self.zone = zone
        self._today: date | None = None

    @property
    def today(self) -> date:
        if self._today is None:
            self._today = self.now.astimezone(self.zone).date()
        return self._today

    def day(self, days: int) -> str:
        """The local date so many days from today."""
        return (self.today + timedelta(days=days)).isoformat()

    def hour(self, hours: int) -> str:
        """The instant so many hours from now."""
        return instant.write(self.now + timedelta(hours=hours))

    def first(self, day: str) -> str:
        """The first instant of a local day. Where a clock jumps over midnight, it is the jump."""
        try:
            return instant.write(self.midnight(date.fromisoformat(day)))
        except OverflowError:
            return _BEGINNING

    def last(self, day: str) -> str:
        """The last millisecond of a local day."""
        try:
            return instant.write(self.midnight(date.fromisoformat(day) + timedelta(days=1)) - _MILLISECOND)
        except OverflowError:
            return _END

    def midnight(self, day: date) -> datetime:
        """The instant at which a local day begins; OverflowError where that is beyond the calendar in UTC."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)
