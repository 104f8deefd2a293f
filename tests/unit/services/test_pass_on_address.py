"""An address that several records of a campaign share: one mail, to the first of them that may be written to."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.domain.errors import TransientError
from gotero.domain.job import Job
from gotero.domain.message import MessageKey, State
from gotero.domain.record import Record, RecordEvent, Ref
from gotero.ports import IndexKeys
from gotero.services.freeze_audience import freeze_audience
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice

AT = "2026-11-21T08:00:00.000Z"


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def _person(office: PostOffice, number: int, address: str = "info@example.com") -> Ref:
    """A contact beside others with the same address, as an import may bring them."""
    ref = Ref("contacts", f"c{number:03d}")
    values = {"firstname": "Ana", "lastname": "Ferrandis", "email": address}
    record = Record(ref.module, ref.id, f"CON-{number}", MARC, values, AT, MARC, AT)
    office.records.create(record, RecordEvent(ref.id, "create", BY_MARC, AT), IndexKeys())
    return ref


def _sharing(office: PostOffice, count: int) -> list[Ref]:
    return [_person(office, number) for number in range(count)]


def _leave(office: PostOffice, ref: Ref, **values: Any) -> None:
    before = office.records.get(ref)
    assert before is not None
    after = replace(before, values={**before.values, **values}, version=before.version + 1)
    office.records.update(after, RecordEvent(ref.id, "modify", BY_MARC, AT), IndexKeys(), IndexKeys())


def _frozen(office: PostOffice, people: list[Ref]) -> Job:
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.execute(job)
    return job


def test_the_next_record_gets_the_mail_of_one_that_left_meanwhile(office: PostOffice) -> None:
    first, second, third = people = _sharing(office, 3)
    job = _frozen(office, people)
    _leave(office, first, do_not_email=True)
    _leave(office, second, do_not_email=True)
    done = office.run(job)
    assert done.state == "finished"
    assert office.outcomes(job) == {"skipped": 3}, "the job has counted each of its messages under its own outcome"
    assert [office.message(job, ref).reason for ref in people] == ["do_not_email", "same_address", "same_address"]
    [mail] = office.mail.box
    assert mail.message_id == f"contacts-{third.id}-job-{job.id}-2"
    again = office.messages.get(MessageKey(third, "job", job.id, 2))
    assert again and (again.state, again.mailing.campaign) == (State.ACCEPTED, job.params["campaign"])


def test_an_heir_that_is_refused_in_its_turn_is_followed_by_the_next(office: PostOffice) -> None:
    first, second, third, fourth, fifth = people = _sharing(office, 5)
    job = _frozen(office, people)
    _leave(office, first, do_not_email=True)
    office.deliver(office.queue.take()[0])
    [heir] = office.queue.take()
    assert heir == {"messages": [str(MessageKey(second, "job", job.id, 2))]}
    for ref in (second, fourth):
        _leave(office, ref, do_not_email=True)
    office.deliver(heir)
    office.deliver(heir)
    _leave(office, third, do_not_email=True)
    office.work()
    assert [mail.message_id for mail in office.mail.box] == [str(MessageKey(fifth, "job", job.id, 2))]
    refused = [office.messages.get(MessageKey(ref, "job", job.id, 2)) for ref in (second, third)]
    assert [m and (m.state, m.reason) for m in refused] == [(State.SKIPPED, "do_not_email")] * 2
    assert office.messages.get(MessageKey(fourth, "job", job.id, 2)) is None, "nobody plans what cannot leave"
    assert office.outcomes(job) == {"skipped": 5}


def test_an_heir_whose_sender_died_after_refusing_it_is_followed_too(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = _sharing(office, 3)
    job = _frozen(office, people)
    _leave(office, people[0], do_not_email=True)
    office.deliver(office.queue.take()[0])
    _leave(office, people[1], do_not_email=True)
    [heir] = office.queue.take()
    claim = office.jobs.claim_address

    def refuse(*_: Any, **__: Any) -> str:
        raise TransientError("throttled")

    monkeypatch.setattr(office.jobs, "claim_address", refuse)
    with pytest.raises(TransientError):
        office.deliver(heir)
    monkeypatch.setattr(office.jobs, "claim_address", claim)
    office.deliver(heir)
    office.work()
    assert [mail.message_id for mail in office.mail.box] == [str(MessageKey(people[2], "job", job.id, 2))]


def test_a_template_that_is_gone_is_gone_for_every_heir(office: PostOffice) -> None:
    people = _sharing(office, 3)
    job = _frozen(office, people)
    office.definitions.delete("templates", office.template)
    office.work()
    assert office.outcomes(job) == {"skipped": 3}
    assert office.messages.get(MessageKey(people[1], "job", job.id, 2)) is None


def test_an_heir_of_a_job_that_was_cancelled_since_has_no_heir(office: PostOffice) -> None:
    people = _sharing(office, 3)
    job = _frozen(office, people)
    _leave(office, people[0], do_not_email=True)
    office.deliver(office.queue.take()[0])
    _leave(office, people[1], do_not_email=True)
    office.jobs.control(office.job(job).moved("cancelled", job.created_at))
    office.work()
    assert office.mail.box == []


@settings(max_examples=30)
@given(st.lists(st.integers(0, 7), min_size=1, max_size=8), st.randoms())
def test_however_they_leave_an_address_gets_one_mail_while_anybody_stays(leaving: list[int], random: Any) -> None:
    """Each leaves before so many queue messages were taken; whoever has 7 stays. Each message may come twice."""
    office = PostOffice()
    people = _sharing(office, len(leaving))
    job = _frozen(office, people)
    for taken in range(30):
        for ref, instant in zip(people, leaving, strict=True):
            if instant == taken < 7:
                _leave(office, ref, do_not_email=True)
        bodies = office.queue.take()
        for body in bodies:
            for _ in range(random.choice((1, 2))):
                office.deliver(body)
        if not bodies:
            break
    sent = [MessageKey.parse(mail.message_id).recipient for mail in office.mail.box]
    assert len(sent) <= 1
    assert len(sent) == 1 or 7 not in leaving
    assert all(leaving[people.index(ref)] > 0 for ref in sent)
    assert office.outcomes(job)


def test_a_chunk_that_is_finished_twice_passes_its_addresses_on_once(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = _sharing(office, 3)
    _frozen(office, people)
    _leave(office, people[0], do_not_email=True)
    [body] = office.queue.take()
    finish = office.jobs.finish_chunk

    def refuse(*_: Any) -> None:
        raise TransientError("throttled")

    monkeypatch.setattr(office.jobs, "finish_chunk", refuse)
    with pytest.raises(TransientError):
        office.deliver(body)
    office.work()
    _leave(office, people[1], do_not_email=True)
    monkeypatch.setattr(office.jobs, "finish_chunk", finish)
    office.clock.move(seconds=61)
    office.deliver(body)
    office.work()
    assert len(office.mail.box) == 1


def test_who_is_frozen_after_the_first_was_refused_takes_its_place(office: PostOffice) -> None:
    """The chunks of a send in local time leave while others are still taken in."""
    first, second = people = _sharing(office, 2)
    job = office.send(office.campaign(), office.order(office.segment(people)))
    whole = dict(office.lake.segments)
    office.lake.segments["seg1"] = [first]
    freeze_audience(office.freezer, job.id, lambda: 60.0)
    _leave(office, first, do_not_email=True)
    office.deliver({"job": job.id, "chunk": 0})
    assert office.message(job, first).state is State.SKIPPED
    office.lake.segments = whole
    office.jobs.note(job.id, frozen=False)
    done = office.run(job)
    assert done.state == "finished"
    assert office.outcomes(job) == {"accepted": 1, "skipped": 1}
    assert office.message(job, second).state is State.ACCEPTED


def test_of_a_cancelled_job_nothing_is_passed_on(office: PostOffice) -> None:
    people = _sharing(office, 2)
    job = _frozen(office, people)
    _leave(office, people[0], do_not_email=True)
    office.jobs.control(office.job(job).controlled("cancel", job.created_at))
    office.work()
    assert office.mail.box == []


_SAYS = st.sampled_from(["stays", "stays", "says no", "loses its address"])


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), _SAYS, _SAYS), min_size=1, max_size=14))
def test_each_address_gets_one_mail_while_anybody_with_it_may_be_written_to(people: list[tuple[int, str, str]]) -> None:
    """Some leave before the audience is frozen, some after."""
    office = PostOffice()
    refs = [_person(office, number, f"p{address}@example.com") for number, (address, _, _) in enumerate(people)]
    left: dict[str, dict[str, Any]] = {"says no": {"do_not_email": True}, "loses its address": {"email": ""}}
    for ref, (_, before, _) in zip(refs, people, strict=True):
        _leave(office, ref, **left.get(before, {}))
    job = _frozen(office, refs)
    for ref, (_, before, after) in zip(refs, people, strict=True):
        _leave(office, ref, **({} if before in left else left.get(after, {})))
    done = office.run(job)
    assert sum(done.counts.values()) == done.total == len(people)
    staying = {f"p{address}@example.com" for address, before, after in people if before == after == "stays"}
    assert Counter(mail.to for mail in office.mail.box) == dict.fromkeys(staying, 1)
