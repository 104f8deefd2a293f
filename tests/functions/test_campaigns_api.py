"""/v1/campaigns/{id}/send, its preview and results, and /v1/jobs, as a client meets them."""

from typing import Any

import pytest

from functions.campaigns_api.app import api as campaigns
from functions.jobs_api.app import api as jobs
from gotero.domain.handover import Unknown
from gotero.entry import wiring, wiring_jobs, wiring_sending
from gotero.services.judge_audience import Previewer
from tests.functions.admin_request import LUCIA, call
from tests.unit.services.post_office import PostOffice


class _Totals:
    """`Lake`, as far as results ask."""

    def message_totals(self, campaign: str) -> tuple[dict[str, int], str, bool]:
        return {"sent": 10, "delivered": 8, "opened": 4, "no_email": 1}, "2026-11-21T10:00:00.000Z", True

    def message_breakdown(self, campaign: str) -> dict[str, Any]:
        full = {"text": "smtp; 452 4.2.2 mailbox full", "count": 2}
        gone = {"text": "smtp; 550 5.1.1 no such user", "count": 3}
        return {"reasons": [], "bounces": [gone, full, {**full, "text": "mailbox is full"}], "links": []}

    def message_series(self, campaign: str) -> list[dict[str, Any]]:
        return [{"at": "2026-11-21T10:00:00.000Z", "opened": 4, "clicked": 0}]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    office = PostOffice()
    lake: Any = office.lake
    previewer = Previewer(office.records, office.definitions, office.suppressions, lake, lambda: 5.0)
    for api in (campaigns, jobs):
        monkeypatch.setattr(api, "_find_user", lambda sub: LUCIA)
    monkeypatch.setattr(wiring, "records", lambda: office.records)
    monkeypatch.setattr(wiring, "signer", lambda: office.signer)
    monkeypatch.setattr(wiring, "clock", office.clock)
    monkeypatch.setattr(wiring, "lake", _Totals)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
    monkeypatch.setattr(wiring_sending, "brake_desk", lambda: office.desk)
    monkeypatch.setattr(wiring_jobs, "job_line", lambda: office.job_line)
    monkeypatch.setattr(wiring_sending, "campaign_machine", lambda: office.machine)
    monkeypatch.setattr(wiring_sending, "campaign_starter", lambda: office.starter)
    monkeypatch.setattr(wiring_sending, "campaign_previewer", lambda: previewer)
    monkeypatch.setattr(wiring_sending, "ledger", lambda: office.ledger)
    monkeypatch.setattr(wiring, "mail_planner", lambda: office.planner)
    return office


def test_a_campaign_from_its_preview_to_its_job(office: PostOffice) -> None:
    campaign = office.campaign().id
    order = office.order(office.segment([office.contact(), office.contact(None)]))
    preview = call(campaigns, "POST", f"/v1/campaigns/{campaign}/send/preview", order)
    assert preview.status == 200
    assert (preview.body["recipients"], preview.body["will_send"], preview.body["no_email"]) == (2, 1, 1)
    sent = call(campaigns, "POST", f"/v1/campaigns/{campaign}/send", order, headers={"Idempotency-Key": "k1"})
    assert sent.status == 202
    again = call(campaigns, "POST", f"/v1/campaigns/{campaign}/send", order, headers={"Idempotency-Key": "k1"})
    assert again.body["job_id"] == sent.body["job_id"]
    job = call(jobs, "GET", f"/v1/jobs/{sent.body['job_id']}")
    assert (job.body["kind"], job.body["state"], job.body["name"]) == ("campaign_send", "running", "Twitter")
    [stored], _ = office.jobs.page(10, None)
    office.run(stored)
    done = call(jobs, "GET", f"/v1/jobs/{stored.id}").body
    assert (done["state"], done["progress"], done["counts"]["accepted"]) == ("finished", 1.0, 1)


def test_a_job_under_control(office: PostOffice) -> None:
    order = office.order(office.segment([office.contact()]), start="hold")
    job_id = call(campaigns, "POST", f"/v1/campaigns/{office.campaign().id}/send", order).body["job_id"]
    states = [
        call(jobs, "POST", f"/v1/jobs/{job_id}/{c}").body["state"] for c in ("start", "pause", "resume", "cancel")
    ]
    assert states == ["running", "paused", "running", "cancelling"]
    refused = call(jobs, "POST", f"/v1/jobs/{job_id}/pause")
    assert (refused.status, refused.body["type"]) == (409, "urn:gotero:problem:conflict")


def test_what_nobody_knows_is_decided_by_a_person(office: PostOffice) -> None:
    office.mail.answer = lambda mail: Unknown("ReadTimeoutError")
    people = [office.contact(f"p{i}@example.com") for i in range(2)]
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.run(job)
    office.mail.answer = None
    first, second = (office.message(job, ref).id for ref in people)
    accepted = call(jobs, "POST", f"/v1/messages/{first}/accept")
    assert (accepted.status, accepted.body["values"]["status"]) == (200, "accepted")
    again = call(jobs, "POST", f"/v1/messages/{second}/send-again")
    assert (again.status, again.body["id"]) == (202, second[:-1] + "2")
    assert again.body["values"]["campaign"] == job.params["campaign"]
    office.work()
    assert [mail.to for mail in office.mail.box] == ["p1@example.com"]
    assert office.outcomes(job) == {"accepted": 1, "cancelled": 1}
    assert call(jobs, "GET", f"/v1/jobs/{job.id}").body["state"] == "finished"
    # Decided is decided; and nobody decides about what is not there.
    assert [call(jobs, "POST", f"/v1/messages/{id}/send-again").status for id in (first, second)] == [409, 409]
    for strange in ("nope", "contacts-nobody-job-j1-1"):
        assert call(jobs, "POST", f"/v1/messages/{strange}/accept").status == 404


def test_jobs_are_paged_by_a_signed_cursor(office: PostOffice) -> None:
    order = office.order(office.segment([office.contact()]), start="hold")
    campaign = office.campaign().id
    made = [call(campaigns, "POST", f"/v1/campaigns/{campaign}/send", order).body["job_id"] for _ in range(3)]
    first = call(jobs, "GET", "/v1/jobs", query={"limit": "2"})
    second = call(jobs, "GET", "/v1/jobs", query={"limit": "2", "cursor": first.body["next"]})
    listed = [job["id"] for page in (first, second) for job in page.body["items"]]
    assert sorted(listed) == sorted(made)
    assert second.body["next"] is None
    forged = call(jobs, "GET", "/v1/jobs", query={"cursor": first.body["next"] + "x"})
    assert (forged.status, forged.broken()) == (422, [("cursor", "cursor")])


def test_results_carry_rates_and_hours(office: PostOffice) -> None:
    results = call(campaigns, "GET", f"/v1/campaigns/{office.campaign().id}/results").body
    assert (results["sent"], results["delivered"], results["clicked"]) == (10, 8, 0)
    assert (results["rates"]["delivered"], results["rates"]["opened"], results["rates"]["clicked"]) == (0.8, 0.5, 0.0)
    assert len(results["series"]) == 1
    assert [(bounce["kind"], bounce["count"]) for bounce in results["bounces"]] == [("soft", 4), ("hard", 3)]
    assert results["bounces"][1]["example"] == "smtp; 550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 422),
        ("[]", 422),
        ("null", 422),
        ({}, 422),
        ({"template_id": 7, "audience": []}, 422),
        ("x" * 1_100_000, 413),
    ],
)
def test_a_bad_body_is_a_problem_and_starts_nothing(office: PostOffice, body: Any, status: int) -> None:
    campaign = office.campaign().id
    for path in ("send", "send/preview"):
        answer = call(campaigns, "POST", f"/v1/campaigns/{campaign}/{path}", body)
        assert (answer.status, answer.body["status"]) == (status, status)
    assert office.jobs.page(10, None)[0] == []


def test_what_is_not_there_is_not_found(office: PostOffice) -> None:
    for method, path in (("POST", "send"), ("POST", "send/preview"), ("GET", "results")):
        assert call(campaigns, method, f"/v1/campaigns/nope/{path}", office.order()).status == 404
    assert call(jobs, "GET", "/v1/jobs/nope").status == 404
    assert call(jobs, "POST", "/v1/jobs/nope/pause").status == 404
    assert call(jobs, "POST", "/v1/jobs/nope/explode").status == 404
