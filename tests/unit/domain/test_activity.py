"""What happened between two versions of a message."""

from dataclasses import replace

from gotero.domain.activity import Activity, between
from gotero.domain.message import Mailing, Message, MessageKey, State
from gotero.domain.message_event import EventKind, MessageEvent, apply
from gotero.domain.record import Cause, Ref

AT = "2026-11-21T09:00:00.000Z"
LATER = "2026-11-21T10:00:00.000Z"
PLANNED = Message(
    key=MessageKey(Ref("contacts", "ana"), "job", "j1"),
    number="MSG-000001",
    owner="admin",
    mailing=Mailing("t1", "2-Column_1-Logo", "marketing", "owner", "ana@garden.example", campaign="CAM355"),
    cause=Cause("campaign", "CAM355"),
    created_at=AT,
    updated_at=AT,
)
SENT = replace(PLANNED.raised(State.ACCEPTED, AT), sent_at=AT, version=2)


def an_event(kind: EventKind, id: str = "e1", at: str = LATER, url: str = "") -> MessageEvent:
    return MessageEvent(id=id, kind=kind, message_id=PLANNED.id, at=at, url=url)


def test_a_plan_is_no_news() -> None:
    assert between(None, PLANNED) == []
    assert between(PLANNED, PLANNED.claimed_by("x", AT)) == []


def test_sending_is_told_once() -> None:
    assert between(PLANNED, SENT) == [Activity("message_sent", AT)]
    assert between(SENT, replace(SENT, version=3)) == []


def test_a_refusal_is_told_with_its_reason() -> None:
    skipped = PLANNED.raised(State.SKIPPED, LATER, "no_email")
    assert between(PLANNED, skipped) == [Activity("message_skipped", LATER, detail="no_email")]
    assert between(None, skipped) == [Activity("message_skipped", LATER, detail="no_email")]


def test_an_event_that_proves_acceptance_tells_both() -> None:
    uncertain = PLANNED.raised(State.UNCERTAIN, AT)
    delivered = apply(uncertain, an_event(EventKind.DELIVERED))
    assert [a.kind for a in between(uncertain, delivered)] == ["message_sent", "message_delivered"]


def test_openings_carry_their_number_and_clicks_their_page() -> None:
    once = apply(SENT, an_event(EventKind.OPENED, "o1"))
    thrice = apply(apply(once, an_event(EventKind.OPENED, "o2")), an_event(EventKind.OPENED, "o3"))
    clicked = apply(thrice, an_event(EventKind.CLICKED, "c1", url="https://twitter.example/garden"))
    assert between(SENT, once) == [Activity("message_opened", LATER, 1, 1)]
    assert between(once, thrice) == [Activity("message_opened", LATER, 3, 2)]
    assert between(thrice, clicked) == [Activity("message_clicked", LATER, 1, 1, "https://twitter.example/garden")]


def test_what_ends_a_conversation_is_told() -> None:
    after = SENT
    for kind in (EventKind.BOUNCED, EventKind.SPAM, EventKind.UNSUBSCRIBED, EventKind.DROPPED):
        after = apply(after, an_event(kind, str(kind)))
    kinds = {activity.kind for activity in between(SENT, after)}
    assert kinds == {"message_bounced", "message_spam", "message_unsubscribed", "message_dropped"}
