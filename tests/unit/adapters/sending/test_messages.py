"""Messages in the table of messages: written by version, and told whole by their items."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.adapters.dynamodb.messages import MessageItem, message_item, message_of
from gotero.domain.document import NOTHING, Enclosed
from gotero.domain.errors import ConflictError
from gotero.domain.message import Mailing, Message, MessageKey, State, notice
from gotero.domain.message_event import EventKind, MessageEvent, apply
from gotero.domain.record import Ref
from tests.unit.adapters.sending.samples import AT, CAUSE, REFS, Stores, a_message, create


def test_a_message_comes_back_as_it_was_written(stores: Stores) -> None:
    event = MessageEvent("e1", EventKind.CLICKED, "", AT, url="https://twitter.com/huertaturia")
    bounce = MessageEvent("e2", EventKind.BOUNCED, "", AT, reason="smtp; 550 5.1.1", permanent=True)
    message = apply(apply(a_message(), event), bounce)
    subject = replace(message.mailing, subject=Ref("invoices", "i1"), account="acc")
    message = replace(message, mailing=subject, subject_line="¿Se te ha pasado?", counted=True, template_version=3)
    assert create(stores, message)
    assert stores.messages.get(message.key) == message
    assert stores.messages.get_many([message.key, MessageKey(REFS[1], "job", "job1")]) == {message.key: message}


def test_a_key_is_taken_once(stores: Stores) -> None:
    assert create(stores, a_message())
    assert not create(stores, a_message(number="MSG-000002"))
    stores.messages.create_many([(m, notice(m, "planned", CAUSE)) for m in (a_message(), a_message(REFS[1]))])
    found = stores.messages.get_many([MessageKey(ref, "job", "job1") for ref in REFS])
    assert {message.number for message in found.values()} == {"MSG-000001"}
    assert len(found) == 2


def test_a_write_over_another_version_is_refused(stores: Stores) -> None:
    create(stores, a_message())
    stores.messages.save(a_message(version=2, state=State.ACCEPTED), None)
    with pytest.raises(ConflictError):
        stores.messages.save(a_message(version=2, state=State.FAILED), None)
    stored = stores.messages.get(a_message().key)
    assert stored is not None
    assert stored.state is State.ACCEPTED


def test_an_item_reads_as_a_record_of_its_module_and_carries_its_event() -> None:
    from gotero.adapters.dynamodb.records import record_of
    from gotero.adapters.dynamodb.table import plain

    message = a_message()
    item: MessageItem = message_item(message, notice(message, "planned", CAUSE))
    assert record_of(plain(item.attribute_values)) == message.to_record()
    assert json.loads(item.event or "")["message_event"] == "planned"
    assert message_item(message, None).event is None


_EVENTS = st.lists(
    st.builds(
        MessageEvent,
        st.text("abc", min_size=1, max_size=3),
        st.sampled_from(EventKind),
        st.just(""),
        st.sampled_from([AT, "2026-11-22T09:00:00.000Z"]),
        provider_id=st.sampled_from(["", "ses-1"]),
        reason=st.sampled_from(["", "mailbox full"]),
        permanent=st.booleans(),
        url=st.sampled_from(["", "https://a.example/?q=ñ"]),
        machine=st.booleans(),
    ),
    max_size=4,
)


@settings(deadline=None)
@given(
    st.sampled_from([*REFS, Ref("users", "u1")]),
    st.sampled_from(["job", "wf", "test"]),
    st.sampled_from([State.PLANNED, State.SKIPPED, State.FAILED, State.UNCERTAIN, State.HELD, State.CANCELLED]),
    st.sampled_from(["", "no_email", "suppressed"]),
    st.sampled_from([None, "job1", "job2"]),
    st.sampled_from(["recipient_owner", "company"]),
    st.booleans(),
    _EVENTS,
)
def test_every_message_survives_its_item(
    ref: Ref,
    kind: Any,
    state: State,
    reason: str,
    job: str | None,
    sender: str,
    claimed: bool,
    events: list[MessageEvent],
) -> None:
    """The item says nothing twice; what is left out of the ledger must be in the values, whatever became of it."""
    about = Ref("invoices", "i1") if claimed else None
    mailing = Mailing(
        "t1", "t", "transactional", sender, "a@b.example", "c1" if claimed else None, job=job, subject=about
    )
    mailing = replace(mailing, enclosed=Enclosed(("d1",), ("p1",)) if claimed else NOTHING)
    account = None if ref.module == "accounts" else "acc"
    message = Message(
        MessageKey(ref, kind, "job1"),
        "MSG-000001",
        "u1",
        replace(mailing, account=account),
        CAUSE,
        AT,
        AT,
        state,
        reason,
    )
    message = message.claimed_by("me", AT) if claimed and state is State.PLANNED else message
    for event in events:
        message = apply(message, event)
    assert message_of(message_item(message, None).attribute_values) == message
