"""Do what an assignment says, when its instant has come: plan the mail of its action, once.

Whoever comes first claims it; from then on unassigning is too late, and whoever comes again (the queue delivers twice,
a process dies after its claim) carries it to its end. The mail's key is derived from the assignment: it is one mail.
"""

from datetime import datetime, timedelta
from typing import Literal, Protocol

from gotero.domain import assignment as rules
from gotero.domain import instant, modules
from gotero.domain.action import Action
from gotero.domain.assignment import DIRECT, Assignment, Key, Renewable, State
from gotero.domain.delay import zone_of
from gotero.domain.document import Enclosed
from gotero.domain.errors import ConflictError, InvalidError, NotFoundError, PermanentError, TransientError
from gotero.domain.message import MessageClass, SourceKind
from gotero.domain.plan import Plan
from gotero.domain.record import Cause, Ref
from gotero.domain.scheduled_action import CREATOR, ScheduledAction
from gotero.domain.sender_identity import USER_PREFIX
from gotero.ports import Due
from gotero.services.assign import ATTEMPTS, Drips, delay_until, due_thing

#: As far as the queue can hold a message back.
QUEUE_REACH = timedelta(minutes=15)

Outcome = Literal["fired", "skipped", "failed", "early", "nothing"]


class Sent(Protocol):
    """What became of planning a mail."""

    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str | None: ...


class SendMail(Protocol):
    """Plans a mail of a template to a recipient; the same source and round is the same mail."""

    def __call__(
        self,
        recipient: Ref,
        template_id: str,
        *,
        source_kind: SourceKind,
        source_id: str,
        cause: Cause,
        round: int,
        message_class: MessageClass,
        sender: str,
        subject: Ref | None,
        enclosed: Enclosed,
    ) -> Sent: ...


def fire_assignment(drips: Drips, key: Key, *, send_mail: SendMail) -> Outcome:
    """What happened. Errors that may pass are raised, so that the queue brings it again."""
    for _ in range(ATTEMPTS):
        now = drips.clock.now()
        current = drips.assignments.get(key)
        if current is None or current.state != "pending" or current.due_at is None:
            return "nothing"
        if not current.claimed_at and not current.is_due(now):
            _wait(drips, current, now)
            return "early"
        try:
            return _fire(drips, current, send_mail)
        except ConflictError:
            continue  # somebody else wrote it: look again
    raise TransientError("an assignment is being written by many at once")


def _wait(drips: Drips, current: Assignment, now: datetime) -> None:
    """It was moved, or the queue was early: leave a new hint for its own instant."""
    due = Due(instant.read(current.due_at or ""), due_thing(current.key), current.key.to_json())
    if due.at - now <= QUEUE_REACH:
        drips.due_queue.put([due.to_json()], delay_until(due.at, now))
    else:
        drips.due_index.put(due.at, due.thing, due.payload)


def _fire(drips: Drips, current: Assignment, send_mail: SendMail) -> Outcome:
    """ConflictError when another writer was faster."""
    found = drips.definitions.get("scheduled_actions", current.key.scheduled_action)
    scheduled = ScheduledAction.from_json(found.data) if found else None
    wanted = drips.definitions.get("actions", scheduled.action_id) if scheduled else None
    if not current.claimed_at and (reason := _meaningless(drips, current, scheduled)):
        return _finish(drips, current, "skipped", reason)
    if found is None or scheduled is None or wanted is None:
        return _finish(drips, current, "error", "definition")
    if not current.claimed_at:
        current = rules.claim(current, drips.clock.now())
        drips.assignments.put(current)
    action = Action.from_json(wanted.data)
    try:
        sent = send_mail(
            current.key.recipient,
            action.template_id,
            source_kind="as",
            source_id=current.id,
            cause=Cause("assignment", current.id, event=current.cause.event, depth=current.cause.depth),
            round=current.key.round,
            message_class=action.message_class,
            sender=_sender(scheduled, found.data["created_by"]),
            subject=current.key.subject,
            enclosed=action.enclosed,
        )
    except (PermanentError, InvalidError, NotFoundError):
        return _finish(drips, current, "error", "mail")
    if sent.state == "skipped":
        return _finish(drips, current, "skipped", sent.reason)
    return _finish(drips, current, "done", None)


def _sender(scheduled: ScheduledAction, creator: str) -> str:
    return f"{USER_PREFIX}{creator}" if scheduled.sender == CREATOR else scheduled.sender


def _finish(drips: Drips, current: Assignment, state: State, reason: str | None) -> Outcome:
    drips.assignments.put(rules.finish(current, state, reason, drips.clock.now()))
    return "fired" if state == "done" else "failed" if state == "error" else "skipped"


def _meaningless(drips: Drips, current: Assignment, scheduled: ScheduledAction | None) -> Renewable | None:
    """Why there is nothing to do after all."""
    if scheduled is None or scheduled.status != "active":
        return "inactive"
    recipient = current.key.recipient
    record = drips.records.get(recipient) if recipient.module in modules.RECIPIENTS else None
    if record is None or record.deleted_at:
        return "no_recipient"
    return None if _route_open(drips, current) else "plan_window"


def _route_open(drips: Drips, current: Assignment) -> bool:
    """Whether one of its routes may run now; a direct one always may."""
    if DIRECT in current.via:
        return True
    now, zone = drips.clock.now(), zone_of(current.zone)
    plans = (drips.definitions.get("plans", via.removeprefix("plan:")) for via in current.via)
    return any(Plan.from_json(found.data).open_at(now, zone) for found in plans if found)
