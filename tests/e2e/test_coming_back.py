"""Story step 4, through the provider: bounces and complaints from the mailbox, back by SES, SNS and SQS."""

import json
from typing import Any

import pytest

from gotero.domain.doctor import CHECKS
from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def template(stack: Stack) -> str:
    settings = stack.api("GET", "/v1/settings/company")
    if not settings.get("sender"):
        company = {"name": "Huerta Turia, S.L.", "address": "Camino del Huerto 1, Valencia", "send_delay_minutes": 0}
        stack.api("PUT", "/v1/settings/company", {**company, "sender": "hola@huertaturia.example"})
    html = "<p>Hola {{ firstname|default('hola') }}</p>"
    body = {"name": "Vuelta", "subject": "Vuelta", "html": html}
    return str(stack.api("POST", "/v1/templates", body, expect=201)["id"])


def _person(stack: Stack, module: str, email: str) -> dict[str, str]:
    values = {"firstname": "Ana", "lastname": "Vuelta", "email": email}
    return {"module": module, "id": stack.api("POST", f"/v1/records/{module}", {"values": values}, expect=201)["id"]}


def _send(stack: Stack, template: str, name: str, people: list[dict[str, str]]) -> str:
    """The id of the job that has sent a campaign to `people`."""
    segment = {"name": name, "type": "Newsletter", "status": "Activo"}
    segment_id = stack.api("POST", "/v1/segments", segment, expect=201)["id"]
    stack.api("POST", f"/v1/segments/{segment_id}/members", {"items": people})
    campaign = stack.api("POST", "/v1/records/campaigns", {"values": {"name": name}}, expect=201)["id"]
    audience = {"segments": [segment_id], "except": [], "everyone": False}
    order = {"template_id": template, "audience": audience, "start": "now"}
    preview = f"/v1/campaigns/{campaign}/send/preview"
    wait_until(
        lambda: stack.api("POST", preview, order)["recipients"] == len(people), 60, f"{len(people)} members in the lake"
    )
    job_id = str(stack.api("POST", f"/v1/campaigns/{campaign}/send", order, expect=202)["job_id"])
    job = stack.wait_for_job(job_id)
    assert (job["state"], job["total"]) == ("finished", len(people))
    return job_id


def _values(stack: Stack, module: str, id: str) -> dict[str, Any]:
    return dict(stack.api("GET", f"/v1/records/{module}/{id}")["values"])


def _message(stack: Stack, job: str, person: dict[str, str]) -> dict[str, Any]:
    return _values(stack, "messages", f"{person['module']}-{person['id']}-job-{job}-1")


def _opted_out(stack: Stack, person: dict[str, str]) -> tuple[Any, Any]:
    values = _values(stack, person["module"], person["id"])
    return values.get("do_not_email"), values.get("do_not_email_source")


def test_what_comes_back_protects_the_person_by_every_path(stack: Stack, template: str) -> None:
    hard, soft = (_person(stack, "contacts", f"{kind}.vuelta@example.com") for kind in ("hard", "soft"))
    angry = [_person(stack, module, "angry.vuelta@example.com") for module in ("contacts", "leads")]
    job = _send(stack, template, "vuelta uno", [hard, soft, *angry])

    for name, action, wish in (
        ("hard", "bounce", {"type": "hard"}),
        ("soft", "bounce", {"type": "soft"}),
        ("angry", "complaint", {}),
    ):
        mail = stack.mailbox.wait_for(to=f"{name}.vuelta@example.com", subject="Vuelta")
        stack.mailbox.act(mail["id"], action, **wish)

    wait_until(lambda: _message(stack, job, hard).get("bounce_type") == "hard", 300, "the hard bounce")
    wait_until(lambda: _message(stack, job, soft).get("bounce_type") == "soft", 300, "the soft bounce")
    wait_until(lambda: _message(stack, job, angry[0]).get("spam"), 300, "the complaint")
    assert _message(stack, job, hard)["status"] == "bounced"
    # Two records with one address: one mail, and one complaint that counts for both.
    assert _message(stack, job, angry[1])["reason"] == "same_address"
    wait_until(
        lambda: all(_opted_out(stack, person) == (True, "complaint") for person in angry), 30, "«No enviar email»"
    )
    assert _opted_out(stack, hard) == (None, None)

    again = _send(stack, template, "vuelta dos", [hard, soft, *angry])
    reasons = [_message(stack, again, person).get("reason") for person in (hard, soft, *angry)]
    assert reasons == ["suppressed", None, "suppressed", "suppressed"]
    assert len(stack.mailbox.messages(to="hard.vuelta@example.com")) == 1
    assert len(stack.mailbox.messages(to="soft.vuelta@example.com")) == 2


def test_the_suppression_list_is_in_step_with_ses_both_ways(stack: Stack, template: str) -> None:
    ses = stack.aws("sesv2")
    ana, luis = (_person(stack, "contacts", f"{name}.lista@example.com") for name in ("ana", "luis"))

    def at_ses(address: str) -> bool:
        found = ses.list_suppressed_destinations(PageSize=1000)["SuppressedDestinationSummaries"]
        return any(entry["EmailAddress"] == address for entry in found)

    def here(address: str) -> str | None:
        items = stack.api("GET", f"/v1/suppressions?search={address}")["items"]
        return str(items[0]["reason"]) if items else None

    stack.api("POST", "/v1/suppressions", {"address": "Ana.Lista@example.com", "note": "lo pidió"}, expect=201)
    wait_until(lambda: at_ses("ana.lista@example.com"), 300, "SES to hear of it")
    job = _send(stack, template, "lista uno", [ana, luis])
    assert [_message(stack, job, person).get("reason") for person in (ana, luis)] == ["suppressed", None]
    told = stack.api("GET", "/v1/deliverability")
    assert (told["brake"]["brake"], told["quota"]["rate"] > 0) == (None, True)
    # The doctor: every check has an answer, and what the emulator has is found to be in order; it signs no mail.
    checks = {check["id"]: check for check in stack.api("GET", "/v1/doctor")["checks"]}
    assert tuple(checks) == CHECKS
    assert {id for id, check in checks.items() if check["state"] == "error"} <= {"dkim"}
    in_order = ("identity", "sandbox", "sending", "quota", "events", "concurrency")
    assert {id: checks[id]["state"] for id in in_order} == dict.fromkeys(in_order, "ok")
    stack.api("POST", "/v1/suppressions/remove", {"address": "ana.lista@example.com", "note": "vuelve"}, expect=204)
    wait_until(lambda: not at_ses("ana.lista@example.com"), 300, "SES to forget it")
    assert here("ana.lista@example.com") is None
    # What SES finds by itself comes here with the hour's look.
    ses.put_suppressed_destination(EmailAddress="luis.lista@example.com", Reason="COMPLAINT")
    body = {"at": "2026-01-01T00:00:00.000Z", "thing": "sync_suppressions", "payload": {}}
    sqs = stack.aws("sqs")
    [queue] = [url for url in sqs.list_queues()["QueueUrls"] if "DueQueue" in url]
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(body))
    wait_until(lambda: here("luis.lista@example.com") == "complaint", 300, "SES's complaint")
