"""Story step 3: a campaign to a mixed list of five hundred, watched from the outside."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e
PEOPLE = 500
MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>Hola {{ firstname|default('hola') }}</mj-text>"
    '<mj-button href="https://twitter.com/huertaturia">follow on Twitter</mj-button></mj-column></mj-section>'
    "</mj-body></mjml>"
)


def _person(stack: Stack, index: int) -> dict[str, str]:
    values: dict[str, Any] = {"firstname": f"P{index}", "lastname": "Campaña"}
    if index % 50 != 49:
        values["email"] = f"camp{index}@example.com"
    module = "leads" if index % 10 == 9 else "contacts"
    return {"module": module, "id": stack.api("POST", f"/v1/records/{module}", {"values": values}, expect=201)["id"]}


@pytest.fixture(scope="module")
def order(stack: Stack) -> dict[str, Any]:
    settings = stack.api("GET", "/v1/settings/company")
    if not settings.get("sender"):
        company = {"name": "Huerta Turia, S.L.", "address": "Camino del Huerto 1, Valencia"}
        stack.api("PUT", "/v1/settings/company", {**company, "sender": "hola@huertaturia.example"})
    template = {"name": "2-Column_1-Logo", "subject": "Campaña", "mjml": MJML}
    segment = {"name": "quinientos", "type": "Newsletter", "status": "Activo"}
    segment_id = stack.api("POST", "/v1/segments", segment, expect=201)["id"]
    with ThreadPoolExecutor(8) as pool:
        members = list(pool.map(lambda index: _person(stack, index), range(PEOPLE)))
    for start in range(0, PEOPLE, 100):
        stack.api("POST", f"/v1/segments/{segment_id}/members", {"items": members[start : start + 100]})
    audience = {"segments": [segment_id], "except": [], "everyone": False}
    order = {
        "template_id": stack.api("POST", "/v1/templates", template, expect=201)["id"],
        "audience": audience,
        "start": "now",
    }
    campaign = {"values": {"name": "Twitter"}}
    campaign_id = stack.api("POST", "/v1/records/campaigns", campaign, expect=201)["id"]

    def everybody_is_in_the_lake() -> bool:
        preview = stack.api("POST", f"/v1/campaigns/{campaign_id}/send/preview", order)
        return bool(preview["recipients"] == PEOPLE)

    wait_until(everybody_is_in_the_lake, 60, "500 members in the lake")
    return {**order, "campaign": campaign_id}


def test_five_hundred_recipients_once_each(stack: Stack, order: dict[str, Any]) -> None:
    campaign = order["campaign"]
    body = {key: value for key, value in order.items() if key != "campaign"}
    preview = stack.api("POST", f"/v1/campaigns/{campaign}/send/preview", body)
    assert (preview["recipients"], preview["no_email"], preview["will_send"]) == (500, 10, 490)

    answer = stack.api("POST", f"/v1/campaigns/{campaign}/send", body, expect=202)
    readings: list[float] = []

    def finished() -> dict[str, Any] | None:
        job: dict[str, Any] = stack.api("GET", f"/v1/jobs/{answer['job_id']}")
        assert job["total"] == job["pending"] + sum(job["counts"].values())
        readings.append(job["progress"])
        return job if job["finished_at"] else None

    job = wait_until(finished, 300, "the campaign to be sent")
    assert readings == sorted(readings)
    assert len({reading for reading in readings if 0 < reading < 1}) >= 3
    assert (job["state"], job["total"], job["counts"]["accepted"], job["counts"]["skipped"]) == (
        "finished",
        500,
        490,
        10,
    )
    assert [listed["id"] for listed in stack.api("GET", "/v1/jobs")["items"]][:1] == [job["id"]]

    mails = stack.mailbox.messages(subject="Campaña")
    assert len(mails) == 490
    assert len({str(mail["to"]) for mail in mails}) == 490

    def results_are_in() -> dict[str, Any] | None:
        results: dict[str, Any] = stack.api("GET", f"/v1/campaigns/{campaign}/results")
        return results if results["delivered"] == 490 else None

    results = wait_until(results_are_in, 60, "490 deliveries in the results")
    assert (results["sent"], results["no_email"], results["bounced"]) == (490, 10, 0)
    assert results["rates"]["delivered"] == 1.0


def test_bad_orders_are_refused_with_their_paths(stack: Stack, order: dict[str, Any]) -> None:
    path = f"/v1/campaigns/{order['campaign']}/send"
    body = {key: value for key, value in order.items() if key != "campaign"}
    for wrong, where in (({"template_id": "nope"}, "template_id"), ({"start": "2001-01-01T00:00:00Z"}, "start")):
        problem = stack.api("POST", path, {**body, **wrong}, expect=422)
        assert [error["path"] for error in problem["errors"]] == [where]
    stack.api("POST", "/v1/campaigns/nope/send", body, expect=404)
    stack.api("POST", "/v1/jobs/nope/pause", {}, expect=404)
