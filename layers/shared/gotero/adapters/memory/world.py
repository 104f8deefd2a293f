"""A clock that is set, and identifiers that can be told beforehand."""

from datetime import UTC, datetime, timedelta
from random import Random

from gotero.domain import ids


class SetClock:
    """A `Clock` that stands until it is moved."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at or datetime(2026, 11, 21, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self._at

    def move(self, **delta: float) -> None:
        self._at += timedelta(**delta)

    def set(self, at: datetime) -> None:
        self._at = at


class SeededIds:
    """`Ids` from a seed: the same run makes the same ones."""

    def __init__(self, clock: SetClock, seed: int = 0) -> None:
        self._clock, self._random = clock, Random(seed)  # noqa: S311  # not a secret: tests and simulations

    def new(self) -> str:
        return ids.new_id(self._clock.now(), self._random.randbytes(10))


class PlainPhones:
    """`PhoneNumbers` that takes digits with a prefix, and Spanish numbers without."""

    def e164(self, text: str, region: str) -> str | None:
        digits = "".join(c for c in text if c.isdigit())
        if text.strip().startswith("+") and 8 <= len(digits) <= 15:
            return f"+{digits}"
        return f"+34{digits}" if region == "ES" and len(digits) == 9 else None
