"""`Assignments` in memory."""

from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import ConflictError
from gotero.domain.record import Ref


class MemoryAssignments:
    def __init__(self) -> None:
        self._by_key: dict[Key, Assignment] = {}
        self._keys: dict[str, Key] = {}

    def get(self, key: Key) -> Assignment | None:
        return self._by_key.get(key)

    def find(self, id: str) -> Assignment | None:
        key = self._keys.get(id)
        return self._by_key.get(key) if key else None

    def of(
        self, recipient: Ref, *, scheduled_action: str | None = None, limit: int = 1000, after: str | None = None
    ) -> tuple[list[Assignment], str | None]:
        mine = sorted(
            (position(key), found)
            for key, found in list(self._by_key.items())
            if key.recipient == recipient and scheduled_action in (None, key.scheduled_action)
        )
        rest = [(at, found) for at, found in mine if after is None or at > after]
        page = rest[:limit]
        return [found for _, found in page], page[-1][0] if len(rest) > limit else None

    def put(self, assignment: Assignment) -> None:
        stored = self._by_key.get(assignment.key)
        if (stored.version if stored else 0) != assignment.version - 1:
            raise ConflictError("assignment")
        self._keys[assignment.id] = assignment.key
        self._by_key[assignment.key] = assignment


def position(key: Key) -> str:
    """Where it stands among those of its recipient."""
    return f"{key.scheduled_action}#{key.subject or '-'}#{key.round}"
