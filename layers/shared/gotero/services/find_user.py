"""Who is asking: read anew often enough that a changed role or a disabled login takes effect within 30 seconds."""

from datetime import datetime, timedelta

from gotero.domain.user import User
from gotero.ports import Clock, Definitions

#: How long an answer is kept by one process.
KEEP = timedelta(seconds=10)


class FindUser:
    """The user behind the subject of a token; None for nobody of ours."""

    def __init__(self, definitions: Definitions, clock: Clock) -> None:
        self._definitions, self._clock = definitions, clock
        self._known: dict[str, tuple[datetime, User | None]] = {}

    def __call__(self, subject: str) -> User | None:
        if not subject:
            return None
        now = self._clock.now()
        known = self._known.get(subject)
        if known is None or not timedelta(0) <= now - known[0] < KEEP:
            found = self._definitions.get("users", subject)
            known = (now, User.from_json(found.id, found.data) if found else None)
            self._known[subject] = known
        return known[1]
