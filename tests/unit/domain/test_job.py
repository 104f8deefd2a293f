"""Jobs, senders, eligibility: the rules around a send."""

from dataclasses import replace

import pytest

from gotero.domain import catalogue
from gotero.domain.audience import Audience, refuse_without_recipients
from gotero.domain.catalogue import skips
from gotero.domain.company import Company
from gotero.domain.eligibility import refusal
from gotero.domain.errors import ConflictError, InvalidError
from gotero.domain.job import CAMPAIGN_SEND, MAX_CHUNK, SKIPS, Job, chunk_size
from gotero.domain.message import MessageClass
from gotero.domain.record import Record
from gotero.domain.sender_identity import SenderIdentity, one_line, sender_identity, sender_user
from gotero.domain.user import User

AT = "2026-11-21T09:00:00.000Z"
JOB = Job("j1", CAMPAIGN_SEND, "running", {"name": "Twitter", "campaign": "c1"}, AT, "u1")


def test_a_job_adds_up_and_shows_its_progress() -> None:
    job = replace(JOB, total=500, frozen=True, chunks=10, prepared=10, counts={"accepted": 370, "skipped": 10})
    shown = job.to_json()
    assert (shown["total"], shown["pending"], shown["processed"], shown["progress"]) == (500, 120, 380, 0.76)
    assert not job.complete
    assert replace(job, counts={"accepted": 480, "skipped": 20}).complete


def test_a_job_is_not_complete_before_its_audience_is() -> None:
    assert not replace(JOB, frozen=False).complete
    assert not replace(JOB, frozen=True, chunks=2, prepared=1).complete
    assert replace(JOB, state="cancelling").complete


def test_open_questions_are_never_called_finished() -> None:
    job = replace(JOB, state="finished", frozen=True, total=2, counts={"accepted": 1, "held": 1})
    assert job.to_json()["state"] == "finished_open"
    assert replace(job, counts={"accepted": 2}).to_json()["state"] == "finished"


def test_controls_apply_where_they_make_sense() -> None:
    assert JOB.controlled("pause", AT).controlled("resume", AT).state == "running"
    assert replace(JOB, state="held").controlled("start", AT).started_at == AT
    assert replace(JOB, state="held").controlled("cancel", AT).finished_at == AT
    assert JOB.controlled("cancel", AT).state == "cancelling"
    for state, control in (("finished", "cancel"), ("held", "pause"), ("running", "resume"), ("cancelling", "start")):
        with pytest.raises(ConflictError):
            replace(JOB, state=state).controlled(control, AT)  # type: ignore[arg-type]  # every pair of the table


def test_small_jobs_are_cut_small_and_no_chunk_is_larger_than_a_claim_may_be() -> None:
    assert [chunk_size(n) for n in (0, 100, 250, 1_000_000)] == [10, 10, 25, MAX_CHUNK]


def test_an_audience_names_somebody() -> None:
    refuse_without_recipients(Audience(everyone=True))
    for audience in (Audience(), Audience(("s",), everyone=True)):
        with pytest.raises(InvalidError):
            refuse_without_recipients(audience)


@pytest.mark.parametrize(
    ("values", "message_class", "reason"),
    [
        ({"email": "ana@example.com"}, "marketing", ""),
        ({}, "marketing", "no_email"),
        ({"email": "  "}, "transactional", "no_email"),
        ({"email": "ana@@example"}, "marketing", "invalid_email"),
        ({"email": "a@x.es", "do_not_email": True, "do_not_email_source": "unsubscribe"}, "marketing", "unsubscribed"),
        ({"email": "a@x.es", "do_not_email": True, "do_not_email_source": "unsubscribe"}, "transactional", ""),
        ({"email": "a@x.es", "do_not_email": True, "do_not_email_source": "manual"}, "transactional", "do_not_email"),
        ({"email": "a@x.es", "do_not_email": True}, "marketing", "do_not_email"),
    ],
)
def test_who_may_be_written_to(values: dict[str, object], message_class: MessageClass, reason: str) -> None:
    record = Record("contacts", "c1", "CON-1", "u1", values, AT, "u1", AT)
    assert refusal(record, message_class, suppressed=False) == reason
    assert refusal(replace(record, deleted_at=AT), message_class, suppressed=False) == "deleted"


def test_nothing_passes_the_suppression_list() -> None:
    record = Record("contacts", "c1", "CON-1", "u1", {"email": "ana@example.com"}, AT, "u1", AT)
    assert refusal(record, "transactional", suppressed=True) == "suppressed"


def test_every_reason_for_a_skip_is_counted_on_its_job() -> None:
    of_other_outcomes = {"document", "no_sender", "rendering", "refused", "no_answer", "interrupted", "no_event"}
    of_people, of_workflows = {"job_cancelled", "decided", "sent_again"}, {"answered_recently"}
    assert set(SKIPS) == skips.TEXT["en"].keys() - of_other_outcomes - of_people - of_workflows


def test_every_reason_has_its_words_in_both_languages() -> None:
    assert skips.TEXT["es"].keys() == skips.TEXT["en"].keys()
    assert catalogue.text("skips", "no_email", "es") == "No tiene email."


def test_who_a_mail_is_from() -> None:
    company = Company.from_json({"name": "Huerta Turia, S.L.", "sender": "hola@huertaturia.example"})
    marc = User("u1", "Marc Soler", "marc@huertaturia.example", "marketer")
    assert sender_identity(company, marc) == SenderIdentity("Marc Soler", "marc@huertaturia.example")
    away = replace(marc, email="marc@gmail.example")
    assert sender_identity(company, away) == SenderIdentity(
        "Marc Soler", "hola@huertaturia.example", "marc@gmail.example"
    )
    house = SenderIdentity("Huerta Turia, S.L.", "hola@huertaturia.example")
    assert sender_identity(company, None) == house
    assert sender_identity(company, replace(marc, disabled=True)) == house
    assert [sender_user(s, "owner") for s in ("recipient_owner", "company", "user:u9")] == ["owner", "", "u9"]
    assert one_line("Evil\r\nBcc: x@y.example\u2028") == "Evil Bcc: x@y.example"
