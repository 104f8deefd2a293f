"""The *who*: one recipient on one scheduled action, for one optional subject, with its due instant and its state.

pending ──fires──> done | skipped(reason of the mail) | error(reason)
   │ ▲
   │ └─assigned again── skipped(unassigned | past | no_date | inactive | no_recipient | plan_window | merged)
   └─unassigned, or found meaningless when due──┘

Whoever fires it first claims it (`claimed_at`): from then on it can no longer be taken back, and is fired to its end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from gotero.domain import instant
from gotero.domain.ids import derived_id
from gotero.domain.record import Cause, Record, Ref
from gotero.domain.scheduled_action import ScheduledAction, due_for, past_is_skipped

State = Literal["pending", "done", "skipped", "error"]
#: Reasons that were decided before any mail was planned: being assigned again gives another chance.
Renewable = Literal["unassigned", "past", "no_date", "inactive", "no_recipient", "plan_window", "merged"]
RENEWABLE: frozenset[str] = frozenset(Renewable.__args__)  # type: ignore[attr-defined]  # typing has no public way

DIRECT = "direct"
#: Events remembered, so that one that comes again neither assigns nor unassigns a second time.
_REMEMBERED = 20


_PLAN = "plan:"


def via_plan(plan_id: str) -> str:
    return f"{_PLAN}{plan_id}"


@dataclass(frozen=True, slots=True)
class Key:
    """What makes an assignment the same one; its id is derived from it."""

    scheduled_action: str
    recipient: Ref
    subject: Ref | None = None
    round: int = 1

    @property
    def id(self) -> str:
        subject = str(self.subject) if self.subject else ""
        return derived_id("assignment", self.scheduled_action, str(self.recipient), subject, str(self.round))

    def to_json(self) -> dict[str, Any]:
        return {
            "scheduled_action": self.scheduled_action,
            "recipient": self.recipient.to_json(),
            "subject": self.subject.to_json() if self.subject else None,
            "round": self.round,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Key":
        subject = Ref.from_json(data["subject"]) if data.get("subject") else None
        return cls(data["scheduled_action"], Ref.from_json(data["recipient"]), subject, data["round"])


@dataclass(frozen=True, slots=True)
class Assignment:
    """One recipient on one scheduled action, about one subject or none: when it is due, and what has become of it."""

    key: Key
    state: State
    #: None when the date that it hangs on is missing.
    due_at: str | None
    #: In which the due instant was reckoned.
    zone: str
    #: The routes by which it was assigned (`direct`, `plan:<id>`): as long as one is left, it stands.
    via: tuple[str, ...]
    #: What brought it into this state.
    cause: Cause
    assigned_at: str
    updated_at: str
    reason: str | None = None
    claimed_at: str | None = None
    seen: tuple[str, ...] = ()
    #: Every route by which it has ever come, those taken back included.
    came_by: tuple[str, ...] = ()
    version: int = 1

    @property
    def id(self) -> str:
        return self.key.id

    @property
    def plans(self) -> list[str]:
        """The plans by which it has ever come."""
        return [route.removeprefix(_PLAN) for route in self.came_by if route.startswith(_PLAN)]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            **self.key.to_json(),
            "state": self.state,
            "reason": self.reason,
            "due_at": self.due_at,
            "zone": self.zone,
            "via": list(self.via),
            "cause": self.cause.to_json(),
            "assigned_at": self.assigned_at,
            "updated_at": self.updated_at,
            "version": self.version,
        }

    def is_due(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= instant.write(now)

    def _next(self, at: datetime, **changes: Any) -> "Assignment":
        return replace(self, updated_at=instant.write(at), version=self.version + 1, **changes)


@dataclass(frozen=True, slots=True)
class Instant:
    """When an assignment is due: what the delay calculator said about one recipient."""

    due: datetime | None
    zone: str
    #: Set when there is nothing to wait for: past, no_date, inactive.
    skip: Renewable | None = None


def reckon(
    scheduled: ScheduledAction, recipient: Record, subject: Record | None, at: datetime, company_zone: str | None
) -> Instant:
    """When `scheduled` is due for this recipient, assigned at `at`; what a preview shows, and what is then kept."""
    due, zone = due_for(scheduled.when, recipient, subject, at, company_zone)
    skip: Renewable | None = None
    if scheduled.status != "active":
        skip = "inactive"
    elif due is None:
        skip = "no_date"
    elif due < at and past_is_skipped(scheduled.when):
        skip = "past"  # nobody gets a pile of old birthdays
    return Instant(due, zone.key, skip)


def assign(existing: Assignment | None, key: Key, when: Instant, via: str, cause: Cause, at: datetime) -> Assignment:
    """`key` assigned by the route `via`. The same object comes back when nothing changes."""
    fresh = Assignment(
        key=key,
        state="skipped" if when.skip else "pending",
        reason=when.skip,
        due_at=instant.write(when.due) if when.due else None,
        zone=when.zone,
        via=(via,),
        cause=cause,
        assigned_at=instant.write(at),
        updated_at=instant.write(at),
        seen=_remember((), cause, "assign"),
        came_by=_with(existing.came_by if existing else (), via),
    )
    if existing is None:
        return fresh
    if _has_seen(existing, cause, "assign"):
        return existing
    if existing.state == "skipped" and existing.reason in RENEWABLE:
        seen = _remember(existing.seen, cause, "assign")
        renewed = replace(fresh, version=existing.version + 1, seen=seen)
        same = (renewed.reason, renewed.due_at, renewed.via) == (existing.reason, existing.due_at, existing.via)
        return existing if same else renewed
    if via in existing.via or existing.state != "pending":
        return existing
    came_by = _with(existing.came_by, via)
    return existing._next(at, via=(*existing.via, via), came_by=came_by, seen=_remember(existing.seen, cause, "assign"))


def _with(routes: tuple[str, ...], via: str) -> tuple[str, ...]:
    return routes if via in routes else (*routes, via)


def unassign(existing: Assignment, via: str | None, cause: Cause, at: datetime) -> Assignment:
    """Take back the route `via`; None takes back all. What is done or claimed stays: it can no longer be taken back.

    Taking back `direct` from what came by a plan alone cancels it: somebody named this very thing.
    """
    if existing.state != "pending" or existing.claimed_at or _has_seen(existing, cause, "unassign"):
        return existing
    everything = via is None or (via == DIRECT and DIRECT not in existing.via)
    left = () if everything else tuple(route for route in existing.via if route != via)
    if left == existing.via:
        return existing
    seen = _remember(existing.seen, cause, "unassign")
    if left:
        return existing._next(at, via=left, seen=seen)
    return existing._next(at, via=left, seen=seen, state="skipped", reason="unassigned", cause=cause)


def handed_on(existing: Assignment, at: datetime) -> Assignment | None:
    """Its recipient has become a part of another, who gets it instead; None when it can no longer be taken back."""
    if existing.state != "pending" or existing.claimed_at:
        return None
    return existing._next(at, state="skipped", reason="merged")


def taken_on(handed: Assignment, recipient: Ref, at: datetime) -> Assignment:
    """What was handed on, for its new recipient: due when it was."""
    key = replace(handed.key, recipient=recipient)
    return replace(handed, key=key, state="pending", reason=None, updated_at=instant.write(at), version=1)


def handed_back(handed: Assignment, at: datetime) -> Assignment:
    """The recipient stands by itself again."""
    return handed._next(at, state="pending", reason=None)


def claim(existing: Assignment, at: datetime) -> Assignment:
    """The last instant at which it could be taken back."""
    return existing._next(at, claimed_at=instant.write(at))


def finish(existing: Assignment, state: State, reason: str | None, at: datetime) -> Assignment:
    return existing._next(at, state=state, reason=reason)


def _event_key(cause: Cause, verb: str) -> str | None:
    """Names one occurrence; a person may well do the same thing twice, so without an event there is none."""
    return derived_id(verb, cause.kind, cause.id, cause.part or "", cause.event) if cause.event else None


def _has_seen(existing: Assignment, cause: Cause, verb: str) -> bool:
    return _event_key(cause, verb) in existing.seen


def _remember(seen: tuple[str, ...], cause: Cause, verb: str) -> tuple[str, ...]:
    key = _event_key(cause, verb)
    return (*seen, key)[-_REMEMBERED:] if key else seen
