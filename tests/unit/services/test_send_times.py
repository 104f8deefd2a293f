"""When a send leaves: at a time of day where each recipient is, over a window; once more to who did not open it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from gotero.domain import instant
from gotero.domain.errors import ConflictError, InvalidError
from gotero.domain.message import MessageKey
from gotero.domain.message_event import EventKind
from gotero.services.check_job import wake_job
from gotero.services.control_job import control_job
from tests.unit.services.bulk_office import Bulk


@pytest.fixture
def office() -> Bulk:
    return Bulk()


def _due_chunks(office: Bulk, until: datetime) -> list[Any]:
    entries = [e for page in office.due_index.due(until) for e in page if e.thing.startswith("chunk#")]
    office.due_index.done(entries)
    return [entry.payload for entry in entries]


def test_everybody_gets_it_at_nine_of_their_own_morning(office: Bulk) -> None:
    madrid = office.person("madrid@example.com")  # without a zone: the company's
    canary = office.person("canary@example.com", time_zone="Atlantic/Canary")
    tokyo = office.person("tokyo@example.com", time_zone="Asia/Tokyo")
    job = office.to({"everyone": True}, start={"local": "2026-12-01T09:00"})
    assert job.start_at == "2026-11-30T19:00:00.000Z", "nine o'clock in the easternmost zone"
    office.clock.set(instant.read(job.start_at))
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    office.execute(job)
    office.work()
    assert office.mail.box == []
    instants = {"2026-12-01T00:00": tokyo, "2026-12-01T08:00": madrid, "2026-12-01T09:00": canary}
    for number, (at, ref) in enumerate(instants.items(), 1):
        office.clock.set(instant.read(f"{at}:00Z"))
        for body in _due_chunks(office, office.clock.now()):
            office.deliver(body)
        assert len(office.mail.box) == number
        assert str(office.message(job, ref).state) == "accepted"
    assert office.outcomes(office.run(job)) == {"accepted": 3}


def test_whose_local_time_has_gone_by_gets_it_at_once(office: Bulk) -> None:
    office.person("tokyo@example.com", time_zone="Asia/Tokyo")
    office.person("lima@example.com", time_zone="America/Lima")
    soon = (office.clock.now() + timedelta(hours=1, minutes=30)).strftime("%Y-%m-%dT%H:%M")  # Madrid is an hour ahead
    job = office.to({"everyone": True}, start={"local": soon})
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    office.execute(job)
    office.work()
    assert [mail.to for mail in office.mail.box] == ["tokyo@example.com"]


def test_a_window_spreads_the_mails_and_a_lost_hint_delays_nobody_for_good(office: Bulk) -> None:
    for n in range(40):
        office.person(f"p{n}@example.com")
    job = office.to({"everyone": True}, window_minutes=60)
    office.execute(job)
    office.work()
    counts = [len(office.mail.box)]
    for _ in range(4):
        office.clock.move(minutes=15)
        for body in _due_chunks(office, office.clock.now()):
            office.deliver(body)
        counts.append(len(office.mail.box))
    assert counts == [10, 20, 30, 40, 40]
    lost = office.to({"everyone": True}, window_minutes=60)
    office.execute(lost)
    office.work()
    _due_chunks(office, office.clock.now() + timedelta(hours=2))
    office.clock.move(hours=1)
    office.execute(lost)
    office.work()
    assert office.outcomes(lost) == {"accepted": 40}


def test_a_send_that_is_cancelled_does_not_wait_for_its_window(office: Bulk) -> None:
    for n in range(40):
        office.person(f"p{n}@example.com")
    job = office.to({"everyone": True}, window_minutes=600)
    office.execute(job)
    office.work()
    control_job(office.job_line, office.machine, job.id, "cancel")
    assert office.run(job).state == "cancelled"
    assert office.outcomes(job) == {"accepted": 10, "cancelled": 30}


def test_who_did_not_open_gets_it_once_more_and_once_only(office: Bulk) -> None:
    for n in range(4):
        office.person(f"p{n}@example.com")
    without = office.person(None)
    first = office.run(office.to({"everyone": True}))
    opened, scanned, late, plain = (office.message(first, ref) for ref in office.people[:4])
    office.tell(opened, EventKind.OPENED)
    office.tell(scanned, EventKind.OPENED, machine=True)
    audience = {"not_opened": first.id}
    shown = office.preview(audience)
    assert shown["will_send"] == shown["recipients"] == 3
    with pytest.raises(InvalidError) as refused:
        office.to(audience)
    assert [(e.path, e.values) for e in refused.value.errors] == [("confirm_recipients", (("count", "3"),))]
    again = office.to(audience, confirm_recipients=3)
    assert office.to(audience, confirm_recipients=3).id == again.id
    with pytest.raises(ConflictError):
        office.to(audience, confirm_recipients=3, window_minutes=5)
    # The lake still takes this one for somebody who has not opened.
    office.tell(late, EventKind.OPENED)
    office.run(again)
    assert office.reasons(again) == {"accepted": 2, "opened": 1}
    sent_to = Counter(mail.to for mail in office.mail.box)
    assert sent_to == {
        late.mailing.address: 1,
        opened.mailing.address: 1,
        scanned.mailing.address: 2,
        plain.mailing.address: 2,
    }
    assert office.messages.get(MessageKey(without, "job", again.id)) is None
    assert office.to(audience, confirm_recipients=3, again=True).id != again.id


def test_a_send_goes_to_about_as_many_as_were_confirmed(office: Bulk) -> None:
    for n in range(8):
        office.person(f"p{n}@example.com")
    with pytest.raises(InvalidError) as refused:
        office.to({"everyone": True}, confirm_recipients=2, start="hold")
    assert [(e.path, dict(e.values)) for e in refused.value.errors] == [
        ("confirm_recipients", {"shown": "2", "count": "8"})
    ]
    order = {"template_id": office.template, "audience": {"everyone": True}, "confirm_recipients": 5}
    job = office.send(office.the_campaign, order, key="once")
    for n in range(8, 30):
        office.person(f"p{n}@example.com")
    office.project()
    assert office.send(office.the_campaign, order, key="once").id == job.id, "asked again, it is the same"
    for start in ("2999-01-01T09:00:00Z", {"local": "2999-01-01T09:00"}):
        with pytest.raises(InvalidError) as refused:
            office.to({"everyone": True}, start=start)
        assert [e.rule for e in refused.value.errors] == ["too_far"]


def test_nobody_is_sent_to_again_before_the_first_send_has_ended(office: Bulk) -> None:
    office.person("p@example.com")
    first = office.to({"everyone": True})
    office.execute(first)
    office.work()
    with pytest.raises(ConflictError):
        office.to({"not_opened": first.id}, confirm_recipients=1)
