"""What a user sees, by the company's setting as it is when he asks."""

from gotero.domain import company
from gotero.domain.user import User
from gotero.domain.visibility import Sight, Visibility
from gotero.ports import Definition, Definitions

ID = "visibility"


def sight_of(definitions: Definitions, user_id: str) -> Sight:
    """What somebody sees now, for what is done in his name while he is not there; who is no user any more sees least.

    A job asks this at each step: who loses a group on the way does not go on with its records.
    """
    found = definitions.get("users", user_id)
    user = User.from_json(user_id, found.data) if found else User(user_id, "", "", "viewer")
    return _visibility(definitions.get(company.KIND, ID)).of(user)


def _visibility(stored: Definition | None) -> Visibility:
    return Visibility.from_json(stored.data if stored else {})


class FindSight:
    """The sight of whoever is asking, by the look at all definitions with which a request begins."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def __call__(self, user: User) -> Sight:
        return _visibility(self._definitions.seen_one(company.KIND, ID)).of(user)
