"""What a user sees, by the company's setting: read anew often enough that a change takes effect within 30 seconds."""

from datetime import datetime

from gotero.domain import company
from gotero.domain.user import User
from gotero.domain.visibility import Sight, Visibility
from gotero.ports import Clock, Definitions
from gotero.services.find_user import KEEP

ID = "visibility"


def sight_of(definitions: Definitions, user_id: str) -> Sight:
    """What somebody sees now, for what is done in his name while he is not there; who is no user any more sees least.

    A job asks this at each step: who loses a group on the way does not go on with its records.
    """
    found = definitions.get("users", user_id)
    user = User.from_json(user_id, found.data) if found else User(user_id, "", "", "viewer")
    return _setting(definitions).of(user)


def _setting(definitions: Definitions) -> Visibility:
    stored = definitions.get(company.KIND, ID)
    return Visibility.from_json(stored.data if stored else {})


class FindSight:
    """The sight of whoever is asking."""

    def __init__(self, definitions: Definitions, clock: Clock) -> None:
        self._definitions, self._clock = definitions, clock
        self._known: tuple[datetime, Visibility] | None = None

    def __call__(self, user: User) -> Sight:
        now = self._clock.now()
        if self._known is None or not now - KEEP < self._known[0] <= now:
            self._known = (now, _setting(self._definitions))
        return self._known[1].of(user)
