"""A recipient's server that wants a mail later: asked again, less and less often, for a day; and nobody else waits."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from gotero.domain.handover import DEFER_FOR, Handover, OutgoingMail, Postponed, try_again_at
from gotero.domain.message import Message, State
from gotero.ports import Due
from tests.unit.services.post_office import PostOffice

GREY = Postponed("smtp_450", alone=True)


def _greylisting(until: Callable[[], bool]) -> Callable[[OutgoingMail], Handover | None]:
    return lambda mail: None if until() or "grey" not in mail.to else GREY


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def _due(office: PostOffice) -> list[Due]:
    """What is due by now, once."""
    entries = [entry for page in office.due_index.due(office.clock.now()) for entry in page]
    office.due_index.done(entries)
    return entries


def test_tries_come_less_and_less_often_and_end_after_a_day(office: PostOffice) -> None:
    first = now = office.clock.now()
    tries = []
    while again := try_again_at(first, now):
        now = again
        tries.append((now - first) // timedelta(minutes=1))
    assert tries == [10, 20, 40, 80, 160, 320, 640, 1280, 2560]


def test_a_chunk_goes_on_past_those_who_have_to_wait_and_comes_back_for_them(office: PostOffice) -> None:
    people = [office.contact(f"p{n}@{'grey' if n % 4 == 0 else 'fast'}.example") for n in range(8)]
    passed = False
    office.mail.answer = _greylisting(lambda: passed)
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.execute(job)
    office.work()
    assert len(office.mail.box) == 6, "slices of four: those behind a deferred mail have left too"
    states = [office.message(job, ref).state for ref in people]
    assert states.count(State.PLANNED) == 2
    # Nobody asks before its instant, whatever the queue brings.
    office.deliver({"job": job.id, "chunk": 0})
    assert (office.queue.bodies, len(office.mail.box)) == ([], 6)
    office.clock.move(minutes=10)
    assert [due.payload for due in _due(office) if due.thing.startswith("chunk#")] == [{"job": job.id, "chunk": 0}]
    office.deliver({"job": job.id, "chunk": 0})
    passed = True
    office.clock.move(minutes=20)
    office.deliver({"job": job.id, "chunk": 0})
    assert office.outcomes(job) == {"accepted": 8}
    assert len({mail.message_id for mail in office.mail.box}) == len(office.mail.box) == 8


def test_what_waits_in_vain_fails_with_the_servers_own_number(office: PostOffice) -> None:
    people = [office.contact(f"p{n}@{'grey' if n else 'fast'}.example") for n in range(3)]
    office.mail.answer = _greylisting(lambda: False)
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.execute(job)
    office.work()
    for _ in range(20):
        office.clock.move(minutes=(DEFER_FOR // timedelta(minutes=1)) // 4)
        office.deliver({"job": job.id, "chunk": 0})
    assert office.outcomes(job) == {"accepted": 1, "failed": 2}
    assert {office.message(job, ref).reason for ref in people[1:]} == {"smtp_450"}


def test_a_cancelled_job_does_not_wait_for_them(office: PostOffice) -> None:
    people = [office.contact(f"p{n}@grey.example") for n in range(3)]
    office.mail.answer = _greylisting(lambda: False)
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.execute(job)
    office.work()
    office.jobs.control(office.job(job).controlled("cancel", "2026-11-21T10:00:00.000Z"))
    office.deliver({"job": job.id, "chunk": 0})
    assert office.outcomes(job) == {"cancelled": 3}


def test_a_single_mail_comes_back_with_its_due_item_and_fails_in_the_end(office: PostOffice) -> None:
    office.mail.answer = _greylisting(lambda: False)
    tried = list[timedelta]()
    began = office.clock.now()
    message: Message = office.plan(office.contact("ana@grey.example"))
    for _ in range(400):
        for body in office.queue.take():
            tried.append(office.clock.now() - began)
            office.deliver(body)
            stored = office.now_is(message)
            assert stored.claim is None
        if office.now_is(message).state is not State.PLANNED:
            break
        office.clock.move(minutes=10)
        if _due(office):
            office.settle(message)
    assert (office.now_is(message).state, office.now_is(message).reason) == (State.FAILED, "smtp_450")
    assert len(tried) <= 12
    assert DEFER_FOR <= tried[-1] <= DEFER_FOR + timedelta(hours=7)
    assert office.mail.box == []
