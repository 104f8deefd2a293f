"""What happened between two versions of a message, for timelines, charts and activity conditions."""

from dataclasses import dataclass
from typing import Literal

from gotero.domain.message import Feedback, Message, Outcome
from gotero.domain.message_facts import facts

ActivityKind = Literal[
    "message_sent",
    "message_delivered",
    "message_opened",
    "message_clicked",
    "message_bounced",
    "message_dropped",
    "message_spam",
    "message_unsubscribed",
    "message_skipped",
    "message_failed",
    "message_uncertain",
    "message_held",
    "message_cancelled",
]

#: Outcomes that are news of their own; a planned message is none.
_OUTCOMES: dict[Outcome, ActivityKind] = {
    "skipped": "message_skipped",
    "failed": "message_failed",
    "uncertain": "message_uncertain",
    "held": "message_held",
    "cancelled": "message_cancelled",
}


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that happened to a message, `count` times since the version before."""

    kind: ActivityKind
    at: str
    #: The counter after it, so that each opening is told once however often its version is read.
    number: int = 1
    count: int = 1
    #: Why it was not sent; what the other server said; the page that was visited.
    detail: str = ""


def between(before: Message | None, after: Message) -> list[Activity]:
    """Every thing that `after` knows and `before` does not."""
    old = before.feedback if before else Feedback()
    new = after.feedback
    happened: list[Activity] = []
    if after.outcome == "accepted" and (before is None or before.outcome != "accepted"):
        happened.append(Activity("message_sent", after.sent_at or after.updated_at))
    elif after.outcome in _OUTCOMES and (before is None or before.outcome != after.outcome):
        happened.append(Activity(_OUTCOMES[after.outcome], after.updated_at, detail=after.reason))
    at = new.last_event_at or after.updated_at
    if new.delivered and not old.delivered:
        happened.append(Activity("message_delivered", new.delivered_at or at))
    if new.opened > old.opened:
        happened.append(Activity("message_opened", at, new.opened, new.opened - old.opened))
    if new.clicked > old.clicked:
        count = new.clicked - old.clicked
        happened.append(Activity("message_clicked", new.last_click_at or at, new.clicked, count, new.last_url))
    if new.bounced > old.bounced:
        happened.append(Activity("message_bounced", at, new.bounced, new.bounced - old.bounced, new.verdict[2]))
    for kind, was, has in _flags(old, new):
        if has and not was:
            happened.append(Activity(kind, at))
    return happened


def history(message: Message) -> list[Activity]:
    """All that the message knows, each opening and click by itself: what its versions have told one after the other.

    Of states that were left again (in doubt, then accepted) the last alone is known.
    """
    told, back = facts(message), message.feedback
    counted: dict[ActivityKind, tuple[str, int]] = {
        "message_opened": ("opened", back.opened),
        "message_clicked": ("clicked", back.clicked),
    }
    happened = [one for one in between(None, message) if one.kind not in counted or counted[one.kind][0] not in told]
    for kind, (name, total) in counted.items():
        traces = told.get(name, [])[-total:] if total else []
        first = total - len(traces) + 1
        for number, trace in enumerate(traces, start=first):
            at, _, detail = trace.partition(" ")
            # Of the oldest no trace may be left: they stand with the first that has one.
            happened.append(Activity(kind, at, number, number if number == first else 1, detail))
    return happened


def _flags(old: Feedback, new: Feedback) -> tuple[tuple[ActivityKind, bool, bool], ...]:
    return (
        ("message_dropped", old.dropped, new.dropped),
        ("message_spam", old.spam, new.spam),
        ("message_unsubscribed", old.unsubscribed, new.unsubscribed),
    )
