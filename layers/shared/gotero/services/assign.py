"""Assign recipients to scheduled actions, one by one or by a plan: from here on it is fixed when each is due.

A crash anywhere leaves nobody forgotten: the due entry is written before the assignment, at the due instant or a few
minutes from now at the earliest, so that it cannot fire on an assignment that is still being written. What is due
sooner than that goes straight to the queue as well; the assignment is re-read when it fires, so twice is once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from gotero.domain import assignment as rules
from gotero.domain import company, instant, modules
from gotero.domain.assignment import Assignment, Key
from gotero.domain.company import Company
from gotero.domain.errors import ConflictError, FieldError, InvalidError, TransientError
from gotero.domain.ids import derived_id
from gotero.domain.plan import Plan
from gotero.domain.record import Cause, Record, Ref
from gotero.domain.scheduled_action import ScheduledAction
from gotero.ports import Assignments, Clock, Definitions, Due, DueIndex, Queue, Records, TimelineEntry

#: Longer than any function may take from the due entry to the assignment; SQS can delay up to three times that.
GUARD = timedelta(minutes=5)
#: Two writers of one assignment meet now and then; more than this many times in a row is something else.
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Drips:
    """What every use case of drips needs."""

    assignments: Assignments
    due_index: DueIndex
    due_queue: Queue
    definitions: Definitions
    records: Records
    clock: Clock


@dataclass(frozen=True, slots=True)
class _Target:
    id: str
    scheduled: ScheduledAction
    via: str


@dataclass(frozen=True, slots=True)
class _Order:
    """What one call assigns has in common; the date of assignment too."""

    cause: Cause
    at: datetime
    zone: str
    subject: Ref | None
    about: Record | None


def assign_many(
    drips: Drips,
    recipients: Sequence[Ref],
    *,
    cause: Cause,
    scheduled_actions: Sequence[str] = (),
    plan: str | None = None,
    subject: Ref | None = None,
) -> list[Assignment]:
    """Assign every recipient to the scheduled actions and to those of the plan; what is already so stays as it is.

    InvalidError, before anything is written, for what does not exist or is inactive. A scheduled action of a plan that
    is inactive by itself is assigned as skipped, so that it shows.
    """
    direct = _direct_targets(drips, scheduled_actions)
    _refuse_inactive(direct)
    targets = direct + _plan_targets(drips, plan)
    people = _recipients(drips, recipients)
    order = _order(drips, cause, subject)
    return [_assign(drips, order, target, person) for person in people for target in targets]


def preview_many(
    drips: Drips,
    recipients: Sequence[Ref],
    *,
    cause: Cause,
    scheduled_actions: Sequence[str] = (),
    plan: str | None = None,
    subject: Ref | None = None,
) -> list[Assignment]:
    """What assigning now would make of each: the exact instant, or why it would be skipped. Writes nothing."""
    targets = _direct_targets(drips, scheduled_actions) + _plan_targets(drips, plan)
    people = _recipients(drips, recipients)
    order = _order(drips, cause, subject)
    return [_reckoned(drips, order, target, person)[1] for person in people for target in targets]


def company_zone(definitions: Definitions) -> str:
    """The zone of those who have none of their own."""
    settings = definitions.seen_one(company.KIND, company.ID)
    return Company.from_json(settings.data if settings else {}).zone


def due_thing(key: Key) -> str:
    """The name of an assignment in the due index."""
    return f"assignment#{key.id}"


def _order(drips: Drips, cause: Cause, subject: Ref | None) -> _Order:
    about = _subject(drips, subject)
    return _Order(cause, drips.clock.now(), company_zone(drips.definitions), subject, about)


def _reckoned(drips: Drips, order: _Order, target: _Target, person: Record) -> tuple[Assignment | None, Assignment]:
    """The assignment as it stands, and as this order makes it: the same object when nothing changes."""
    key = Key(target.id, person.ref, order.subject)
    existing = drips.assignments.get(key)
    when = rules.reckon(target.scheduled, person, order.about, order.at, order.zone)
    return existing, rules.assign(existing, key, when, target.via, order.cause, order.at)


def _assign(drips: Drips, order: _Order, target: _Target, person: Record) -> Assignment:
    for _ in range(ATTEMPTS):
        existing, assignment = _reckoned(drips, order, target, person)
        if assignment is existing:
            return assignment
        now, key = drips.clock.now(), assignment.key
        moved = assignment.due_at if assignment.state == "pending" and _rests(existing) else None
        due = Due(instant.read(moved), due_thing(key), key.to_json()) if moved else None
        guard = max(due.at, now + GUARD) if due else None
        if due and guard:
            drips.due_index.put(guard, due.thing, due.payload)
        try:
            drips.assignments.put(assignment, told(drips.definitions, "assigned", assignment, order.cause))
        except ConflictError:
            continue
        if due and due.at != guard:
            drips.due_queue.put([due.to_json()], delay_until(due.at, now))
        return assignment
    raise TransientError("an assignment is being written by many at once")


def told(definitions: Definitions, kind: str, assignment: Assignment, cause: Cause) -> TimelineEntry:
    """What happens to it, for its recipient's timeline; the same version tells the same entry."""
    found = definitions.get("scheduled_actions", assignment.key.scheduled_action)
    data = {
        "assignment": assignment.id,
        "name": str(found.data.get("reference", "")) if found else "",
        "due_at": assignment.due_at,
        "via": list(assignment.via),
        "reason": assignment.reason,
    }
    id = derived_id(kind, assignment.id, str(assignment.version))
    filled = {name: value for name, value in data.items() if value}
    return TimelineEntry(assignment.key.recipient, assignment.updated_at, kind, cause, id, filled)


def _rests(existing: Assignment | None) -> bool:
    """Whether nothing is under way for it yet; a second route to what is pending needs no second due entry."""
    return existing is None or existing.state != "pending"


def delay_until(at: datetime, now: datetime) -> int:
    """Whole seconds from `now`, rounded up: nothing may come before its instant."""
    return max(0, ceil((at - now).total_seconds()))


def _direct_targets(drips: Drips, ids: Sequence[str]) -> list[_Target]:
    unique = list(dict.fromkeys(ids))
    found = [drips.definitions.get("scheduled_actions", id) for id in unique]
    if missing := [index for index, definition in enumerate(found) if definition is None]:
        raise InvalidError(*(FieldError(f"scheduled_action_ids[{index}]", "not_found") for index in missing))
    return [_Target(d.id, ScheduledAction.from_json(d.data), rules.DIRECT) for d in found if d]


def _refuse_inactive(targets: Sequence[_Target]) -> None:
    if inactive := [index for index, target in enumerate(targets) if target.scheduled.status != "active"]:
        raise InvalidError(*(FieldError(f"scheduled_action_ids[{index}]", "inactive") for index in inactive))


def _plan_targets(drips: Drips, id: str | None) -> list[_Target]:
    if id is None:
        return []
    found = drips.definitions.get("plans", id)
    plan = Plan.from_json(found.data) if found else None
    if plan is None or not plan.assignable():
        raise InvalidError(FieldError("plan_id", "inactive" if plan else "not_found"))
    parts = ((part, drips.definitions.get("scheduled_actions", part)) for part in plan.scheduled_actions)
    return [
        _Target(part, ScheduledAction.from_json(definition.data), rules.via_plan(id))
        for part, definition in parts
        if definition
    ]


def _recipients(drips: Drips, refs: Sequence[Ref]) -> list[Record]:
    unique = list(dict.fromkeys(refs))
    found = drips.records.get_many([ref for ref in unique if ref.module in modules.RECIPIENTS])
    people, errors = [], []
    for index, ref in enumerate(unique):
        record = found.get(ref)
        if ref.module not in modules.RECIPIENTS:
            choices = (("choices", ", ".join(modules.RECIPIENTS)),)
            errors.append(FieldError(f"recipients[{index}].module", "choice", choices))
        elif record is None or record.deleted_at:
            errors.append(FieldError(f"recipients[{index}].id", "not_found"))
        else:
            people.append(record)
    if errors:
        raise InvalidError(*errors)
    return people


def _subject(drips: Drips, subject: Ref | None) -> Record | None:
    if subject is None:
        return None
    record = drips.records.get(subject) if subject.module in modules.MODULES else None
    if record is None or record.deleted_at:
        raise InvalidError(FieldError("subject", "not_found"))
    return record
