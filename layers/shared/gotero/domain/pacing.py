"""A rate shared by many: each turn is booked behind the last, and nobody sends before theirs.

The rate is what the provider grants, at a level of its own: it falls when the provider says that it was too much, and
comes back with time. A tenth of it is no campaign's: answers take it at once; drips, where they would have to wait for
a campaign, one after the other.
"""

from dataclasses import dataclass, replace

from gotero.domain.lane import Lane

#: What campaigns may book of the rate.
BULK_SHARE = 0.9
#: A level is cut to this share, not more often than once in so many seconds, and never below the least.
_CUT, _PAUSE, _LEAST = 0.7, 1.0, 0.1
#: Seconds in which a level comes back from nothing to all.
_RECOVERY = 300.0


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds of one clock: when the line is free again, and the level of the rate as it was then."""

    free_at: float = 0.0
    level: float = 1.0
    level_at: float = 0.0
    #: When the tenth is free again that drips need share with no campaign.
    drips_at: float = 0.0

    def level_now(self, now: float) -> float:
        return min(1.0, self.level + max(0.0, now - self.level_at) / _RECOVERY)

    def slowed(self, now: float) -> "Line":
        """After the provider has refused because of the rate; many senders hear of the same refusal."""
        if self.level < 1.0 and now - self.level_at < _PAUSE:
            return self
        return replace(self, level=max(_LEAST, self.level_now(now) * _CUT), level_at=now)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a booking comes to."""

    wait: float
    #: The line behind this turn; None when nothing was booked.
    line: Line | None


def book(line: Line, now: float, mails: int, rate: float, patience: float, lane: Lane = "bulk") -> Turn:
    """A turn for `mails` of `lane` at `rate` a second; beyond `patience` none is booked.

    A drip stands behind campaigns or behind other drips, whichever is shorter: no campaign can keep it waiting for more
    than their own tenth takes, nor can drips keep campaigns from the rest.
    """
    granted = rate * line.level_now(now)
    begins, aside = max(now, line.free_at), max(now, line.drips_at)
    if lane == "drip" and aside < begins:
        if aside - now > patience:
            return Turn(aside - now, None)
        return Turn(aside - now, replace(line, drips_at=aside + mails / (granted * (1 - BULK_SHARE))))
    wait = begins - now
    if wait > patience:
        return Turn(wait, None)
    share = 1.0 if lane == "answer" else BULK_SHARE
    return Turn(wait, replace(line, free_at=begins + mails / (granted * share)))
