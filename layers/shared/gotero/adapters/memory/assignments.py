"""`Assignments` in memory."""

from gotero.adapters.memory.records import MemoryTimeline
from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import ConflictError
from gotero.domain.record import Ref
from gotero.ports import TimelineEntry


class MemoryAssignments:
    def __init__(self, timeline: MemoryTimeline | None = None) -> None:
        self.timeline = timeline or MemoryTimeline()
        self._by_key: dict[Key, Assignment] = {}
        self._keys: dict[str, Key] = {}

    def get(self, key: Key) -> Assignment | None:
        return self._by_key.get(key)

    def find(self, id: str) -> Assignment | None:
        key = self._keys.get(id)
        return self._by_key.get(key) if key else None

    def of(
        self, recipient: Ref, *, scheduled_action: str | None = None, limit: int = 1000, after: Key | None = None
    ) -> tuple[list[Assignment], Key | None]:
        mine = [
            found
            for key, found in sorted(self._by_key.items(), key=lambda item: _position(item[0]))
            if key.recipient == recipient and scheduled_action in (None, key.scheduled_action)
        ]
        rest = [found for found in mine if after is None or _position(found.key) > _position(after)]
        return rest[:limit], rest[limit - 1].key if len(rest) > limit else None

    def of_plan(self, plan: str, limit: int, after: Key | None = None) -> tuple[list[Assignment], Key | None]:
        theirs = sorted((found for found in self._by_key.values() if plan in found.plans), key=_beside)
        start = next((at + 1 for at, found in enumerate(theirs) if found.key == after), 0)
        rest = theirs[start:]
        return rest[:limit], rest[limit - 1].key if len(rest) > limit else None

    def forget(self, recipient: Ref) -> None:
        for key in [key for key in self._by_key if key.recipient == recipient]:
            self._keys.pop(self._by_key.pop(key).id, None)

    def put(self, assignment: Assignment, told: TimelineEntry | None = None) -> None:
        stored = self._by_key.get(assignment.key)
        if (stored.version if stored else 0) != assignment.version - 1:
            raise ConflictError("assignment")
        self._keys[assignment.id] = assignment.key
        self._by_key[assignment.key] = assignment
        self.timeline.add([told] if told else [])


def _beside(assignment: Assignment) -> str:
    return f"{assignment.key.recipient}#{_position(assignment.key)}"


def _position(key: Key) -> str:
    """Where it stands among those of its recipient."""
    return f"{key.scheduled_action}#{key.subject or '-'}#{key.round}"
