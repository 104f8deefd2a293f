"""A named group of scheduled actions, assigned as one; its window holds for what is reached through it alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from gotero.domain.delay import read_day, refuse_far
from gotero.domain.shape import Reader

Status = Literal["active", "inactive", "obsolete", "between"]
STATUSES: tuple[Status, ...] = ("active", "inactive", "obsolete", "between")
MAX_SCHEDULED_ACTIONS = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """Scheduled actions that are assigned as one; `between` days or always, what came by it may run."""

    name: str
    status: Status
    scheduled_actions: tuple[str, ...]
    #: First and last day, both included; they count for `between`.
    first: date | None = None
    last: date | None = None

    def assignable(self) -> bool:
        """Whether it makes sense to assign it; one whose days are still to come does."""
        return self.status in ("active", "between")

    def open_at(self, instant: datetime, zone: ZoneInfo) -> bool:
        """Whether what is reached through this plan may run now, by the calendar of the recipient."""
        if self.status == "between" and self.first and self.last:
            return self.first <= instant.astimezone(zone).date() <= self.last
        return self.status == "active"

    def to_json(self) -> dict[str, Any]:
        days = {"from": self.first, "to": self.last}
        return {
            "name": self.name,
            "status": self.status,
            **{key: day.isoformat() for key, day in days.items() if day},
            "scheduled_actions": list(self.scheduled_actions),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Plan":
        """What was stored; `parse` is for what people send."""
        first, last = (
            (date.fromisoformat(data["from"]), date.fromisoformat(data["to"])) if "from" in data else (None, None)
        )
        return cls(data["name"], data["status"], tuple(data["scheduled_actions"]), first, last)


def parse(data: Any, today: date) -> Plan:
    """A plan as people write it; InvalidError with every broken rule."""
    reader = Reader(data)
    name = reader.text("name", required=True)
    status = reader.choice("status", STATUSES, default="active")
    first, last = (_day(reader, key, required=status == "between") for key in ("from", "to"))
    if first and last and last < first:
        reader.wrong("to", "ends_before")
    for key, day in (("from", first), ("to", last)):
        refuse_far(reader, key, day, today)
    scheduled_actions = reader.texts("scheduled_actions", required=True, limit=MAX_SCHEDULED_ACTIONS)
    reader.done()
    return Plan(name, status, tuple(dict.fromkeys(scheduled_actions)), first, last)  # type: ignore[arg-type]  # `choice`


def _day(reader: Reader, key: str, *, required: bool) -> date | None:
    if required and not reader.has(key):
        reader.wrong(key, "required")
    day: date | None = reader.parsed(key, read_day) if reader.has(key) else None
    return day
