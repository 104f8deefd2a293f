"""The system clock and randomness: nothing else reads either."""

import os
from datetime import UTC, datetime

from gotero.domain import ids


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIds:
    """ULIDs of this instant."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock

    def new(self) -> str:
        return ids.new_id(self._clock.now(), os.urandom(10))
