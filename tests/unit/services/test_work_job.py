"""Jobs that go in steps: once each, under duplicates, crashes, pauses and lost messages."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.world import SeededIds, SetClock
from gotero.domain.errors import ConflictError, TransientError
from gotero.domain.job import Job
from gotero.services.control_job import control_job
from gotero.services.work_job import (
    LOST_AFTER,
    TRIES,
    JobKind,
    JobLine,
    Step,
    done_at_once,
    due_thing,
    fail_job,
    start_job,
    wake_steps,
    work_job,
)

KIND = "count"
#: Steps have none.
NO_MACHINE: Any = None


class Counter:
    """Goes through `to` records, `each` a step, and remembers which steps it did."""

    def __init__(self, to: int = 10, each: int = 4) -> None:
        self.to, self.each = to, each
        self.begun: list[int] = []

    def __call__(self, job: Job) -> Step:
        begin = (job.position or {"at": 0})["at"]
        self.begun.append(begin)
        end = min(begin + self.each, self.to)
        return Step({"at": end} if end < self.to else None, end - begin, {"sum": end}, self.to)


@pytest.fixture
def line() -> JobLine:
    clock = SetClock(datetime(2026, 11, 22, 9, tzinfo=UTC))
    return JobLine(MemoryJobs(MemoryMessages()), MemoryQueue(), MemoryDueIndex(), clock, SeededIds(clock))


def ample() -> float:
    return 600.0


def stored(line: JobLine, job: Job) -> Job:
    found = line.jobs.get(job.id)
    assert found is not None
    return found


def test_step_after_step_to_the_end(line: JobLine) -> None:
    kind = Counter()
    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")
    work_job(line, {KIND: kind}, job.id, ample)
    done = stored(line, job).to_json()
    assert kind.begun == [0, 4, 8]
    assert (done["state"], done["total"], done["processed"], done["result"]) == ("finished", 10, 10, {"sum": 10})
    work_job(line, {KIND: kind}, job.id, ample)
    assert kind.begun == [0, 4, 8]


def test_a_worker_without_time_hands_over(line: JobLine) -> None:
    kind, times = Counter(), iter([100.0, 10.0])
    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")
    work_job(line, {KIND: kind}, job.id, lambda: next(times))
    assert kind.begun == [0]
    assert stored(line, job).to_json()["progress"] == 0.4
    assert isinstance(line.queue, MemoryQueue)
    assert line.queue.bodies == [{"job": job.id}, {"job": job.id}]


def test_a_caller_waits_for_no_more_than_an_answer_may_take(line: JobLine) -> None:
    """What is left when the API has to answer is a worker's, at once and not when the due index finds it."""
    kind = Counter(to=100)

    def slow(seen: Job) -> Step:
        assert isinstance(line.clock, SetClock)
        line.clock.move(seconds=6)
        return kind(seen)

    job = done_at_once(line, {KIND: slow}, start_job(line, KIND, {}, name="cuenta", user_id="u1", at_once=True))
    assert job.state == "running"
    assert kind.begun == [0, 4, 8]
    assert isinstance(line.queue, MemoryQueue)
    assert line.queue.bodies == [{"job": job.id}]
    work_job(line, {KIND: kind}, job.id, ample)
    assert stored(line, job).state == "finished"


def test_a_step_that_is_refused_is_no_overtaken_worker(line: JobLine) -> None:
    """It must fail where it is seen, and not be waited for every five minutes for ever."""
    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")

    def refused(seen: Job) -> Step:
        raise ConflictError("inactive")

    with pytest.raises(ConflictError):
        work_job(line, {KIND: refused}, job.id, ample)


def test_of_two_workers_the_slower_stops(line: JobLine) -> None:
    inner, outer = Counter(), Counter()
    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")

    def overtaken(seen: Job) -> Step:
        work_job(line, {KIND: inner}, seen.id, ample)
        return outer(seen)

    work_job(line, {KIND: overtaken}, job.id, ample)
    assert (inner.begun, outer.begun) == ([0, 4, 8], [0])
    assert stored(line, job).seen == 10


def test_paused_it_waits_and_cancelled_it_ends(line: JobLine) -> None:
    kind = Counter()
    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")
    line.jobs.control(stored(line, job).controlled("pause", "2026-11-22T09:00:00.000Z"))
    work_job(line, {KIND: kind}, job.id, ample)
    assert kind.begun == []
    line.jobs.control(stored(line, job).controlled("cancel", "2026-11-22T09:00:00.000Z"))
    work_job(line, {KIND: kind}, job.id, ample)
    assert (kind.begun, stored(line, job).state) == ([], "cancelled")


def test_paused_in_its_last_step_it_does_not_begin_again(line: JobLine) -> None:
    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")
    kind = Counter(to=4)

    def paused_meanwhile(seen: Job) -> Step:
        line.jobs.control(stored(line, seen).controlled("pause", "2026-11-22T09:00:00.000Z"))
        return kind(seen)

    work_job(line, {KIND: paused_meanwhile}, job.id, ample)
    assert stored(line, job).state == "paused"
    line.jobs.control(stored(line, job).controlled("resume", "2026-11-22T09:00:00.000Z"))
    work_job(line, {KIND: kind}, job.id, ample)
    assert (kind.begun, stored(line, job).state) == ([0], "finished")


def test_the_due_index_wakes_a_job_that_nobody_moves(line: JobLine) -> None:
    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")
    assert isinstance(line.queue, MemoryQueue)
    assert isinstance(line.clock, SetClock)
    line.queue.take()
    wake_steps(line, job.id)
    assert line.queue.bodies == []
    line.clock.move(seconds=LOST_AFTER.total_seconds())
    wake_steps(line, job.id)
    assert line.queue.bodies == [{"job": job.id}]


class Killed(BaseException):
    """What a worker does not catch: it is gone."""


def deadly(job: Job) -> Step:
    raise Killed


def wake(line: JobLine, job: Job, kind: JobKind) -> None:
    """Five minutes later, and whatever stands in the queue then."""
    assert isinstance(line.queue, MemoryQueue)
    assert isinstance(line.clock, SetClock)
    line.clock.move(seconds=LOST_AFTER.total_seconds())
    for fired in line.due_index.due(line.clock.now()):
        line.due_index.done(fired)
        wake_steps(line, job.id)
    for body in line.queue.take():
        with suppress(Killed):
            work_job(line, {KIND: kind}, body["job"], ample)


def test_a_step_that_kills_its_worker_every_time_ends_its_job_and_is_resumed_there(line: JobLine) -> None:
    counter, deaths = Counter(), 0

    def kind(seen: Job) -> Step:
        nonlocal deaths
        if seen.turn == 1 and deaths < TRIES:
            deaths += 1
            raise Killed
        return counter(seen)

    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")
    for _ in range(TRIES + 3):
        wake(line, job, kind)
    failed = stored(line, job)
    assert (failed.state, failed.to_json()["stopped"], deaths, counter.begun) == ("failed", "step_killed", TRIES, [0])
    assert failed.finished_at
    assert failed.seen == 4
    with pytest.raises(ConflictError):
        control_job(line, NO_MACHINE, job.id, "pause")
    resumed = control_job(line, NO_MACHINE, job.id, "resume")
    assert (resumed.state, resumed.stopped, stored(line, job).tries) == ("running", "", 0)
    dues = [due.thing for some in line.due_index.due(line.clock.now() + LOST_AFTER) for due in some]
    assert dues == [due_thing(job.id)], "and is looked after again"
    assert isinstance(line.queue, MemoryQueue)
    for body in line.queue.take():
        work_job(line, {KIND: kind}, body["job"], ample)
    assert (stored(line, job).state, counter.begun) == ("finished", [0, 4, 8])


def test_tries_are_counted_anew_with_every_step_and_where_it_could_tell_why(line: JobLine) -> None:
    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")
    counter = Counter(to=400)

    def refused(seen: Job) -> Step:
        raise TransientError("throttled")

    for _ in range(3):
        for _ in range(TRIES - 1):
            with pytest.raises(Killed):
                work_job(line, {KIND: deadly}, job.id, ample)
        assert stored(line, job).tries == TRIES - 1
        with pytest.raises(TransientError):
            work_job(line, {KIND: refused}, job.id, ample)
        assert stored(line, job).tries == 0
        for _ in range(TRIES - 1):
            with pytest.raises(Killed):
                work_job(line, {KIND: deadly}, job.id, ample)
        work_job(line, {KIND: counter}, job.id, iter([100.0, 10.0]).__next__)
        assert stored(line, job).tries == 0
    assert (counter.begun, stored(line, job).state) == ([0, 4, 8], "running")


def test_the_same_request_is_the_same_job_and_another_is_refused(line: JobLine) -> None:
    first = start_job(line, KIND, {"a": 1}, name="cuenta", user_id="u1", key="k")
    assert start_job(line, KIND, {"a": 1}, name="cuenta", user_id="u1", key="k").id == first.id
    with pytest.raises(ConflictError):
        start_job(line, KIND, {"a": 2}, name="cuenta", user_id="u1", key="k")


def test_a_step_that_always_fails_ends_its_job_visibly(line: JobLine) -> None:
    job = start_job(line, KIND, {}, name="cuenta", user_id="u1")
    fail_job(line, job.id, "ValueError")
    failed = stored(line, job)
    assert (failed.state, failed.outcome) == ("failed", {"error": "ValueError"})
    with pytest.raises(ConflictError):
        failed.controlled("resume", "2026-11-22T09:00:00.000Z")
