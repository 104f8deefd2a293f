"""A rate shared by many: each turn is booked behind the last, and nobody sends before theirs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """What a booking comes to."""

    wait: float
    #: When the next turn begins; None when nothing was booked.
    next_at: float | None


def book(free_at: float, now: float, mails: int, rate: float, patience: float) -> Turn:
    """A turn for `mails` at `rate` a second, on a line that is free at `free_at` (seconds of one clock)."""
    begins = max(now, free_at)
    wait = begins - now
    return Turn(wait, None if wait > patience else begins + mails / rate)
