"""A campaign from its order to the outcome of everybody: frozen, sent chunk by chunk, adding up."""

from dataclasses import replace

import pytest

from gotero.domain.job import Job
from gotero.domain.membership import Source
from gotero.domain.message import State
from gotero.services.freeze_audience import freeze_audience
from gotero.services.save_record import create_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice, people_of


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def test_a_mixed_list_is_sent_to_once_each_and_adds_up(office: PostOffice) -> None:
    people = people_of(office, 25)
    without, broken = office.contact(None), office.contact("broken@")
    job = office.send(office.campaign(), office.order(office.segment([*people, without, broken])))
    done = office.run(job)
    assert done.state == "finished"
    assert office.outcomes(job) == {"accepted": 25, "skipped": 2}
    assert done.total == 27
    assert len({mail.to for mail in office.mail.box}) == len(office.mail.box) == 25
    for ref, reason in ((without, "no_email"), (broken, "invalid_email")):
        values = office.message(job, ref).to_record().values
        assert (values["status"], values["reason"], values["no_email"]) == ("skipped", reason, True)
    values = office.message(job, people[0]).to_record().values
    assert (values["campaign"], values["contact"]) == (job.params["campaign"], people[0].id)
    numbers = {message.number for message in office.messages.stored.values()}
    assert len(numbers) == 27


def test_two_records_with_one_address_are_two_messages_and_one_mail(office: PostOffice) -> None:
    contact = office.contact("info@example.com")
    account = create_record(
        office.writer, "accounts", {"accountname": "Roig", "email": "Info@Example.com"}, cause=BY_MARC, owner=MARC
    ).ref
    job = office.send(office.campaign(), office.order(office.segment([contact, account])))
    office.run(job)
    messages = [office.message(job, account), office.message(job, contact)]
    assert [m.state for m in messages] == [State.ACCEPTED, State.SKIPPED]
    assert messages[1].reason == "same_address"
    assert len(office.mail.box) == 1
    assert messages[0].to_record().values["account"] == account.id


def test_progress_grows_chunk_by_chunk(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 60))))
    office.execute(job)
    readings = []
    for body in office.queue.take():
        office.deliver(body)
        readings.append(office.job(job).to_json()["progress"])
    assert readings == sorted(readings)
    assert len([reading for reading in readings if 0 < reading < 1]) >= 3
    assert readings[-1] == 1.0


def test_freezing_goes_on_where_it_stopped_and_takes_nobody_twice(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 35))))
    calls, freezer = 0, replace(office.freezer, round=10)
    while not freeze_audience(freezer, job.id, iter([60.0, 5.0]).__next__):
        calls += 1
    assert calls >= 3
    assert freeze_audience(office.freezer, job.id, lambda: 60.0)
    assert office.job(job).total == 35
    assert len(office.messages.stored) == 35


def test_a_chunk_whose_messages_were_not_written_gets_them_when_freezing_goes_on(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = office.send(office.campaign(), office.order(office.segment(people_of(office, 5))))

    def die(messages: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(office.messages, "create_many", die)
    with pytest.raises(KeyboardInterrupt):
        freeze_audience(office.freezer, job.id, lambda: 60.0)
    monkeypatch.undo()
    assert office.job(job).total == 5
    office.run(job)
    assert office.outcomes(job) == {"accepted": 5}


def test_no_item_and_no_payload_holds_more_than_a_chunk(office: PostOffice) -> None:
    job: Job = office.send(office.campaign(), office.order(office.segment(people_of(office, 300))))
    office.execute(job)
    chunks = [office.jobs.chunk(job.id, n) for n in range(office.job(job).chunks)]
    assert max(len(chunk.recipients) for chunk in chunks if chunk) <= 50
    assert all(set(body) == {"job", "chunk"} for body in office.queue.bodies)
    assert [set(payload) for payload in office.machine.started.values()] == [{"job_id", "execution"}]


def test_whoever_enters_a_segment_that_is_left_out_gets_none_though_the_audience_is_frozen(office: PostOffice) -> None:
    people = people_of(office, 4)
    wanted, left_out = office.segment(people), office.segment([], "seg2")
    order = office.order(wanted)
    order["audience"]["except"] = [left_out]
    job = office.send(office.campaign(), order)
    office.execute(job)
    office.memberships.add(left_out, people[2], Source("manual", "u1", "2026-11-21T09:00:00.000Z", BY_MARC))
    office.work()
    assert office.outcomes(job) == {"accepted": 3, "skipped": 1}
    assert office.message(job, people[2]).reason == "excluded"
