"""A sender that dies, runs out of time, is throttled or waits for its turn: who is in doubt, and who is not."""

from dataclasses import replace
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest

from gotero.domain.errors import TransientError
from gotero.domain.handover import Handover, Postponed, Unknown
from gotero.domain.message import Message, State
from gotero.domain.message_event import EventKind
from gotero.services.check_job import check_job
from gotero.services.hand_over import in_threads
from tests.unit.services.post_office import PostOffice, people_of


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def test_what_was_in_the_air_when_a_sender_died_is_uncertain_the_rest_is_sent(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 10))))
    office.execute(job)
    [body] = office.queue.take()

    class Dead(BaseException):
        pass

    def die_at_the_sixth(mail: Any) -> Handover | None:
        if len(office.mail.box) >= 5:
            raise Dead
        return None

    office.mail.answer = die_at_the_sixth
    with pytest.raises(Dead):
        office.deliver(body)
    office.mail.answer = None
    office.deliver(body)
    assert len(office.mail.box) == 5, "its owner may be alive"
    office.clock.move(seconds=61)
    office.deliver(body)
    check_job(office.jobs, office.clock, job.id)
    counts = office.outcomes(job)
    assert counts["accepted"] + counts["uncertain"] == 10
    assert 1 <= counts["uncertain"] <= office.line.at_once
    assert len({mail.to for mail in office.mail.box}) == len(office.mail.box)
    assert office.job(job).to_json()["state"] == "finished_open"
    for message in list(office.messages.stored.values()):
        office.tell(message, EventKind.DELIVERED, id=message.id)
    assert office.outcomes(job) == {"accepted": 10}
    assert office.job(job).to_json()["state"] == "finished"


def test_a_sender_that_runs_out_of_time_in_a_slice_leaves_nobody_in_doubt(office: PostOffice) -> None:
    """A busy machine: the third mail of four comes when there is no time left to bring it home."""
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 10))))
    office.execute(job)
    [body] = office.queue.take()
    office.line = replace(office.line, together=lambda work, mails, _: [work(mail) for mail in mails])

    def slow(mail: Any) -> Handover | None:
        office.seconds_left -= 13.0
        return None

    office.mail.answer = slow
    office.deliver(body)
    assert len(office.mail.box) == 2
    assert office.queue.bodies == [body]
    office.mail.answer, office.seconds_left = None, 40.0
    office.work()
    check_job(office.jobs, office.clock, job.id)
    assert office.outcomes(job) == {"accepted": 10}
    assert len(office.mail.box) == 10


def test_of_a_slice_that_does_not_end_in_time_only_whom_the_provider_was_asked_about_is_in_doubt(
    office: PostOffice,
) -> None:
    """Of four mails one is sent, one gets no answer, and the threads of two begin too late."""
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 4))))
    office.execute(job)
    [body] = office.queue.take()
    late: list[Any] = []

    def starved(work: Any, mails: Any, patience: float) -> list[Any]:
        assert patience == 35.0, "five seconds of its forty are for the release"
        late.extend([work, *mails])
        sent = work(mails[0])
        office.mail.answer = lambda mail: Unknown("ReadTimeoutError")
        work(mails[1])
        return [sent, None, None, None]

    office.line = replace(office.line, together=starved)
    with patch.object(office.messages, "save", side_effect=_only_accepted(office)):
        office.deliver(body)
    chunk = office.jobs.chunk(job.id, 0)
    assert chunk and (chunk.owner, chunk.at_risk, chunk.done) == ("", (1,), False)

    office.mail.answer = None
    work, *mails = late
    assert [work(mail) for mail in mails[2:]] == [Postponed("no_time")] * 2, "whoever comes after it is shut stays out"
    office.line = replace(office.line, together=in_threads)
    office.work()
    assert office.outcomes(job) == {"accepted": 3, "uncertain": 1}
    assert len({mail.to for mail in office.mail.box}) == len(office.mail.box) == 3


def _only_accepted(office: PostOffice) -> Any:
    save = office.messages.save

    def saved(message: Message, notice: Any) -> None:
        if message.state is State.UNCERTAIN:
            raise TransientError("throttled")
        save(message, notice)

    return saved


def test_a_slice_that_is_made_ready_too_late_puts_nobody_at_risk(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 4))))
    office.execute(job)
    [body] = office.queue.take()
    office.pace.wait = 2.0

    def stand_still(seconds: float) -> None:
        office.seconds_left = 14.0

    office.line = replace(office.line, sleep=stand_still)
    office.deliver(body)
    chunk = office.jobs.chunk(job.id, 0)
    assert chunk and (chunk.owner, chunk.at_risk) == ("", ())
    assert (office.mail.box, office.queue.bodies) == ([], [body])


def test_threads_are_waited_for_no_longer_than_there_is_patience() -> None:
    go_on = Event()

    def work(mail: Any) -> Any:
        if mail == "slow":
            go_on.wait(10)
        return mail

    mails: Any = ["quick", "slow", *(["slow"] * 100)]
    try:
        ended: list[Any] = list(in_threads(work, mails, 0.2))
    finally:
        go_on.set()
    assert ended == ["quick", *([None] * 101)], "also those for whom no thread was left, which never begin"


def test_what_stays_uncertain_is_held_and_counted_as_such(office: PostOffice) -> None:
    office.mail.answer = lambda mail: Unknown("ReadTimeoutError") if mail.to == "p3@example.com" else None
    people = people_of(office, 5)
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.run(job)
    assert office.outcomes(job) == {"accepted": 4, "uncertain": 1}
    office.clock.move(hours=25)
    office.settle(office.message(job, people[3]))
    assert office.outcomes(job) == {"accepted": 4, "held": 1}


def test_a_throttled_chunk_goes_back_and_loses_nobody(office: PostOffice) -> None:
    refusals = iter([True] * 3)
    office.mail.answer = lambda mail: Postponed("throttled") if next(refusals, False) else None
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 10))))
    office.run(job)
    assert office.outcomes(job) == {"accepted": 10}


def test_slices_wait_for_their_turn_and_go_back_when_it_is_far(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 10))))
    office.execute(job)
    [body] = office.queue.take()
    office.pace.wait = 7.2
    office.deliver(body)
    assert (office.mail.box, office.queue.bodies, office.queue.delays) == ([], [body], [8])
    office.pace.wait = 0.5
    office.work()
    assert (office.pace.booked, office.slept) == ([4, 4, 2], [0.5, 0.5, 0.5])
    assert office.outcomes(job) == {"accepted": 10}
