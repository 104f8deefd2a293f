"""The assignments of one recipient: what was sent, what will be sent and when, what was not sent and why."""

from gotero.domain.assignment import Assignment
from gotero.domain.errors import NotFoundError
from gotero.domain.record import Ref
from gotero.ports import Assignments


def list_assignments(
    assignments: Assignments, recipient: Ref, *, scheduled_action: str | None, limit: int, after: str | None
) -> tuple[list[Assignment], str | None]:
    """A page, and the position to go on from; within a page by due instant, those without one last."""
    page, more = assignments.of(recipient, scheduled_action=scheduled_action, limit=limit, after=after)
    return sorted(page, key=lambda found: (found.due_at is None, found.due_at or "", found.id)), more


def get_assignment(assignments: Assignments, id: str) -> Assignment:
    found = assignments.find(id)
    if found is None:
        raise NotFoundError("assignment")
    return found
