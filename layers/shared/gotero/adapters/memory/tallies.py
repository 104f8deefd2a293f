"""`Tallies`, `Brakes` and `Alarms` in memory."""

from collections import defaultdict

from gotero.domain.deliverability import AccountBrake, Tally
from gotero.domain.errors import ConflictError


class MemoryTallies:
    def __init__(self) -> None:
        self._windows: defaultdict[str, dict[str, Tally]] = defaultdict(dict)
        self.writes = 0

    def add(self, key: str, window: str, tally: Tally) -> Tally:
        self.writes += 1
        self._windows[key][window] = self._windows[key].get(window, Tally()) + tally
        return self._windows[key][window]

    def windows(self, key: str, since: str) -> dict[str, Tally]:
        return {window: tally for window, tally in sorted(self._windows[key].items()) if window >= since}

    def forget(self, key: str, window: str) -> None:
        self._windows[key].pop(window, None)


class MemoryBrakes:
    def __init__(self) -> None:
        self._brake = AccountBrake()

    def get(self) -> AccountBrake:
        return self._brake

    def put(self, brake: AccountBrake) -> None:
        if brake.version != self._brake.version + 1:
            raise ConflictError("the brake has another version")
        self._brake = brake


class MemoryAlarms:
    def __init__(self) -> None:
        self.told: list[str] = []

    def tell(self, subject: str, text: str) -> None:
        self.told.append(subject)
