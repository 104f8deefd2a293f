"""What a user sees, by the company's setting: read anew often enough that a change takes effect within 30 seconds."""

from datetime import datetime

from gotero.domain import company
from gotero.domain.user import User
from gotero.domain.visibility import Sight, Visibility
from gotero.ports import Clock, Definitions
from gotero.services.find_user import KEEP

ID = "visibility"


class FindSight:
    """The sight of whoever is asking."""

    def __init__(self, definitions: Definitions, clock: Clock) -> None:
        self._definitions, self._clock = definitions, clock
        self._known: tuple[datetime, Visibility] | None = None

    def __call__(self, user: User) -> Sight:
        now = self._clock.now()
        if self._known is None or not now - KEEP < self._known[0] <= now:
            stored = self._definitions.get(company.KIND, ID)
            self._known = (now, Visibility.from_json(stored.data if stored else {}))
        return self._known[1].of(user)
