"""When the recipients of one send get it: all at once, spread over a window, or each at the same time of day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gotero.domain import instant
from gotero.domain.delay import at_local, zone_of

#: The zone in which a day begins first.
_EASTERNMOST = timedelta(hours=14)
#: A week: longer than that, a send is a plan.
MAX_WINDOW_MINUTES = 7 * 24 * 60


def earliest(local: datetime) -> datetime:
    """The first instant at which it is `local` (a wall-clock time) anywhere: until then nobody is due."""
    return local.replace(tzinfo=UTC) - _EASTERNMOST


@dataclass(frozen=True, slots=True)
class SendTime:
    """The instants of one job. `size` is how many recipients it will come to, as far as is known."""

    started: datetime
    local: datetime | None
    #: The company's: whose record names no zone is in this one.
    zone: str
    window: timedelta
    size: int

    @classmethod
    def of(cls, params: dict[str, Any], started: datetime, size: int) -> "SendTime":
        local = params.get("local_start")
        return cls(
            started,
            datetime.fromisoformat(local) if local else None,
            params.get("zone", ""),
            timedelta(minutes=params.get("window_minutes", 0)),
            size,
        )

    @property
    def immediate(self) -> bool:
        return self.local is None and not self.window

    def not_before(self, zone: str | None, taken: int) -> datetime:
        """The instant for somebody with this zone, `taken` recipients being before them."""
        begins = self.started
        if self.local:
            begins = at_local(self.local.date(), self.local.time(), zone_of(zone, self.zone))
        return begins + self.window * min(1.0, taken / max(1, self.size))

    def groups(self, zones: Sequence[str | None], taken: int, now: datetime) -> dict[str, list[int]]:
        """Who of a slice leaves when, by their places in it. Empty: at once, also for whose time has gone by."""
        found: dict[str, list[int]] = {}
        for index, zone in enumerate(zones):
            at = self.not_before(zone, taken)
            found.setdefault(instant.write(at) if at > now else "", []).append(index)
        return found
