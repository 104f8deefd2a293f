"""A send under control: held, started, paused, resumed, cancelled, planned for later; orders that are refused."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e
PEOPLE = 80


def _person(stack: Stack, index: int) -> dict[str, str]:
    values = {"firstname": "P", "lastname": "Mando", "email": f"mando{index}@example.com"}
    return {"module": "contacts", "id": stack.api("POST", "/v1/records/contacts", {"values": values}, expect=201)["id"]}


@pytest.fixture(scope="module")
def order(stack: Stack) -> dict[str, Any]:
    settings = stack.api("GET", "/v1/settings/company")
    if not settings.get("sender"):
        company = {"name": "Huerta Turia, S.L.", "address": "Camino del Huerto 1, Valencia", "send_delay_minutes": 0}
        stack.api("PUT", "/v1/settings/company", {**company, "sender": "hola@huertaturia.example"})
    template = {"name": "Mando", "subject": "Mando", "html": "<p>Hola {{ firstname }}</p>"}
    segment = {"name": "mando", "type": "Newsletter", "status": "Activo"}
    segment_id = stack.api("POST", "/v1/segments", segment, expect=201)["id"]
    with ThreadPoolExecutor(8) as pool:
        members = list(pool.map(lambda index: _person(stack, index), range(PEOPLE)))
    stack.api("POST", f"/v1/segments/{segment_id}/members", {"items": members})
    return {
        "template_id": stack.api("POST", "/v1/templates", template, expect=201)["id"],
        "audience": {"segments": [segment_id]},
        "start": "hold",
    }


@pytest.fixture(scope="module")
def campaign(stack: Stack, order: dict[str, Any]) -> str:
    made = stack.api("POST", "/v1/records/campaigns", {"values": {"name": "Mando"}}, expect=201)
    preview = f"/v1/campaigns/{made['id']}/send/preview"
    wait_until(lambda: stack.api("POST", preview, order)["recipients"] == PEOPLE, 300, "the members in the lake")
    return str(made["id"])


def _mails(stack: Stack) -> int:
    return len(stack.mailbox.messages(subject="Mando"))


def _job(stack: Stack, job_id: str) -> dict[str, Any]:
    job: dict[str, Any] = stack.api("GET", f"/v1/jobs/{job_id}")
    assert job["total"] == job["pending"] + sum(job["counts"].values())
    return job


def _control(stack: Stack, job_id: str, control: str) -> str:
    return str(stack.api("POST", f"/v1/jobs/{job_id}/{control}", {})["state"])


def test_held_started_paused_and_resumed_everybody_is_sent_to_once(
    stack: Stack, campaign: str, order: dict[str, Any]
) -> None:
    job_id = stack.api("POST", f"/v1/campaigns/{campaign}/send", order, expect=202)["job_id"]
    assert (_job(stack, job_id)["state"], _mails(stack)) == ("held", 0)
    assert _control(stack, job_id, "start") == "running"
    wait_until(lambda: _job(stack, job_id)["processed"] > 0, 300, "the first to be sent")
    assert _control(stack, job_id, "pause") == "paused"

    def at_rest() -> bool:
        """What was in the air has arrived: nothing has moved for a moment."""
        before = (_mails(stack), _job(stack, job_id)["processed"])
        time.sleep(1)
        return before == (_mails(stack), _job(stack, job_id)["processed"])

    wait_until(at_rest, 300, "the last slice to arrive")
    assert _control(stack, job_id, "resume") == "running"
    job = stack.wait_for_job(job_id)
    assert (job["state"], job["counts"]["accepted"], _mails(stack)) == ("finished", PEOPLE, PEOPLE)
    assert len({str(mail["to"]) for mail in stack.mailbox.messages(subject="Mando")}) == PEOPLE
    assert stack.call("POST", f"/v1/jobs/{job_id}/pause", {}).status == 409


def test_cancelled_while_it_runs_everybody_is_accounted_for(stack: Stack, campaign: str, order: dict[str, Any]) -> None:
    before = _mails(stack)
    now = {**order, "start": "now"}
    job_id = stack.api("POST", f"/v1/campaigns/{campaign}/send", now, expect=202)["job_id"]
    wait_until(lambda: _job(stack, job_id)["total"] > 0, 300, "the audience")
    assert _control(stack, job_id, "cancel") == "cancelling"
    job = stack.wait_for_job(job_id)
    counts = job["counts"]
    assert job["state"] == "cancelled"
    assert job["total"] == counts["accepted"] + counts["cancelled"]
    assert _mails(stack) == before + counts["accepted"]


def test_planned_for_later_it_waits_for_its_time(stack: Stack, campaign: str, order: dict[str, Any]) -> None:
    before = _mails(stack)
    now = datetime.fromisoformat(stack.clock.now())
    gone = {**order, "start": now.isoformat()}
    refused = stack.api("POST", f"/v1/campaigns/{campaign}/send", gone, expect=422)
    assert [error["path"] for error in refused["errors"]] == ["start"]

    later = {**order, "start": (now + timedelta(minutes=90)).isoformat()}
    job_id, other = (stack.api("POST", f"/v1/campaigns/{campaign}/send", later, expect=202)["job_id"] for _ in range(2))
    assert (_job(stack, job_id)["state"], _job(stack, other)["state"]) == ("scheduled", "scheduled")
    assert _control(stack, other, "cancel") == "cancelled"
    assert _mails(stack) == before
    stack.clock.move(hours=2)
    job = stack.wait_for_job(job_id, 180)
    assert (job["state"], job["counts"]["accepted"]) == ("finished", PEOPLE)
    assert _mails(stack) == before + PEOPLE
    assert _job(stack, other)["total"] == 0


def test_bad_orders_are_refused_with_their_paths(stack: Stack, campaign: str, order: dict[str, Any]) -> None:
    path = f"/v1/campaigns/{campaign}/send"
    for wrong, where in (({"template_id": "nope"}, "template_id"), ({"start": "2001-01-01T00:00:00Z"}, "start")):
        problem = stack.api("POST", path, {**order, **wrong}, expect=422)
        assert [error["path"] for error in problem["errors"]] == [where]
    stack.api("POST", "/v1/campaigns/nope/send", order, expect=404)
    stack.api("POST", "/v1/jobs/nope/pause", {}, expect=404)


def test_whom_it_goes_to_is_seen_beforehand_and_undone_without_a_trace(
    stack: Stack, campaign: str, order: dict[str, Any]
) -> None:
    before = _mails(stack)
    mando = {"module": "contacts", "condition": {"field": "lastname", "op": "is", "value": "Mando"}}
    picked = {**order, "audience": {"filters": [mando]}, "window_minutes": 30}
    preview = stack.api("POST", f"/v1/campaigns/{campaign}/send/preview", picked)
    assert (preview["recipients"], preview["will_send"], preview["seconds"]) == (PEOPLE, PEOPLE, 1800)
    assert preview["cost"]["provider"] == 0.008
    found = stack.api("POST", f"/v1/campaigns/{campaign}/audience", {**picked, "search": "mando17@example.com"})
    assert [(item["email"], item["verdict"]) for item in found["items"]] == [("mando17@example.com", "will_send")]

    job_id = stack.api("POST", f"/v1/campaigns/{campaign}/send", picked, expect=202)["job_id"]
    assert _job(stack, job_id)["deletable"]
    stack.api("DELETE", f"/v1/jobs/{job_id}", expect=204)
    stack.api("GET", f"/v1/jobs/{job_id}", expect=404)
    kinds = [entry["kind"] for entry in stack.api("GET", f"/v1/records/campaigns/{campaign}/timeline")["items"]]
    assert "send_deleted" in kinds

    # Spread over half an hour: a part leaves now, the rest when its time has come.
    job_id = stack.api("POST", f"/v1/campaigns/{campaign}/send", {**picked, "start": "now"}, expect=202)["job_id"]
    wait_until(lambda: _job(stack, job_id)["processed"] >= 10, 300, "the first chunk")
    assert _job(stack, job_id)["processed"] < PEOPLE
    assert stack.call("DELETE", f"/v1/jobs/{job_id}").status == 409
    stack.clock.move(minutes=31)
    job = stack.wait_for_job(job_id, 180)
    assert (job["state"], job["counts"]["accepted"], _mails(stack)) == ("finished", PEOPLE, before + PEOPLE)
    sends = stack.api("GET", f"/v1/jobs?campaign={campaign}")["items"]
    assert job_id in [each["id"] for each in sends]

    # Nobody has opened it: all are asked again, and only after their number was confirmed.
    again = {**order, "audience": {"not_opened": job_id}, "start": "hold"}

    def shown() -> int:
        return int(stack.api("POST", f"/v1/campaigns/{campaign}/send/preview", again)["recipients"])

    wait_until(lambda: shown() == PEOPLE, 300, "the messages in the lake")
    path = f"/v1/campaigns/{campaign}/send"
    refused = stack.api("POST", path, again, expect=422)
    assert [error["path"] for error in refused["errors"]] == ["confirm_recipients"]
    held = stack.api("POST", path, {**again, "confirm_recipients": PEOPLE}, expect=202)
    assert held["job"]["state"] == "held"
