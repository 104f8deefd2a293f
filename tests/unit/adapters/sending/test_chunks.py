"""Chunks of a job: taken in once, with one owner, and counted with the job."""

from dataclasses import replace

import pytest

from gotero.domain.errors import ConflictError
from gotero.domain.job import SKIPS, Chunk
from gotero.domain.message import State
from tests.unit.adapters.sending.samples import AT, REFS, Stores, a_job, a_message, create


def test_a_chunk_of_the_audience_is_taken_once(stores: Stores) -> None:
    job = a_job()
    stores.jobs.create(job)
    stores.jobs.add_chunks(job, [Chunk("job1", 0, REFS)], REFS[-1])
    with pytest.raises(ConflictError):
        stores.jobs.add_chunks(job, [Chunk("job1", 0, REFS)], REFS[-1])
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert stored.total == 3


def test_a_chunk_has_one_owner_and_is_counted_once(stores: Stores) -> None:
    stores.jobs.create(a_job())
    free = Chunk("job1", 0, REFS)
    stores.jobs.add_chunks(a_job(), [free], free.recipients[-1])
    mine = replace(free, owner="me", claimed_at=AT, at_risk=(0, 2))
    assert stores.jobs.claim_chunk(mine, free)
    assert stores.jobs.chunk("job1", 0) == mine
    assert not stores.jobs.claim_chunk(replace(free, owner="you"), free)
    uncertain = a_message(state=State.UNCERTAIN)
    create(stores, uncertain)
    counted = replace(uncertain, counted=True, version=2)
    done = replace(mine, done=True, at_risk=())
    reasons = dict.fromkeys(SKIPS, 0) | {"no_email": 1, SKIPS[-1]: 1}
    stores.jobs.finish_chunk(done, {"skipped": 2, "uncertain": 1}, reasons, [counted])
    for chunk in (done, replace(done, owner="you")):
        with pytest.raises(ConflictError):
            stores.jobs.finish_chunk(chunk, {"accepted": 2, "uncertain": 1}, {}, [])
    assert not stores.jobs.claim_chunk(replace(mine, owner="me again"), mine)
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert {k: n for k, n in stored.counts.items() if n} == {"skipped": 2, "uncertain": 1}
    assert {reason: n for reason, n in stored.skips.items() if n} == {"no_email": 1, SKIPS[-1]: 1}

    settled = replace(counted.raised(State.ACCEPTED, AT), version=3)
    stores.jobs.recount(settled, None, "uncertain")
    with pytest.raises(ConflictError):
        stores.jobs.recount(settled, None, "uncertain")
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert {k: n for k, n in stored.counts.items() if n} == {"accepted": 1, "skipped": 2}


def test_a_chunk_is_not_claimed_over_what_has_been_put_at_risk_since(stores: Stores) -> None:
    """Its owner alone says nothing: a chunk that was given back has none, as before; a late owner is still the same."""
    stores.jobs.create(a_job())
    free = Chunk("job1", 0, REFS)
    stores.jobs.add_chunks(a_job(), [free], free.recipients[-1])
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
    stores.jobs.create(a_job())
    free = Chunk("job1", 0, REFS)
    stores.jobs.add_chunks(a_job(), [free], free.recipients[-1])
    mine = replace(free, owner="me", claimed_at=AT)
    stores.jobs.claim_chunk(mine, free)
    create(stores, a_message(state=State.UNCERTAIN))
    stores.messages.save(a_message(state=State.ACCEPTED, version=2), None)
    with pytest.raises(ConflictError):
        counted = a_message(state=State.UNCERTAIN, counted=True, version=2)
        stores.jobs.finish_chunk(replace(mine, done=True), {"uncertain": 3}, {}, [counted])
    stored = stores.jobs.get("job1")
    assert stored is not None
    assert stored.processed == 0
    assert stores.jobs.chunk("job1", 0) == mine


def test_chunks_of_one_slice_leave_at_their_own_instants(stores: Stores) -> None:
    job = a_job()
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
