"""Take assignments back, as long as nobody has begun to fire them. What has been done stays done."""

from collections.abc import Callable, Iterator, Sequence

from gotero.domain import assignment as rules
from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import ConflictError, NotFoundError, TransientError
from gotero.domain.record import Cause, Ref
from gotero.ports import TimelineEntry
from gotero.services.assign import ATTEMPTS, Drips, told

PAGE = 500


def unassign_many(
    drips: Drips,
    recipients: Sequence[Ref],
    *,
    cause: Cause,
    scheduled_actions: Sequence[str] = (),
    plan: str | None = None,
    subject: Ref | None = None,
) -> list[Assignment]:
    """Take back the routes named, about this subject (or those about none); what another route holds stays pending.

    Answers the assignments concerned as they stand now. By a plan, that is whatever was assigned through it, also what
    is no longer part of it; nothing needs to exist any more for its assignments to be taken back.
    """
    concerned = []
    for recipient in dict.fromkeys(recipients):
        for scheduled_action in dict.fromkeys(scheduled_actions):
            for found in _about(drips, recipient, subject, scheduled_action):
                concerned.append(_take_back(drips, found, rules.DIRECT, cause))
        if plan is not None:
            via = rules.via_plan(plan)
            for found in _about(drips, recipient, subject, None):
                if via in found.via:
                    concerned.append(_take_back(drips, found, via, cause))
    return concerned


def cancel_assignment(drips: Drips, id: str, *, cause: Cause) -> Assignment:
    """Take back one assignment by whatever routes it came. ConflictError when it is done or being fired."""
    found = drips.assignments.find(id)
    if found is None:
        raise NotFoundError("assignment")
    if found.state == "skipped":
        return found
    after = _take_back(drips, found, None, cause)
    if after.state != "skipped":
        raise ConflictError("done, or being fired", "assignment_done", "state")
    return after


def _about(drips: Drips, recipient: Ref, subject: Ref | None, scheduled_action: str | None) -> Iterator[Assignment]:
    after: Key | None = None
    while True:
        page, after = drips.assignments.of(recipient, scheduled_action=scheduled_action, limit=PAGE, after=after)
        yield from (found for found in page if found.key.subject == subject)
        if after is None:
            return


def _take_back(drips: Drips, found: Assignment, via: str | None, cause: Cause) -> Assignment:
    def entry(after: Assignment) -> TimelineEntry | None:
        return told(drips.definitions, "unassigned", after, cause) if after.reason == "unassigned" else None

    return change(drips, found, lambda current: rules.unassign(current, via, cause, drips.clock.now()), entry)


def change(
    drips: Drips,
    found: Assignment,
    step: Callable[[Assignment], Assignment],
    entry: Callable[[Assignment], TimelineEntry | None] = lambda after: None,
) -> Assignment:
    """Apply `step` until its write meets the version it read, and tell it. The same object from it writes nothing."""
    current: Assignment | None = found
    for _ in range(ATTEMPTS):
        if current is None:
            raise NotFoundError("assignment")
        after = step(current)
        if after is current:
            return current
        try:
            drips.assignments.put(after, entry(after))
        except ConflictError:
            current = drips.assignments.get(found.key)
            continue
        return after
    raise TransientError("an assignment is being written by many at once")
