"""Jobs: controlled by version, moved on by turn, listed by month, taken in by one execution at a time."""

from dataclasses import replace

import pytest

from gotero.adapters.dynamodb.timeline import DynamoTimeline
from gotero.domain.errors import ConflictError
from gotero.domain.job import Chunk
from gotero.domain.record import Cause, Ref
from gotero.ports import Timeline, TimelineEntry
from tests.unit.adapters.sending.samples import AT, REFS, Stores, a_job


def test_control_leaves_the_counts_alone_and_is_versioned(stores: Stores) -> None:
    job = a_job()
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


def test_a_job_goes_on_by_its_turn_and_once(stores: Stores) -> None:
    job = a_job(kind="import")
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
        stores.jobs.create(a_job(id=f"job-{at[5:10]}", created_at=at))
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
    job = a_job()
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
    job = a_job()
    stores.jobs.create(job)
    for chunks in (3, 5, 4):
        stores.jobs.prepared(job.id, chunks)
    stored = stores.jobs.get(job.id)
    assert stored and stored.prepared == 5


def test_a_deleted_job_is_as_if_it_had_never_been(stores: Stores) -> None:
    job = a_job(state="scheduled")
    stores.jobs.create(job)
    told = TimelineEntry(Ref("campaigns", "c1"), AT, "send_deleted", Cause("user", "u1"), "e1")
    timeline: Timeline = getattr(stores.jobs, "timeline", None) or DynamoTimeline()
    with pytest.raises(ConflictError):
        stores.jobs.delete(replace(job, version=2), told)
    assert timeline.page(told.ref, 9, None)[0] == []
    stores.jobs.delete(job, told)
    assert timeline.page(told.ref, 9, None)[0] == [told]
    stores.jobs.note("job1", frozen=True)
    assert stores.jobs.get("job1") is None
    assert stores.jobs.page(10, None) == ([], None)
    with pytest.raises(ConflictError):
        stores.jobs.control(job.controlled("start", AT))
    stores.jobs.create(job)
    assert [listed.id for listed in stores.jobs.page(10, None)[0]] == ["job1"]
