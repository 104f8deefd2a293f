"""Messages, jobs and suppressions: one suite for the stores in memory and on DynamoDB."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.adapters.dynamodb.jobs import DynamoJobs
from gotero.adapters.dynamodb.messages import DynamoMessages, MessageItem, message_item, message_of
from gotero.adapters.dynamodb.pace import DynamoPace
from gotero.adapters.dynamodb.suppressions import DynamoSuppressions, SuppressionItem
from gotero.adapters.dynamodb.tallies import DynamoBrakes, DynamoTallies
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.suppressions import MemorySuppressions
from gotero.adapters.memory.tallies import MemoryBrakes, MemoryTallies
from gotero.adapters.memory.world import SetClock
from gotero.adapters.providers.ses.account import SesAccount
from gotero.domain.deliverability import Tally
from gotero.domain.document import NOTHING, Enclosed
from gotero.domain.errors import ConflictError, TransientError
from gotero.domain.job import CAMPAIGN_SEND, Chunk, Job
from gotero.domain.message import Mailing, Message, MessageKey, State, notice
from gotero.domain.message_event import EventKind, MessageEvent, apply
from gotero.domain.record import Cause, Ref
from gotero.domain.suppression import Suppression
from gotero.ports import Brakes, Jobs, Messages, Suppressions, Tallies

AT = "2026-11-21T09:00:00.000Z"
CAUSE = Cause("campaign", "c1", part="job1")
REFS = (Ref("contacts", "a"), Ref("leads", "b"), Ref("accounts", "c"))


@dataclass(frozen=True)
class Stores:
    messages: Messages
    jobs: Jobs
    suppressions: Suppressions


@pytest.fixture(params=["memory", "dynamodb"])
def stores(
    request: pytest.FixtureRequest,
    dynamodb_tables: Callable[[], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stores]:
    if request.param == "memory":
        messages = MemoryMessages()
        yield Stores(messages, MemoryJobs(messages), MemorySuppressions())
        return
    # Moto's tables copy themselves for each transaction, which no second thread may write meanwhile.
    monkeypatch.setattr("gotero.adapters.dynamodb.suppressions._LANES", 1)
    with dynamodb_tables():
        yield Stores(DynamoMessages(), DynamoJobs(), DynamoSuppressions(lambda: ("new", "before")))


def _message(ref: Ref = REFS[0], **changes: Any) -> Message:
    mailing = Mailing("t1", "2-Column_1-Logo", "marketing", "recipient_owner", "ana@example.com", "c1", job="job1")
    return replace(Message(MessageKey(ref, "job", "job1"), "MSG-000001", "u1", mailing, CAUSE, AT, AT), **changes)


def _create(stores: Stores, message: Message) -> bool:
    return stores.messages.create(message, notice(message, "planned", CAUSE))


def _job(**changes: Any) -> Job:
    params = {"name": "Twitter", "campaign": "c1", "audience": {"segments": ["s"], "except": [], "everyone": False}}
    return replace(Job("job1", CAMPAIGN_SEND, "running", params, AT, "u1"), **changes)


def test_a_message_comes_back_as_it_was_written(stores: Stores) -> None:
    event = MessageEvent("e1", EventKind.CLICKED, "", AT, url="https://twitter.com/huertaturia")
    bounce = MessageEvent("e2", EventKind.BOUNCED, "", AT, reason="smtp; 550 5.1.1", permanent=True)
    message = apply(apply(_message(), event), bounce)
    subject = replace(message.mailing, subject=Ref("invoices", "i1"), account="acc")
    message = replace(message, mailing=subject, subject_line="¿Se te ha pasado?", counted=True, template_version=3)
    assert _create(stores, message)
    assert stores.messages.get(message.key) == message
    assert stores.messages.get_many([message.key, MessageKey(REFS[1], "job", "job1")]) == {message.key: message}


def test_a_key_is_taken_once(stores: Stores) -> None:
    assert _create(stores, _message())
    assert not _create(stores, _message(number="MSG-000002"))
    stores.messages.create_many([(m, notice(m, "planned", CAUSE)) for m in (_message(), _message(REFS[1]))])
    found = stores.messages.get_many([MessageKey(ref, "job", "job1") for ref in REFS])
    assert {message.number for message in found.values()} == {"MSG-000001"}
    assert len(found) == 2


def test_a_write_over_another_version_is_refused(stores: Stores) -> None:
    _create(stores, _message())
    stores.messages.save(_message(version=2, state=State.ACCEPTED), None)
    with pytest.raises(ConflictError):
        stores.messages.save(_message(version=2, state=State.FAILED), None)
    stored = stores.messages.get(_message().key)
    assert stored is not None
    assert stored.state is State.ACCEPTED


def test_control_leaves_the_counts_alone_and_is_versioned(stores: Stores) -> None:
    job = _job()
    stores.jobs.create(job)
    with pytest.raises(ConflictError):
        stores.jobs.create(job)
    stores.jobs.add_chunks(job, [Chunk("job1", 0, REFS)], REFS[-1])
    stores.jobs.control(job.controlled("pause", AT))
    with pytest.raises(ConflictError):
        stores.jobs.control(job.controlled("cancel", AT))
    stores.jobs.note("job1", frozen=True, seen_at=AT, tried=3)
    stores.jobs.prepared("job1", 2)
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert (stored.tries, replace(stored, turn=1).tries) == (3, 0), "of another step"
    stores.jobs.control(replace(stored, tried=0, version=3))
    assert (again := stores.jobs.get("job1")) and again.tries == 0
    assert (stored.state, stored.total, stored.chunks, stored.cursor) == ("paused", 3, 1, REFS[2])
    assert (stored.frozen, stored.prepared, stored.seen_at, stored.version) == (True, 2, AT, 2)


def test_a_chunk_of_the_audience_is_taken_once(stores: Stores) -> None:
    job = _job()
    stores.jobs.create(job)
    stores.jobs.add_chunks(job, [Chunk("job1", 0, REFS)], REFS[-1])
    with pytest.raises(ConflictError):
        stores.jobs.add_chunks(job, [Chunk("job1", 0, REFS)], REFS[-1])
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert stored.total == 3


def test_a_chunk_has_one_owner_and_is_counted_once(stores: Stores) -> None:
    stores.jobs.create(_job())
    free = Chunk("job1", 0, REFS)
    stores.jobs.add_chunks(_job(), [free], free.recipients[-1])
    mine = replace(free, owner="me", claimed_at=AT, at_risk=(0, 2))
    assert stores.jobs.claim_chunk(mine, free)
    assert stores.jobs.chunk("job1", 0) == mine
    assert not stores.jobs.claim_chunk(replace(free, owner="you"), free)
    uncertain = _message(state=State.UNCERTAIN)
    _create(stores, uncertain)
    counted = replace(uncertain, counted=True, version=2)
    done = replace(mine, done=True, at_risk=())
    stores.jobs.finish_chunk(done, {"skipped": 2, "uncertain": 1}, {"no_email": 2}, [counted])
    for chunk in (done, replace(done, owner="you")):
        with pytest.raises(ConflictError):
            stores.jobs.finish_chunk(chunk, {"accepted": 2, "uncertain": 1}, {}, [])
    assert not stores.jobs.claim_chunk(replace(mine, owner="me again"), mine)
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert {k: n for k, n in stored.counts.items() if n} == {"skipped": 2, "uncertain": 1}
    assert stored.skips == {"no_email": 2}
    assert stored.to_json()["skipped"] == {"no_email": 2}

    settled = replace(counted.raised(State.ACCEPTED, AT), version=3)
    stores.jobs.recount(settled, None, "uncertain")
    with pytest.raises(ConflictError):
        stores.jobs.recount(settled, None, "uncertain")
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert {k: n for k, n in stored.counts.items() if n} == {"accepted": 1, "skipped": 2}


def test_a_chunk_is_not_claimed_over_what_has_been_put_at_risk_since(stores: Stores) -> None:
    """Its owner alone says nothing: a chunk that was given back has none, as before; a late owner is still the same."""
    stores.jobs.create(_job())
    free = Chunk("job1", 0, REFS)
    stores.jobs.add_chunks(_job(), [free], free.recipients[-1])
    mine = replace(free, owner="me", claimed_at=AT)
    assert stores.jobs.claim_chunk(mine, free)
    sending = replace(mine, at_risk=(1, 2))
    assert stores.jobs.claim_chunk(sending, mine)
    assert stores.jobs.claim_chunk(sending, mine), "the answer was lost: it is read back"
    assert not stores.jobs.claim_chunk(replace(mine, owner="you"), mine)
    given_back = replace(sending, owner="", claimed_at="", at_risk=(1,))
    assert stores.jobs.claim_chunk(given_back, sending)
    assert not stores.jobs.claim_chunk(replace(free, owner="you"), free)
    assert stores.jobs.chunk("job1", 0) == given_back


def test_a_chunk_is_not_counted_over_a_message_that_moved(stores: Stores) -> None:
    stores.jobs.create(_job())
    free = Chunk("job1", 0, REFS)
    stores.jobs.add_chunks(_job(), [free], free.recipients[-1])
    mine = replace(free, owner="me", claimed_at=AT)
    stores.jobs.claim_chunk(mine, free)
    _create(stores, _message(state=State.UNCERTAIN))
    stores.messages.save(_message(state=State.ACCEPTED, version=2), None)
    with pytest.raises(ConflictError):
        counted = _message(state=State.UNCERTAIN, counted=True, version=2)
        stores.jobs.finish_chunk(replace(mine, done=True), {"uncertain": 3}, {}, [counted])
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert stored.processed == 0
    assert stores.jobs.chunk("job1", 0) == mine


def test_a_job_goes_on_by_its_turn_and_once(stores: Stores) -> None:
    job = _job(kind="import")
    stores.jobs.create(job)
    first = replace(job, position={"row": 7}, outcome={"created": 7}, seen=7, seen_at=AT, total=9, turn=1)
    stores.jobs.advance(first)
    with pytest.raises(ConflictError):
        stores.jobs.advance(replace(first, position=None))
    stored = stores.jobs.get(job.id)
    assert stored is not None
    assert stored == replace(first, frozen=True, counts=stored.counts)
    stores.jobs.advance(replace(first, position=None, turn=2))
    ended = stores.jobs.get(job.id)
    assert ended
    assert (ended.position, ended.turn) == (None, 2)


def test_jobs_are_listed_newest_first_over_the_months(stores: Stores) -> None:
    instants = [f"2026-{month:02d}-{day:02d}T09:00:00.000Z" for month in (9, 11) for day in (1, 2, 3)]
    for at in instants:
        stores.jobs.create(_job(id=f"job-{at[5:10]}", created_at=at))
    seen: list[str] = []
    after = None
    for _ in range(3):
        page, after = stores.jobs.page(2, after)
        seen += [job.created_at for job in page]
    assert seen == sorted(instants, reverse=True)
    assert after is None


def test_an_address_of_a_job_belongs_to_its_first_message(stores: Stores) -> None:
    assert stores.jobs.claim_address("job1", "info@example.com", "m1") == "m1"
    assert stores.jobs.claim_address("job1", "info@example.com", "m2") == "m1"
    assert stores.jobs.claim_address("job1", "info@example.com", "m1") == "m1"
    assert stores.jobs.claim_address("job2", "info@example.com", "m2") == "m2"
    assert stores.jobs.claim_address("job1", "info@example.com", "m3", before="m1") == "m3", "it is passed on"
    assert stores.jobs.claim_address("job1", "info@example.com", "m2", before="m1") == "m3", "once"


def test_addresses_are_kept_and_found_by_the_hundred(stores: Stores) -> None:
    holders = {f"p{n}@example.com": f"m{n}" for n in range(130)}
    stores.jobs.keep_addresses("job1", holders, [("p1@example.com", "w2"), ("p1@example.com", "w1")])
    stores.jobs.keep_addresses("job1", {"p1@example.com": "m1"}, [("p1@example.com", "w1")])
    assert stores.jobs.addresses("job1", [*holders, "nobody@example.com"]) == holders
    assert stores.jobs.addresses("job2", ["p1@example.com"]) == stores.jobs.addresses("job1", []) == {}
    assert stores.jobs.waiting("job1", "p1@example.com") == ["w1", "w2"]
    assert stores.jobs.waiting("job1", "p1@example.com", limit=1) == ["w1"]
    assert stores.jobs.waiting("job1", "p1@example.com", after="w1") == ["w2"]
    assert stores.jobs.waiting("job1", "p2@example.com") == []


def test_one_execution_at_a_time_takes_an_audience_in(stores: Stores) -> None:
    job = _job()
    stores.jobs.create(job)
    later, latest = "2026-11-21T09:02:00.000Z", "2026-11-21T09:05:00.000Z"
    assert stores.jobs.lease(job.id, "e1", AT, later)
    assert stores.jobs.lease(job.id, "e1", AT, later), "it calls again"
    assert not stores.jobs.lease(job.id, "e2", AT, latest)
    assert stores.jobs.lease(job.id, "e2", "2026-11-21T09:02:00.001Z", latest), "the first is gone"
    stores.jobs.release(job.id, "e1")
    assert not stores.jobs.lease(job.id, "e1", later, latest), "what was another's lease is not given up"
    stores.jobs.release(job.id, "e2")
    assert stores.jobs.lease(job.id, "e1", later, latest)
    assert not stores.jobs.lease("nobody", "e1", AT, later)
    stored = stores.jobs.get(job.id)
    assert stored and (stored.freezer, stored.freezing_until, stored.seen_at) == ("e1", latest, later)


def test_whoever_is_late_does_not_lower_what_is_prepared(stores: Stores) -> None:
    job = _job()
    stores.jobs.create(job)
    for chunks in (3, 5, 4):
        stores.jobs.prepared(job.id, chunks)
    stored = stores.jobs.get(job.id)
    assert stored and stored.prepared == 5


def test_the_first_reason_of_a_suppression_stays(stores: Stores) -> None:
    stores.suppressions.add(Suppression("ana@example.com", "hard_bounce", AT, "m1"))
    stores.suppressions.add(Suppression("ana@example.com", "complaint", AT, "m2"))
    found = stores.suppressions.get_many(["ana@example.com", "luis@example.com"])
    assert found == {"ana@example.com": Suppression("ana@example.com", "hard_bounce", AT, "m1")}
    assert stores.suppressions.remove("ana@example.com", AT)
    assert stores.suppressions.get_many(["ana@example.com"]) == {}
    assert not stores.suppressions.remove("ana@example.com", AT)


def test_what_happened_before_a_removal_brings_nobody_back(stores: Stores) -> None:
    suppressions = stores.suppressions
    assert suppressions.add(Suppression("ana@example.com", "hard_bounce", AT))
    assert not suppressions.add(Suppression("ana@example.com", "hard_bounce", AT))
    suppressions.remove("ana@example.com", "2026-11-22T09:00:00.000Z")
    assert suppressions.released(["ana@example.com", "luis@example.com"]) == {
        "ana@example.com": "2026-11-22T09:00:00.000Z"
    }
    assert not suppressions.add(Suppression("ana@example.com", "hard_bounce", AT))
    assert suppressions.add(Suppression("ana@example.com", "hard_bounce", "2026-11-23T09:00:00.000Z"))


def test_of_somebody_who_was_erased_a_keyed_hash_suppresses(stores: Stores) -> None:
    suppressions = stores.suppressions
    suppressions.add(Suppression("ana@example.com", "complaint", AT, "m1", "marc", "Ana lo pidió"))
    suppressions.add(Suppression("luis@example.com", "manual", AT))
    suppressions.remove("luis@example.com", AT)
    for _ in range(2):
        suppressions.erase(["ana@example.com", "luis@example.com"])
    found = suppressions.get_many(["ana@example.com", "luis@example.com"])
    assert found == {"ana@example.com": Suppression("ana@example.com", "complaint", AT)}
    assert suppressions.page("", 10, None) == ([], None)
    assert suppressions.released(["luis@example.com"]) == {}
    assert suppressions.add_many([Suppression("ana@example.com", "import", AT)]) == 0, "a list brings nothing back"
    suppressions.erase(["luis@example.com"], AT)
    assert suppressions.get_many(["luis@example.com"])["luis@example.com"].reason == "manual"
    assert suppressions.remove("ana@example.com", AT)
    assert suppressions.get_many(["ana@example.com"]) == {}


def test_a_list_replaces_nothing_that_was_put_there_before_or_meanwhile(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    suppressions = stores.suppressions
    told = [
        Suppression("ana@example.com", "complaint", AT, "m1"),
        Suppression("luis@example.com", "hard_bounce", AT, "m2", note="550"),
    ]
    assert suppressions.add(told[0])
    asked = suppressions.get_many

    def overtaken(keys: Iterable[str]) -> dict[str, Suppression]:
        """The bounce arrives after the import has looked."""
        found = asked(keys)
        suppressions.add(told[1])
        return found

    later = "2026-11-23T09:00:00.000Z"
    names = ("ana", "luis", *(f"n{number}" for number in range(120)))
    new = [Suppression(f"{name}@example.com", "import", later, by="u1") for name in names]
    twice = Suppression("n0@example.com", "import", later, by="u2")
    with monkeypatch.context() as patch:
        patch.setattr(suppressions, "get_many", overtaken)
        assert suppressions.add_many([*new, twice]) == 120
    found = suppressions.get_many(s.address_key for s in new)
    assert [found[s.address_key] for s in told] == told
    assert list(found.values()).count(new[2]) == 1
    assert len(found) == 122
    assert suppressions.add_many(new) == 0


def test_a_replaced_secret_still_counts_and_a_chunk_costs_one_read(
    dynamodb_tables: Callable[[], AbstractContextManager[None]],
) -> None:
    addresses = [f"a{number}@example.com" for number in range(50)]
    with dynamodb_tables():
        DynamoSuppressions(lambda: ("before",)).erase(addresses[:1], AT)
        assert list(DynamoSuppressions(lambda: ("new", "before")).get_many(addresses)) == addresses[:1]
        assert DynamoSuppressions(lambda: ("new",)).get_many(addresses) == {}
        asked: list[str] = []
        client = SuppressionItem._get_connection().connection.client
        client.meta.events.register("before-send.dynamodb.*", lambda event_name, **_: asked.append(event_name))
        DynamoSuppressions(lambda: ("before",)).get_many(addresses)
        assert asked == ["before-send.dynamodb.BatchGetItem"]
        with pytest.raises(TransientError):
            DynamoSuppressions(tuple).get_many(addresses)


def test_the_suppression_list_is_read_by_address_and_by_its_beginning(stores: Stores) -> None:
    suppressions = stores.suppressions
    new = [Suppression(f"{name}@example.com", "import", AT, by="u1") for name in ("zoe", "ana", "7up", "_x", "anton")]
    assert suppressions.add_many(new) == 5
    assert suppressions.add_many([*new, Suppression("ben@example.com", "import", AT)]) == 1
    listed: list[str] = []
    after: str | None = None
    while True:
        page, after = suppressions.page("", 2, after)
        listed += [suppression.address_key.partition("@")[0] for suppression in page]
        if after is None:
            break
    assert listed == ["_x", "7up", "ana", "anton", "ben", "zoe"]
    page, after = suppressions.page("an", 1, None)
    assert ([s.address_key for s in page], after) == (["ana@example.com"], "ana@example.com")
    page, after = suppressions.page("an", 1, after)
    assert ([s.address_key for s in page], after) == (["anton@example.com"], None)
    assert page[0].by == "u1"


def test_an_item_reads_as_a_record_of_its_module_and_carries_its_event() -> None:
    from gotero.adapters.dynamodb.records import record_of
    from gotero.adapters.dynamodb.table import plain

    message = _message()
    item: MessageItem = message_item(message, notice(message, "planned", CAUSE))
    assert record_of(plain(item.attribute_values)) == message.to_record()
    assert json.loads(item.event or "")["message_event"] == "planned"
    assert message_item(message, None).event is None


@pytest.mark.parametrize("stores", ["dynamodb"], indirect=True)
def test_senders_book_their_turns_one_behind_the_other(stores: Stores) -> None:
    clock = SetClock()
    pace = DynamoPace(lambda: 10.0, clock)
    # Bulk mail books nine tenths of the rate: the rest is there for answers.
    assert [pace.turn(9, 3.0) for _ in range(5)] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert pace.turn(9, 3.0) == 4.0, "what waits too long has booked nothing"
    clock.move(seconds=30)
    assert [pace.turn(10, 3.0, "answer"), pace.turn(9, 3.0)] == [0.0, 1.0]
    clock.move(seconds=30)
    # A drip stands behind other drips, and not behind the campaign.
    assert [pace.turn(18, 3.0), pace.turn(1, 3.0, "drip"), pace.turn(1, 3.0, "drip")] == [0.0, 0.0, 1.0]
    assert [pace.turn(1, 3.0), round(pace.turn(1, 3.0, "answer"), 2)] == [2.0, 2.11]
    clock.move(seconds=30)
    pace.slow()
    pace.slow()
    assert [pace.turn(9, 3.0), round(pace.turn(9, 3.0), 2)] == [0.0, 1.43]
    clock.move(minutes=6)
    assert [pace.turn(9, 3.0), pace.turn(9, 3.0)] == [0.0, 1.0]


@pytest.mark.parametrize("stores", ["dynamodb"], indirect=True)
def test_whoever_books_at_the_same_time_does_not_speed_the_line_up_again(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock()
    pace, other = DynamoPace(lambda: 10.0, clock), DynamoPace(lambda: 10.0, clock)
    pace.turn(9, 3.0)
    stored = pace._stored

    def then_somebody_slows() -> Any:
        found = stored()
        monkeypatch.setattr(pace, "_stored", stored)
        other.slow()
        return found

    monkeypatch.setattr(pace, "_stored", then_somebody_slows)
    assert pace.turn(9, 3.0) == 1.0
    assert round(pace.turn(9, 30.0), 2) == 2.43, "at seven tenths of the rate"


def test_the_granted_rate_is_asked_for_now_and_then() -> None:
    class Client:
        asked = 0

        def get_account(self) -> dict[str, Any]:
            self.asked += 1
            return {"SendQuota": {"MaxSendRate": 14.0}}

    client: Any = Client()
    now = [0.0]
    account = SesAccount(client, lambda: now[0])
    assert [account.rate(), account.rate()] == [14.0, 14.0]
    now[0] = 400.0
    assert account.rate() == 14.0
    assert client.asked == 2


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


def test_chunks_of_one_slice_leave_at_their_own_instants(stores: Stores) -> None:
    job = _job()
    stores.jobs.create(job)
    later = "2026-11-21T10:00:00.000Z"
    now, then = Chunk("job1", 0, REFS[:1]), Chunk("job1", 1, REFS[1:], not_before=later)
    stores.jobs.add_chunks(job, [now, then], REFS[1])
    stores.jobs.note("job1", rate=0.125)
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert (stored.total, stored.chunks, stored.cursor, stored.rate) == (3, 2, REFS[1], 0.125)
    assert stores.jobs.chunk("job1", 1) == then
    mine = replace(now, owner="me", claimed_at=AT)
    assert stores.jobs.claim_chunk(mine, now)
    stores.jobs.finish_chunk(replace(mine, done=True), {"accepted": 1}, {}, [])
    states = [(state.number, state.done, state.not_before) for state in stores.jobs.chunk_states("job1", 0, 5)]
    assert states == [(0, True, ""), (1, False, later)]
    assert [state.number for state in stores.jobs.chunk_states("job1", 1, 2)] == [1]
    assert stores.jobs.chunk_states("job1", 2, 2) == []


def test_a_deleted_job_is_as_if_it_had_never_been(stores: Stores) -> None:
    job = _job(state="scheduled")
    stores.jobs.create(job)
    with pytest.raises(ConflictError):
        stores.jobs.delete(replace(job, version=2))
    stores.jobs.delete(job)
    stores.jobs.note("job1", frozen=True)
    assert stores.jobs.get("job1") is None
    assert stores.jobs.page(10, None) == ([], None)
    with pytest.raises(ConflictError):
        stores.jobs.control(job.controlled("start", AT))
    stores.jobs.create(job)
    assert [listed.id for listed in stores.jobs.page(10, None)[0]] == ["job1"]


@pytest.fixture(params=["memory", "dynamodb"])
def counting(
    request: pytest.FixtureRequest, dynamodb_tables: Callable[[], AbstractContextManager[None]]
) -> Iterator[tuple[Tallies, Brakes]]:
    if request.param == "memory":
        yield MemoryTallies(), MemoryBrakes()
        return
    with dynamodb_tables():
        yield DynamoTallies(SetClock()), DynamoBrakes()


def test_what_came_back_is_added_up_by_window(counting: tuple[Tallies, Brakes]) -> None:
    tallies, _ = counting
    assert tallies.add("k", "2026-11-21T08", Tally(3, 1, 0)) == Tally(3, 1, 0)
    assert tallies.add("k", "2026-11-21T08", Tally(0, 0, 2)) == Tally(3, 1, 2)
    tallies.add("k", "2026-11-21T10", Tally(5))
    tallies.add("other", "2026-11-21T10", Tally(7))
    assert tallies.windows("k", "2026-11-21T09") == {"2026-11-21T10": Tally(5)}
    assert sum(tallies.windows("k", "0").values(), Tally()) == Tally(8, 1, 2)
    tallies.forget("k", "2026-11-21T10")
    assert list(tallies.windows("k", "0")) == ["2026-11-21T08"]


def test_the_brake_is_put_on_and_let_go_over_the_version_read(counting: tuple[Tallies, Brakes]) -> None:
    _, brakes = counting
    first = brakes.get()
    brakes.put(first.put_on("bounces", Tally(90, 10, 0), AT))
    with pytest.raises(ConflictError):
        brakes.put(first.put_on("complaints", Tally(), AT))
    on = brakes.get()
    assert (on.brake, on.tally, on.at, on.version) == ("bounces", Tally(90, 10, 0), AT, 1)
    brakes.put(on.let_go("u1", "n", AT))
    assert (brakes.get().brake, brakes.get().round, brakes.get().released_by) == ("", 2, "u1")
