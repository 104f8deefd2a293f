"""When each thing happened to a message, in whatever order it is told."""

from itertools import permutations

import pytest

from gotero.domain.message import Feedback, Mailing, Message, MessageKey
from gotero.domain.message_event import EventKind, MessageEvent, apply
from gotero.domain.message_facts import Trace, facts
from gotero.domain.record import Cause, Ref

AT = "2026-11-21T09:00:00.000Z"
KEY = MessageKey(Ref("contacts", "lia"), "job", "j1")
MESSAGE = Message(KEY, "MSG-1", "marc", Mailing("t1", "T", "marketing", "", "a@b.example"), Cause("user", "u"), AT, AT)


def event(id: str, kind: EventKind, minute: int, url: str = "", *, machine: bool = False) -> MessageEvent:
    return MessageEvent(id, kind, MESSAGE.id, f"2026-11-21T09:{minute:02}:00.000Z", url=url, machine=machine)


EVENTS = (
    event("o1", EventKind.OPENED, 10),
    event("o1", EventKind.OPENED, 10),
    event("o2", EventKind.OPENED, 5),
    event("o3", EventKind.OPENED, 1, machine=True),
    event("c1", EventKind.CLICKED, 11, "https://example.com/a"),
    event("u2", EventKind.UNSUBSCRIBED, 30),
)


def test_every_order_tells_the_same() -> None:
    told = []
    for order in permutations(EVENTS):
        message = MESSAGE
        for one in order:
            message = apply(message, one)
        told.append(facts(message))
    assert told[0]["opened"] == ["2026-11-21T09:05:00.000Z", "2026-11-21T09:10:00.000Z"]
    assert told[0]["clicked"] == ["2026-11-21T09:11:00.000Z https://example.com/a"]
    assert told[0]["unsubscribed"] == ["2026-11-21T09:30:00.000Z"]
    assert all(one == told[0] for one in told)


def test_whoever_clicks_has_seen_the_mail() -> None:
    clicked = apply(MESSAGE, event("c1", EventKind.CLICKED, 11, "https://example.com/a"))
    assert facts(clicked)["opened"] == ["2026-11-21T09:11:00.000Z"]
    # The image that comes later is that same open.
    both = apply(clicked, event("o1", EventKind.OPENED, 12))
    assert (clicked.feedback.opened, both.feedback.opened) == (1, 1)
    assert facts(both)["opened"] == ["2026-11-21T09:12:00.000Z"]


def test_a_flag_keeps_the_first_of_its_events() -> None:
    message = MESSAGE
    for minute, id in ((30, "u1"), (20, "u2"), (40, "u3")):
        message = apply(message, event(id, EventKind.UNSUBSCRIBED, minute))
    assert facts(message)["unsubscribed"] == ["2026-11-21T09:20:00.000Z"]


def test_what_was_counted_before_there_were_instants_counts_at_the_last_one() -> None:
    old = Feedback(opened=2, last_event_at="2026-11-20T08:00:00.000Z", seen={"opens": ("abc", "def")})
    message = Message(KEY, "MSG-1", "marc", MESSAGE.mailing, MESSAGE.cause, AT, AT, feedback=old)
    assert facts(message)["opened"] == ["2026-11-20T08:00:00.000Z"] * 2
    after = apply(message, event("new", EventKind.OPENED, 7))
    assert after.feedback.opened == 3
    assert len(facts(after)["opened"]) == 3


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-21T09:00:00"])
def test_a_time_that_is_none_still_counts(at: str) -> None:
    assert Trace.of("id", at, "").at == ""
    assert Trace.read(str(Trace.of("id", at, ""))) == Trace.of("id", at, "")
