"""The *when*: an action at a fixed date, or so long after the assignment or a date of the recipient."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Literal
from zoneinfo import ZoneInfo

from gotero.domain import delay, instant
from gotero.domain.delay import NOTHING, Offset
from gotero.domain.modules import Module
from gotero.domain.record import Record
from gotero.domain.sender_identity import COMPANY, RECIPIENT_OWNER, USER_PREFIX
from gotero.domain.shape import Reader

Status = Literal["active", "inactive"]
STATUSES: tuple[Status, ...] = ("active", "inactive")
#: Who made the scheduled action; the other senders are those of any mail.
CREATOR = "creator"
SENDERS = (RECIPIENT_OWNER, CREATOR, COMPANY)

#: What an instant is counted from.
REFERENCES = ("date", "assignment", "field")
Count = Literal["as_is", "next_anniversary", "nth_anniversary"]
COUNTS: tuple[Count, ...] = ("as_is", "next_anniversary", "nth_anniversary")
#: Fields of the subject (an invoice's due date) are named behind this.
SUBJECT = "subject."
#: The recipient's own zone; without one, the company's counts.
ZONE_FIELD = "time_zone"
#: When a date says no time of day: the start of office hours.
DEFAULT_TIME = time(9)


@dataclass(frozen=True, slots=True)
class OnDate:
    """One date for everybody, at that time in each one's zone."""

    day: date
    at: time

    def to_json(self) -> dict[str, Any]:
        return {"on": "date", "date": self.day.isoformat(), "at": f"{self.at:%H:%M}"}


@dataclass(frozen=True, slots=True)
class OnAssignment:
    """So long after the assignment."""

    offset: Offset
    at: time | None

    def to_json(self) -> dict[str, Any]:
        return {"on": "assignment", "offset": self.offset.to_json(), **_at_json(self.at)}


@dataclass(frozen=True, slots=True)
class OnField:
    """So long after a date of the recipient or the subject.

    `as_is` takes the date literally; `next_anniversary` the first one not before the assignment; `nth_anniversary`
    the n-th of those, so that the first and the second birthday with us can have different mails.
    """

    field: str
    count: Count
    n: int
    offset: Offset
    at: time | None

    def to_json(self) -> dict[str, Any]:
        nth = {"n": self.n} if self.count == "nth_anniversary" else {}
        data = {"on": "field", "field": self.field, "count": self.count, **nth, "offset": self.offset.to_json()}
        return {**data, **_at_json(self.at)}


When = OnDate | OnAssignment | OnField


@dataclass(frozen=True, slots=True)
class ScheduledAction:
    """The *when*: an action with a date, or a field of the record or the assignment to count from."""

    reference: str
    action_id: str
    status: Status
    sender: str
    when: When

    def to_json(self) -> dict[str, Any]:
        return {
            "reference": self.reference,
            "action_id": self.action_id,
            "status": self.status,
            "sender": self.sender,
            "when": self.when.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ScheduledAction":
        """What was stored; `parse` is for what people send."""
        when = _when_from_json(data["when"])
        return cls(data["reference"], data["action_id"], data["status"], data["sender"], when)


def parse(data: Any, today: date) -> ScheduledAction:
    """A scheduled action as people write it; InvalidError with every broken rule."""
    reader = Reader(data)
    reference = reader.text("reference", required=True)
    action_id = reader.text("action_id", required=True)
    status = reader.choice("status", STATUSES, default="active")
    sender = reader.text("sender", default=RECIPIENT_OWNER)
    if sender not in SENDERS and not (sender.startswith(USER_PREFIX) and len(sender) > len(USER_PREFIX)):
        reader.wrong("sender", "choice", choices=", ".join((*SENDERS, f"{USER_PREFIX}<id>")))
    if not reader.has("when"):
        reader.wrong("when", "required")
    when = reader.parsed("when", lambda when: parse_when(when, today)) if reader.has("when") else None
    reader.done()
    return ScheduledAction(reference, action_id, status, sender, when)  # type: ignore[arg-type]  # `choice` has checked


def parse_when(data: Any, today: date) -> When:
    """The instant of a scheduled action as people write it; InvalidError with every broken rule."""
    reader = Reader(data)
    on = reader.choice("on", REFERENCES)
    at = reader.parsed("at", delay.read_time) if reader.has("at") else None
    when: When
    if on == "date":
        if not reader.has("date"):
            reader.wrong("date", "required")
        day = reader.parsed("date", delay.read_day) if reader.has("date") else date.min
        delay.refuse_far(reader, "date", day, today)
        when = OnDate(day, at or DEFAULT_TIME)
    elif on == "assignment":
        when = OnAssignment(_offset(reader), at)
        if when.offset.reach() < timedelta():
            reader.wrong("offset", "past")  # before the assignment: gone by, for everybody
        elif when.offset.reach() > delay.HORIZON:
            reader.wrong("offset", "too_long_after", days=str(delay.HORIZON.days))
    else:
        field = reader.text("field", required=True)
        count = reader.choice("count", COUNTS, default="as_is")
        nth = reader.whole("n", default=1, low=1, high=100)
        when = OnField(field, count, nth, _offset(reader), at)  # type: ignore[arg-type]  # `choice` has checked
    reader.done()
    return when


def due_at(when: When, reference: date | datetime | None, assigned: datetime, zone: ZoneInfo) -> datetime | None:
    """The exact instant for one recipient; None when the field that it hangs on is empty (or beyond the calendar)."""
    try:
        match when:
            case OnDate(day, at):
                return delay.at_local(day, at, zone)
            case OnAssignment(offset, at):
                due = delay.shift(assigned, offset, zone, at)
                # "At 09:00", assigned at noon: the next 09:00.
                return due if at is None or due >= assigned else delay.next_time_of_day(assigned, at, zone)
            case OnField():
                return None if reference is None else _field_due(when, reference, assigned, zone)
    except (OverflowError, ValueError):  # a month or a day beyond the year 9999
        return None


def _field_due(when: OnField, reference: date | datetime, assigned: datetime, zone: ZoneInfo) -> datetime | None:
    start, at = _anchor(reference, when.at, zone)
    if when.count == "as_is":
        return delay.shift(start, when.offset, zone, at)
    nth = when.n if when.count == "nth_anniversary" else 1
    coming = delay.anniversaries(start.astimezone(zone).date(), assigned, when.offset, at, zone)
    return next(islice(coming, nth - 1, None), None)


def _anchor(reference: date | datetime, at: time | None, zone: ZoneInfo) -> tuple[datetime, time]:
    """The reference as an instant, and the time of day that counts: the one asked for, else its own, else 09:00."""
    if isinstance(reference, datetime):
        return reference, at or reference.astimezone(zone).time()
    return delay.at_local(reference, at or DEFAULT_TIME, zone), at or DEFAULT_TIME


def _reference(record: Record, field: str) -> date | datetime | None:
    """The date or instant in a field; None when it is empty, or holds what an older system called a date."""
    text = str({"created_at": record.created_at, **record.values}.get(field) or "")
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-21") else instant.read(text)
    except (ValueError, OverflowError):
        return None


def is_reference(module: Module, field: str) -> bool:
    """Whether records of `module` have such a date to count from."""
    declared = module.field(field)
    return field == "created_at" or (declared is not None and declared.type in ("date", "datetime"))


def due_for(
    when: When, recipient: Record, subject: Record | None, assigned: datetime, company_zone: str | None
) -> tuple[datetime | None, ZoneInfo]:
    """The exact instant for this recipient (None without the date it hangs on), and the zone it was reckoned in."""
    zone = delay.zone_of(recipient.values.get(ZONE_FIELD), company_zone)
    reference = None
    if isinstance(when, OnField):
        holder = subject if when.field.startswith(SUBJECT) else recipient
        reference = _reference(holder, when.field.removeprefix(SUBJECT)) if holder else None
    return due_at(when, reference, assigned, zone), zone


def past_is_skipped(when: When) -> bool:
    """Whether an instant already past at assignment has gone by; one counted from the assignment fires at once."""
    return not isinstance(when, OnAssignment)


def _offset(reader: Reader) -> Offset:
    offset = reader.parsed("offset", delay.read_offset) if reader.has("offset") else None
    return offset or NOTHING


def _when_from_json(data: Mapping[str, Any]) -> When:
    at = delay.read_time(data["at"]) if "at" in data else None
    match data["on"]:
        case "date":
            return OnDate(date.fromisoformat(data["date"]), at or DEFAULT_TIME)
        case "assignment":
            return OnAssignment(Offset.from_json(data["offset"]), at)
        case _:
            return OnField(data["field"], data["count"], data.get("n", 1), Offset.from_json(data["offset"]), at)


def _at_json(at: time | None) -> dict[str, str]:
    return {} if at is None else {"at": f"{at:%H:%M}"}
