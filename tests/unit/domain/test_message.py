"""The message ledger's rules: what comes back may be late, twice, and in any order."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.domain.message import (
    MAX_URLS,
    OUTCOMES,
    RANK,
    Claim,
    Mailing,
    Message,
    MessageKey,
    State,
    notice,
)
from gotero.domain.message_event import MAX_COUNTED, EventKind, MessageEvent, apply
from gotero.domain.modules import MODULES
from gotero.domain.record import Cause, Ref

AT = "2026-11-21T09:00:00.000Z"
KEY = MessageKey(Ref("contacts", "c1"), "job", "j1")


def _message(state: State = State.PLANNED, ref: Ref = KEY.recipient) -> Message:
    mailing = Mailing("t1", "2-Column_1-Logo", "marketing", "recipient_owner", "ana@example.com", "camp1", "acc1")
    return Message(replace(KEY, recipient=ref), "MSG-000001", "u1", mailing, Cause("campaign", "camp1"), AT, AT, state)


def _event(kind: EventKind, id: str = "e1", minute: int = 0, **rest: object) -> MessageEvent:
    return MessageEvent(id, kind, str(KEY), f"2026-11-21T10:{minute:02d}:00.000Z", **rest)  # type: ignore[arg-type]


def _after(message: Message, events: Sequence[MessageEvent]) -> Message:
    for event in events:
        message = apply(message, event)
    return message


@st.composite
def _events(draw: st.DrawFn) -> list[MessageEvent]:
    """Some distinct events: an id says everything about its event."""
    kinds = draw(st.lists(st.sampled_from(EventKind), max_size=12))
    minutes = st.integers(0, 59)
    urls = st.sampled_from(["", "https://a.example/", "https://twitter.com/huertaturia"])
    flags = st.booleans()
    return [
        _event(
            kind,
            f"e{index}",
            draw(minutes),
            url=draw(urls) if kind is EventKind.CLICKED else "",
            reason=f"r{draw(st.integers(0, 3))}",
            permanent=draw(flags),
            machine=draw(flags) if kind in (EventKind.OPENED, EventKind.CLICKED) else False,
            provider_id="ses-1",
        )
        for index, kind in enumerate(kinds)
    ]


@settings(deadline=None)
@given(_events(), st.data())
def test_order_and_repetition_leave_no_trace(events: list[MessageEvent], data: st.DataObject) -> None:
    once = _after(_message(), events)
    repeated = events + [event for event in events if data.draw(st.booleans())]
    other = _after(_message(), data.draw(st.permutations(repeated)))
    # When it was last written is all that may differ: what tells nothing new writes nothing.
    assert replace(other, updated_at=once.updated_at) == once


@settings(deadline=None)
@given(_events(), st.sampled_from(State))
def test_states_only_rise_and_counters_count_distinct_events(events: list[MessageEvent], state: State) -> None:
    message = _message(state)
    for event in events:
        after = apply(message, event)
        assert RANK[after.state] >= RANK[message.state]
        message = after
    human = [e for e in events if not e.machine]
    opens, clicks = (sum(e.kind is kind for e in human) for kind in (EventKind.OPENED, EventKind.CLICKED))
    # Whoever clicks has seen the mail: that is one open, where no image told of any.
    assert message.feedback.opened == (opens or min(clicks, 1))
    robots = sum(e.kind is EventKind.OPENED for e in events) - opens
    assert message.feedback.opens_all == message.feedback.opened + robots
    assert message.feedback.clicked == clicks
    assert message.feedback.bounced == sum(e.kind is EventKind.BOUNCED for e in events)
    if events:
        assert message.outcome == "accepted"


def test_a_counter_stops_at_its_bound_and_never_counts_twice() -> None:
    opens = [_event(EventKind.OPENED, f"e{i}") for i in range(MAX_COUNTED + 50)]
    message = _after(_message(), [*opens, *opens])
    assert message.feedback.opened == MAX_COUNTED


def test_the_visited_urls_are_kept_in_order_and_bounded() -> None:
    clicks = [_event(EventKind.CLICKED, f"e{i}", i % 60, url=f"https://x.example/{i:03d}") for i in range(80)]
    values = _after(_message(), clicks).to_record().values
    assert values["last_url"] == "https://x.example/059"
    assert len(values["description"].split(";")) == MAX_URLS
    assert values["description"].startswith("https://x.example/000;https://x.example/060;")


def test_a_robots_click_is_counted_apart_and_visits_nothing() -> None:
    message = apply(_message(), _event(EventKind.CLICKED, url="https://a.example/", machine=True))
    values = message.to_record().values
    assert (values["clicked"], values["clicks_all"]) == (0, 1)
    assert (values["opened"], values["opens_all"]) == (0, 0), "nor has it seen the mail"
    assert "last_url" not in values


def test_a_hard_bounce_explains_itself_whatever_came_before() -> None:
    soft = _event(EventKind.BOUNCED, "e1", 5, reason="mailbox full")
    hard = _event(EventKind.BOUNCED, "e2", 1, reason="no such user", permanent=True)
    values = _after(_message(), [soft, hard]).to_record().values
    assert (values["status"], values["reason"], values["bounce_type"]) == ("bounced", "no such user", "hard")


def test_an_event_settles_what_was_uncertain_or_held() -> None:
    for state in (State.UNCERTAIN, State.HELD, State.FAILED):
        assert apply(_message(state), _event(EventKind.DELIVERED)).state is State.DELIVERED


@pytest.mark.parametrize(
    ("reason", "no_email", "dropped"),
    [
        ("no_email", True, False),
        ("invalid_email", True, False),
        ("suppressed", False, True),
        ("same_address", False, False),
    ],
)
def test_a_skip_says_why_and_is_counted_where_it_belongs(reason: str, no_email: bool, dropped: bool) -> None:
    message = replace(_message(State.SKIPPED), reason=reason)
    values = message.to_record().values
    assert (values["status"], values["reason"]) == ("skipped", reason)
    assert (values["no_email"], values["dropped"]) == (no_email, dropped)
    assert message.outcome == "skipped"


def test_the_record_has_declared_fields_only_and_the_right_relation() -> None:
    for module, field in (("contacts", "contact"), ("accounts", "account"), ("leads", "lead")):
        clicked = apply(_message(ref=Ref(module, "r1")), _event(EventKind.CLICKED, url="https://a.example/"))
        record = clicked.to_record()
        assert record.values[field] == "r1"
        assert set(record.values) <= {declared.id for declared in MODULES["messages"].fields}
        assert record.values["status"] in (MODULES["messages"].field("status") or pytest.fail()).option_values


def test_every_state_is_an_option_of_the_field_and_has_an_outcome() -> None:
    status = MODULES["messages"].field("status")
    assert status is not None
    assert {str(state) for state in State} | {"claimed"} == status.option_values
    outcomes = {_message(state).outcome for state in State}
    assert outcomes == {"pending", *OUTCOMES}


def test_a_claim_shows_and_is_given_back_without_lowering_anything() -> None:
    claimed = _message().claimed_by("me", AT)
    assert claimed.to_record().values["status"] == "claimed"
    assert claimed.given_back(AT) == _message()
    assert claimed.raised(State.ACCEPTED, AT).claim is None
    assert _message(State.DELIVERED).raised(State.UNCERTAIN, AT) == _message(State.DELIVERED)
    assert claimed.claim == Claim("me", AT)


def test_the_id_spells_the_key() -> None:
    assert str(KEY) == "contacts-c1-job-j1-1"
    assert MessageKey.parse(str(KEY)) == KEY
    for broken in (
        "",
        "contacts-c1-job-j1",
        "contacts-c1-spy-j1-1",
        "contacts-c1-job-j1-x",
        "contacts-c1-job-j1-0",
        "a-b-job-c-1-2",
        f"contacts-{'x' * 5000}-job-j1-1",
    ):
        with pytest.raises(ValueError):
            MessageKey.parse(broken)
    with pytest.raises(ValueError, match="not a message key"):
        MessageKey(Ref("contacts", "c#1"), "job", "j1")


def test_each_version_has_a_notice_of_its_own() -> None:
    message = _message()
    first, second = (notice(replace(message, version=v), "opened", Cause("message", message.id)) for v in (1, 2))
    assert (first["kind"], second["kind"]) == ("create", "modify")
    assert first["id"] != second["id"]
    assert second["message_event"] == "opened"
    assert second["cause"] == {"message": message.id}
