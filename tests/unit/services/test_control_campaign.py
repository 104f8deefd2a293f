"""A send that is paused, cancelled, held, scheduled, stalled or lost, and whoever dies in waking it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.domain.errors import ConflictError, TransientError
from gotero.services.check_job import check_job, wake_job
from gotero.services.control_job import control_job
from gotero.services.enqueue_chunks import enqueue_chunks
from gotero.services.freeze_audience import freeze_audience, lake_is_behind
from tests.unit.services.post_office import PostOffice, people_of


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def test_a_paused_job_sends_nothing_until_it_is_resumed(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 30))))
    office.execute(job)
    bodies = office.queue.take()
    office.deliver(bodies[0])
    sent = len(office.mail.box)
    control_job(office.job_line, office.machine, job.id, "pause")
    for body in bodies:
        office.deliver(body)
    assert len(office.mail.box) == sent
    assert check_job(office.jobs, office.clock, job.id).finished, "nothing to wait for while it is paused"
    resumed = control_job(office.job_line, office.machine, job.id, "resume")
    assert len(office.machine.started) == 2
    office.run(resumed)
    assert office.outcomes(job) == {"accepted": 30}
    assert len(office.mail.box) == 30


def test_a_pause_in_the_middle_of_a_chunk_lets_only_what_is_in_the_air_arrive(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 10))))
    office.execute(job)

    def pause(mail: object) -> None:
        if office.job(job).state == "running":
            control_job(office.job_line, office.machine, job.id, "pause")

    office.line.mail.answer = pause  # type: ignore[attr-defined]  # the mailbox of the tests
    office.work()
    assert len(office.mail.box) == office.line.at_once


def test_a_cancelled_job_ends_with_everybody_accounted_for(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 30))))
    office.execute(job)
    first, *_ = office.queue.take()
    office.deliver(first)
    control_job(office.job_line, office.machine, job.id, "cancel")
    done = office.run(job)
    assert done.state == "cancelled"
    assert office.outcomes(job) == {"accepted": 10, "cancelled": 20}
    with pytest.raises(ConflictError):
        control_job(office.job_line, office.machine, job.id, "resume")


def test_a_held_job_waits_to_be_started_and_a_scheduled_one_for_its_time(office: PostOffice) -> None:
    segment = office.segment(people_of(office, 3))
    held = office.send(office.campaign(), office.order(segment, start="hold"))
    later = office.clock.now() + timedelta(hours=2)
    scheduled = office.send(office.campaign(), office.order(segment, start=later.isoformat()))
    assert (held.state, scheduled.state, office.machine.started) == ("held", "scheduled", {})
    wake_job(office.jobs, office.machine, office.due_index, office.clock, scheduled.id)
    assert office.job(scheduled).state == "scheduled"
    office.clock.move(hours=3)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, scheduled.id)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, held.id)
    assert (office.job(scheduled).state, office.job(held).state) == ("running", "held")
    control_job(office.job_line, office.machine, held.id, "start")
    assert len(office.machine.started) == 2


def test_a_job_that_does_not_move_is_helped_along(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 5))))
    office.execute(job)
    office.queue.take()  # lost
    assert not check_job(office.jobs, office.clock, job.id).stalled
    office.clock.move(minutes=6)
    assert check_job(office.jobs, office.clock, job.id).stalled
    enqueue_chunks(office.jobs, office.queue, office.clock, job.id, 0)
    office.work()
    assert check_job(office.jobs, office.clock, job.id).finished
    assert office.job(job).state == "finished"


def test_an_execution_that_lives_for_days_makes_way_for_another_before_its_history_is_full(office: PostOffice) -> None:
    people = office.segment(people_of(office, 5))
    job = office.send(office.campaign(), office.order(people, window_minutes=3 * 24 * 60))
    (first,) = office.machine.started
    office.execute(job)
    rounds = 0
    while not check_job(office.jobs, office.clock, job.id, first).finished:
        office.clock.move(seconds=60)
        rounds += 1
    assert 9 * rounds < 20_000, "events of its history"
    assert office.job(job).state == "running"
    office.clock.move(minutes=1)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    (second,) = office.machine.started.keys() - {first}
    assert not check_job(office.jobs, office.clock, job.id, second).finished


def test_a_lost_execution_is_started_again_by_the_due_item(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 5))))
    office.clock.move(minutes=10)
    due = [entry.thing for page in office.due_index.due(office.clock.now()) for entry in page]
    assert f"job#{job.id}" in due
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    assert len(office.machine.started) == 2


def test_a_failure_after_progress_is_no_failure_of_the_state(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state is tried a few times; an audience of a million meets more throttles than that."""
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 45))))
    left, create_many = [3], office.messages.create_many

    def throttled(messages: Any) -> Any:
        left[0] -= 1
        if left[0] < 1:
            raise TransientError("throttled")
        return create_many(messages)

    monkeypatch.setattr(office.messages, "create_many", throttled)
    told: list[Exception] = []
    freezer = replace(office.freezer, round=10, cut_short=told.append)
    assert not freeze_audience(freezer, job.id, lambda: 60.0)
    assert (office.job(job).prepared, office.job(job).chunks) == (2, 3)
    assert [str(error) for error in told] == ["throttled"], "who operates it hears why"
    with pytest.raises(TransientError):
        freeze_audience(freezer, job.id, lambda: 60.0)
    left[0] = 9
    assert freeze_audience(freezer, job.id, lambda: 60.0)
    assert office.job(job).total == 45


def _as_any(thing: object) -> Any:
    return thing


class _Dying:
    """A port that dies at one of its calls, after it took effect; `left` counts down over all ports of the test."""

    def __init__(self, inner: Any, left: list[int]) -> None:
        self._inner, self._left = inner, left

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **rest: Any) -> Any:
            answer = getattr(self._inner, name)(*args, **rest)
            self._left[0] -= 1
            if self._left[0] == 0:
                raise KeyboardInterrupt
            return answer

        return call


@pytest.mark.parametrize("step", [2, 3])
def test_whoever_dies_in_waking_leaves_a_job_that_wakes(office: PostOffice, step: int) -> None:
    """Step Functions keeps a name for 90 days: a second wake by the name of the first would start nothing."""
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 5))))
    office.clock.move(minutes=20)
    left, due = [step], MemoryDueIndex()
    jobs, machine, dying_due = (_as_any(_Dying(port, left)) for port in (office.jobs, office.machine, due))
    with pytest.raises(KeyboardInterrupt):
        wake_job(jobs, machine, dying_due, office.clock, job.id)
    office.clock.move(minutes=20)
    assert [entry.thing for page in due.due(office.clock.now()) for entry in page] == [f"job#{job.id}"]
    before = len(office.machine.started)
    wake_job(office.jobs, office.machine, due, office.clock, job.id)
    assert len(office.machine.started) == before + 1


def test_a_send_waits_for_a_lake_that_trails_and_not_for_ever(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 2))))
    assert not lake_is_behind(office.freezer, job.id)
    office.lake.behind = True
    assert lake_is_behind(office.freezer, job.id)
    office.clock.move(seconds=61)
    assert not lake_is_behind(office.freezer, job.id)
