"""What stops campaigns: bounces and complaints of a job or of the account, a quota, a rate that was too fast."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from gotero.domain.deliverability import Deliverability, Tally
from gotero.domain.errors import ConflictError, InvalidError
from gotero.domain.handover import Postponed
from gotero.domain.job import Job
from gotero.domain.message import State
from gotero.domain.message_event import EventKind
from gotero.services.brake import let_go_of_account
from gotero.services.check_job import check_job, wake_job
from gotero.services.control_job import control_job
from gotero.services.read_deliverability import read_deliverability
from gotero.services.save_settings import save_settings
from gotero.services.work_job import JobLine
from tests.unit.services.office import BY_MARC
from tests.unit.services.post_office import PostOffice

SMALL = {"bounce_minimum": 20, "bounce_limit": 0.1, "complaint_minimum": 1000, "complaint_limit": 0.005}


@pytest.fixture
def office() -> PostOffice:
    office = PostOffice()
    office.define("settings", SMALL, "deliverability")
    return office


def _sending(office: PostOffice, people: int, name: str = "c") -> Job:
    refs = [office.contact(f"{name}{i}@example.com") for i in range(people)]
    job = office.send(office.campaign(name), office.order(office.segment(refs, f"seg-{name}")))
    office.execute(job)
    return job


def _accepted(office: PostOffice, job: Job) -> Iterator[Any]:
    messages = [m for m in office.messages.stored.values() if m.mailing.job == job.id]
    return iter([m for m in messages if m.state is State.ACCEPTED])


def _some(office: PostOffice, count: int) -> None:
    """Send some chunks, and leave the others on the queue."""
    bodies = office.queue.take()
    for body in bodies[:count]:
        office.deliver(body)
    office.queue.put(bodies[count:])


def _line(office: PostOffice) -> JobLine:
    return JobLine(office.jobs, office.queue, office.due_index, office.clock, office.ids)


def _control(office: PostOffice, job: Job, control: Any) -> Job:
    return control_job(_line(office), office.machine, job.id, control, office.desk)


def _bounce(office: PostOffice, mails: Iterator[Any], count: int) -> None:
    for _ in range(count):
        mail = next(mails)
        office.tell(mail, EventKind.BOUNCED, f"b{mail.id}", permanent=True, suppress=True)


def test_a_job_with_too_many_bounces_is_paused_with_its_reason_and_resumed_by_a_person(office: PostOffice) -> None:
    office.define("settings", {"name": "x", "address": "y", "sender": "z@z.example"}, "other")
    job = _sending(office, 60)
    _some(office, 4)
    mails = _accepted(office, job)
    _bounce(office, mails, 1)
    office.count()
    assert office.job(job).state == "running"
    _bounce(office, mails, 1)
    office.count()
    stopped = office.job(job)
    assert (stopped.state, stopped.stopped) == ("paused", "bounces")
    assert stopped.to_json()["stopped"] == "bounces"
    assert [told for told in office.alarms.told if "bounces" in told]
    before = len(office.mail.box)
    office.work()
    assert len(office.mail.box) == before, "nothing leaves while it stands"
    # The account is as bad as its only job: its brake is let go of first, by somebody who says why.
    with pytest.raises(ConflictError):
        _control(office, job, "resume")
    with pytest.raises(InvalidError):
        let_go_of_account(office.desk, "lucia", " ")
    assert let_go_of_account(office.desk, "lucia", "lista vieja, quitada").brake == ""
    with pytest.raises(ConflictError):
        let_go_of_account(office.desk, "lucia", "otra vez")
    _control(office, job, "resume")
    assert office.job(job).stopped == ""
    office.execute(job)
    office.work()
    check_job(office.jobs, office.clock, job.id)
    assert office.job(job).state == "finished"
    _bounce(office, mails, 1)
    office.count()
    assert office.brakes.get().brake == "", "both count anew"


def test_the_brake_of_the_account_stops_campaigns_and_lets_answers_through(office: PostOffice) -> None:
    first = _sending(office, 30, "a")
    office.work()
    mails = _accepted(office, first)
    for _ in range(2):
        office.tell(next(mails), EventKind.SPAM)
    office.count()
    assert office.brakes.get().brake == ""
    _bounce(office, mails, 2)
    office.count()
    assert office.brakes.get().brake == "bounces"
    second = _sending(office, 30, "b")
    answer = office.plan(office.contact("answer@example.com"), "w9")
    sent = len(office.mail.box)
    office.work()
    assert [mail.to for mail in office.mail.box[sent:]] == ["answer@example.com"]
    assert office.now_is(answer).state is State.ACCEPTED
    assert (office.job(second).state, office.job(second).stopped) == ("paused", "account")
    shown = read_deliverability(office.desk, None)
    assert (shown["brake"]["brake"], shown["account"]["bounced"], shown["warning"]) == ("bounces", 2, "bounces")


def test_an_event_that_comes_again_counts_once_and_a_batch_is_two_writes(office: PostOffice) -> None:
    job = _sending(office, 30)
    office.work()
    for mail in list(_accepted(office, job))[:10]:
        for _ in range(3):
            office.tell(mail, EventKind.DELIVERED, f"d{mail.id}")
    office.count()
    assert read_deliverability(office.desk, None)["account"]["delivered"] == 10
    assert office.tallies.writes == 2


def test_the_limits_are_settings_and_cannot_be_set_past_those_of_the_provider(office: PostOffice) -> None:
    numbers = office.writer.numbers
    saved = save_settings(office.definer, numbers, "deliverability", {"bounce_limit": 0.03}, cause=BY_MARC)
    assert (saved["bounce_limit"], saved["complaint_limit"]) == (0.03, 0.001)
    for wrong in ({"bounce_limit": 0.5}, {"complaint_limit": 0}, {"bounce_limit": "x"}, {"soft_bounces": -1}, {"x": 1}):
        with pytest.raises(InvalidError) as error:
            save_settings(office.definer, numbers, "deliverability", wrong, cause=BY_MARC)
        assert [e.path for e in error.value.errors] == list(wrong)


@pytest.mark.parametrize(("bounces", "complaints", "stops"), [(0.08, 0.003, True), (0.015, 0.0003, False)])
def test_a_bad_stream_stops_within_five_hundred_mails_and_a_usual_one_never(
    bounces: float, complaints: float, stops: bool
) -> None:
    """A hundred seeds of 20,000 mails each, with the limits that nobody has changed."""
    policy, at = Deliverability(), []
    for seed in range(100):
        random, delivered, bounced, complained = Random(seed), 0, 0, 0
        for n in range(1, 20_001):
            bad = random.random() < bounces
            spam = not bad and random.random() < complaints
            delivered, bounced, complained = delivered + (not bad), bounced + bad, complained + spam
            # As the service does: what is good stops nothing.
            if (bad or spam) and policy.exceeded(Tally(delivered, bounced, complained)):
                at.append(n)
                break
    assert (len(at) == 100 and max(at) <= 500) if stops else at == []


# -------------------------------------------------------------------------------------------------------- the provider


def test_a_daily_quota_parks_the_job_which_says_until_when_and_goes_on_by_itself(office: PostOffice) -> None:
    job = _sending(office, 30)
    left = [12]

    def quota(mail: Any) -> Postponed | None:
        left[0] -= 1
        return Postponed("quota") if left[0] < 0 else None

    office.mail.answer = quota
    office.work()
    parked = office.job(job)
    shown = parked.to_json()
    assert (shown["state"], shown["stopped"]) == ("parked", "quota")
    assert shown["parked_until"] == "2026-11-21T10:00:00.000Z"
    assert office.queue.bodies == [], "nobody asks again and again"
    assert check_job(office.jobs, office.clock, job.id).finished, "nothing waits for it but its due item"
    office.mail.answer = None
    office.clock.move(minutes=30)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    office.execute(job)
    office.work()
    assert office.job(job).to_json()["state"] == "parked"
    office.clock.move(minutes=31)
    started = len(office.machine.started)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    assert (office.job(job).to_json()["state"], len(office.machine.started)) == ("running", started + 1)
    assert office.run(job).state == "finished"
    assert office.outcomes(job) == {"accepted": 30}


def test_a_cancelled_job_ends_though_a_sender_still_hears_of_the_quota(office: PostOffice) -> None:
    job = _sending(office, 30)

    def cancelled_meanwhile(mail: Any) -> Postponed:
        if office.job(job).state == "running":
            control_job(office.job_line, office.machine, job.id, "cancel", office.desk)
        return Postponed("quota")

    office.mail.answer = cancelled_meanwhile
    office.work()
    assert office.job(job).to_json()["parked_until"] is None
    assert office.run(job).state == "cancelled"
    assert office.outcomes(job) == {"cancelled": 30}


def test_a_rate_that_was_too_fast_slows_everybody_down(office: PostOffice) -> None:
    refused = [True, True]
    office.mail.answer = lambda mail: Postponed("throttled") if refused and refused.pop() else None
    job = _sending(office, 12)
    office.work()
    assert office.pace.slowed >= 1
    assert office.run(job).state == "finished"
    assert office.outcomes(job) == {"accepted": 12}
