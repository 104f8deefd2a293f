"""Ordering a send: who is meant, when it begins, what is refused; what is confirmed can be deleted for a while."""

from datetime import timedelta
from typing import Any

import pytest

from gotero.domain import instant
from gotero.domain.errors import ConflictError, InvalidError
from gotero.domain.job import Job
from gotero.domain.record import Cause, Ref
from gotero.ports import TimelineEntry
from gotero.services.check_job import wake_job
from gotero.services.control_job import control_job
from gotero.services.delete_job import delete_job
from tests.unit.services.bulk_office import AT, Bulk
from tests.unit.services.office import MARC
from tests.unit.services.post_office import COMPANY


@pytest.fixture
def office() -> Bulk:
    return Bulk()


def test_filters_and_picked_records_together_reach_everybody_once(office: Bulk) -> None:
    alzira = [office.person(f"a{n}@example.com", city="Alzira") for n in range(3)]
    gandia = office.person("g@example.com", city="Gandia")
    office.person("nobody@example.com", city="Sueca")
    roig = office.person("roig@example.com", module="accounts")
    audience = {
        "filters": [{"module": "contacts", "condition": {"field": "city", "op": "is", "value": "Alzira"}}],
        "records": [ref.to_json() for ref in (alzira[0], gandia, roig, roig)],
    }
    job = office.to(audience)
    office.run(job)
    assert sorted(mail.to for mail in office.mail.box) == [
        "a0@example.com",
        "a1@example.com",
        "a2@example.com",
        "g@example.com",
        "roig@example.com",
    ]
    assert office.outcomes(job) == {"accepted": 5}


def test_a_saved_filter_is_the_one_of_the_order(office: Bulk) -> None:
    office.person("a@example.com", city="Alzira")
    condition = {"field": "city", "op": "is", "value": "Alzira"}
    office.define("filters", {"name": "Alzira", "module": "contacts", "condition": condition}, "f1")
    job = office.to({"filters": [{"filter_id": "f1"}]}, start="hold")
    office.definitions.delete("filters", "f1")
    control_job(office.job_line, office.machine, job.id, "start")
    assert office.outcomes(office.run(job)) == {"accepted": 1}


def test_each_module_is_written_to_at_the_field_that_was_chosen(office: Bulk) -> None:
    two = office.person("first@example.com", secondaryemail="second@example.com")
    one = office.person("only@example.com")
    audience = {"everyone": True, "email_fields": {"contacts": "secondaryemail"}}
    assert office.preview(audience)["no_email"] == 1
    job = office.run(office.to(audience))
    assert [mail.to for mail in office.mail.box] == ["second@example.com"]
    assert office.message(job, one).reason == "no_email"
    assert office.message(job, two).mailing.email_field == "secondaryemail"


@pytest.mark.parametrize(
    ("audience", "path"),
    [
        ({}, "audience.segments"),
        ({"everyone": True, "records": [{"module": "contacts", "id": "x"}]}, "audience.everyone"),
        ({"records": [{"module": "campaigns", "id": "x"}]}, "audience.records[0].module"),
        ({"records": [{"module": "contacts", "id": "x"}] * 501}, "audience.records"),
        ({"filters": [{"filter_id": "nope"}]}, "audience.filters[0].filter_id"),
        ({"filters": [{"module": "contacts", "condition": {"field": "nope", "op": "is", "value": 1}}]}, None),
        ({"filters": [{"filter_id": "messages-opened"}]}, "audience.filters[0].filter_id"),
        ({"everyone": True, "email_fields": {"contacts": "city"}}, "audience.email_fields.contacts"),
        ({"everyone": True, "email_fields": {"invoices": "email"}}, "audience.email_fields.invoices"),
        ({"not_opened": "nope"}, "audience.not_opened"),
        ({"not_opened": "nope", "segments": ["s"]}, "audience.not_opened"),
    ],
)
def test_a_wrong_audience_is_refused_with_its_path(office: Bulk, audience: Any, path: str | None) -> None:
    office.person("a@example.com")
    with pytest.raises(InvalidError) as refused:
        office.to(audience)
    paths = [error.path for error in refused.value.errors]
    assert path in paths if path else all(p.startswith("audience.filters[0].condition") for p in paths)
    assert office.jobs.page(10, None)[0] == []


@pytest.mark.parametrize(
    ("rest", "path"),
    [
        ({"start": {"local": "2026-11-20T09:00"}}, "start.local"),
        ({"start": {"local": "2026-13-20T09:00"}}, "start.local"),
        ({"start": {"local": "2026-12-01T09:00+01:00"}}, "start.local"),
        ({"start": {"local": "9999-12-31T23:59"}}, "start.local"),
        ({"start": {}}, "start.local"),
        ({"start": {"local": "2026-12-01T09:00", "zone": "UTC"}}, "start.zone"),
        ({"start": 7}, "start"),
        ({"window_minutes": -1}, "window_minutes"),
        ({"window_minutes": 10081}, "window_minutes"),
        ({"sender": "user:nobody"}, "sender"),
        ({"sender": "somebody"}, "sender"),
        ({"start": "2026-11-20T09:00:00Z"}, "start"),
    ],
)
def test_a_wrong_time_or_sender_is_refused_with_its_path(office: Bulk, rest: Any, path: str) -> None:
    office.person("a@example.com")
    with pytest.raises(InvalidError) as refused:
        office.to({"everyone": True}, **rest)
    assert [error.path for error in refused.value.errors] == [path]


def _waiting(office: Bulk) -> Job:
    office.definitions.delete("settings", "company")
    office.define("settings", {**COMPANY, "send_delay_minutes": 5}, "company")
    office.person("a@example.com")
    return office.to({"everyone": True})


def test_a_confirmed_send_waits_and_then_goes_by_itself(office: Bulk) -> None:
    job = _waiting(office)
    now = office.clock.now()
    assert (job.state, job.start_at) == ("scheduled", instant.write(now + timedelta(minutes=5)))
    assert job.to_json()["deletable"]
    office.clock.move(minutes=4)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    assert office.machine.started == {}
    office.clock.move(minutes=1)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    assert office.job(job).state == "running"
    assert len(office.machine.started) == 1
    assert office.outcomes(office.run(job)) == {"accepted": 1}


TOLD = TimelineEntry(Ref("campaigns", "c"), AT, "send_deleted", Cause("user", MARC), "e1")


def test_what_is_deleted_before_it_begins_leaves_a_line_and_nothing_else(office: Bulk) -> None:
    job = _waiting(office)
    delete_job(office.jobs, office.clock, job.id, MARC)
    assert office.jobs.page(10, None)[0] == []
    office.clock.move(minutes=6)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    assert office.jobs.get(job.id) is None
    assert (office.machine.started, office.messages.stored, office.mail.box) == ({}, {}, [])
    [line] = office.jobs.timeline.page(Ref("campaigns", job.params["campaign"]), 9, None)[0]
    assert (line.kind, line.cause.id) == ("send_deleted", MARC)


def test_a_send_that_has_begun_is_not_deleted(office: Bulk) -> None:
    job = _waiting(office)
    control_job(office.job_line, office.machine, job.id, "start")
    with pytest.raises(ConflictError):
        delete_job(office.jobs, office.clock, job.id, MARC)
    assert office.jobs.get(job.id)


def test_a_deletion_and_a_start_at_the_same_moment_have_one_winner(office: Bulk) -> None:
    job = _waiting(office)
    started = office.job(job).controlled("start", AT)
    office.jobs.control(started)
    with pytest.raises(ConflictError):
        office.jobs.delete(job, TOLD)
    other = office.to({"everyone": True})
    office.jobs.delete(other, TOLD)
    with pytest.raises(ConflictError):
        office.jobs.control(other.controlled("start", AT))
    office.jobs.note(other.id, frozen=True)
    assert office.jobs.get(other.id) is None, "nothing rises from a note"
