"""The assignments of one recipient or one plan: what was and will be sent and when, what was not sent and why."""

from collections.abc import Sequence

from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.modules import RECIPIENTS, module, title
from gotero.domain.record import Ref
from gotero.ports import Assignments, Json, Records
from gotero.services.write_definition import LONGEST_ID


def list_assignments(
    assignments: Assignments, recipient: Ref, *, scheduled_action: str | None, limit: int, cursor: str | None
) -> tuple[list[Assignment], str | None]:
    """A page by due instant (those without one last), and the cursor of the next.

    The cursor is the id of an assignment of this recipient: it needs no signature, for it leads nowhere else.
    """
    if scheduled_action and len(scheduled_action) > LONGEST_ID:
        raise InvalidError(FieldError("scheduled_action", "id"))
    after = _key_behind(assignments, recipient, cursor) if cursor else None
    page, more = assignments.of(recipient, scheduled_action=scheduled_action, limit=limit, after=after)
    ordered = sorted(page, key=lambda found: (found.due_at is None, found.due_at or "", found.id))
    return ordered, more.id if more else None


def with_recipients(records: Records, found: Sequence[Assignment]) -> tuple[list[Json], int]:
    """Each with the number and title of its recipient, and how many are left out, their recipient not being there."""
    people = records.get_many(list(dict.fromkeys(each.key.recipient for each in found)))
    shown = [(each, people[each.key.recipient]) for each in found if each.key.recipient in people]
    items = [
        {**each.to_json(), "number": person.number, "title": title(module(person.module), person.values)}
        for each, person in shown
    ]
    return items, len(found) - len(items)


def read_recipient(text: str | None) -> Ref:
    """The recipient in `contacts/<id>`; the `#` of our keys is taken too. InvalidError for anything else."""
    if not text:
        raise InvalidError(FieldError("recipient", "required"))
    module, _, id = text.replace("#", "/", 1).partition("/")
    if module not in RECIPIENTS:
        raise InvalidError(FieldError("recipient", "choice", (("choices", ", ".join(RECIPIENTS)),)))
    if not 0 < len(id) <= LONGEST_ID:
        raise InvalidError(FieldError("recipient", "id"))
    return Ref(module, id)


def get_assignment(assignments: Assignments, id: str) -> Assignment:
    """The assignment of that id; NotFoundError when there is none."""
    found = assignments.find(id)
    if found is None:
        raise NotFoundError("assignment")
    return found


def _key_behind(assignments: Assignments, recipient: Ref, cursor: str) -> Key:
    found = assignments.find(cursor) if len(cursor) <= LONGEST_ID else None
    if found is None or found.key.recipient != recipient:
        raise InvalidError(FieldError("cursor", "cursor"))
    return found.key
