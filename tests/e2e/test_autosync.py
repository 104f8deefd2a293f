"""AutoSync on the whole stack: turned on over who is there, followed change by change, explained, turned off."""

from typing import Any

import pytest

from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e
#: A value that nobody else in the company has.
TITLE = "Catadora de naranjas"


def created(stack: Stack, module: str, **values: Any) -> str:
    return str(stack.api("POST", f"/v1/records/{module}", {"values": values}, expect=201)["id"])


def changed(stack: Stack, module: str, id: str, **values: Any) -> None:
    stack.api("PATCH", f"/v1/records/{module}/{id}", {"values": values})


def members(stack: Stack, segment: str) -> set[str]:
    return {item["id"] for item in stack.api("GET", f"/v1/segments/{segment}/members?module=contacts")["items"]}


def wait_for(stack: Stack, segment: str, wanted: set[str]) -> None:
    wait_until(lambda: members(stack, segment) == wanted, 300, f"{wanted}, not {members(stack, segment)}")


def test_a_segment_is_kept_in_step_with_a_filter(stack: Stack) -> None:
    bank = created(stack, "accounts", accountname="Caixa de l'Horta", industry="Banking")
    early = created(stack, "contacts", lastname="Temprana", title=TITLE, account=bank)
    other = created(stack, "contacts", lastname="Otra", title=TITLE)
    condition = {
        "all": [
            {"field": "title", "op": "is", "value": TITLE},
            {"field": "account.industry", "op": "is", "value": "Banking"},
        ]
    }
    body = {"name": "Catadoras de bancos", "module": "contacts", "condition": condition}
    filter_id = stack.api("POST", "/v1/filters", body, expect=201)["id"]
    wait_until(lambda: stack.api("POST", "/v1/filters/count", {"filter_id": filter_id})["count"] == 1, 300, "the lake")
    listed = stack.api("GET", f"/v1/records/contacts?filter_id={filter_id}")
    assert [item["id"] for item in listed["items"]] == [early]

    segment = stack.api("POST", "/v1/segments", {"name": "Catadoras"}, expect=201)["id"]
    turned = stack.api("POST", f"/v1/segments/{segment}/autosync", {"filter_id": filter_id, "on": True}, expect=202)
    wait_for(stack, segment, {early})
    job = f"/v1/jobs/{turned['job_id']}"
    wait_until(lambda: stack.api("GET", job)["state"] == "finished", 300, "the job to finish")
    assert stack.api("GET", job)["progress"] == 1.0

    changed(stack, "contacts", other, account=bank)
    wait_for(stack, segment, {early, other})
    changed(stack, "accounts", bank, industry="Hospitality")
    wait_for(stack, segment, set())
    told = stack.api("GET", f"/v1/segments/{segment}/why/contacts/{early}")
    (rule,) = told["rules"]
    assert (told["member"], rule["verdict"]) == (False, False)
    assert [leaf["found"] for leaf in rule["turned_by"]] == ["Hospitality"]
    changed(stack, "accounts", bank, industry="Banking")
    wait_for(stack, segment, {early, other})

    stack.api("DELETE", f"/v1/segments/{segment}/members", {"items": [{"module": "contacts", "id": other}]})
    changed(stack, "contacts", other, title="x")
    changed(stack, "contacts", other, title=TITLE)
    wait_for(stack, segment, {early})
    assert stack.api("GET", f"/v1/segments/{segment}/why/contacts/{other}")["blocked"]
    assert stack.call("DELETE", f"/v1/filters/{filter_id}").status == 409
    entered = [
        item["kind"]
        for item in stack.api("GET", f"/v1/records/contacts/{early}/timeline")["items"]
        if item["kind"].startswith("segment_")
    ]
    assert entered == ["segment_entered", "segment_left", "segment_entered"]

    off = stack.api("POST", f"/v1/segments/{segment}/autosync", {"filter_id": filter_id, "on": False}, expect=202)
    assert off["autosync"] == []
    wait_for(stack, segment, set())
    stack.api("DELETE", f"/v1/filters/{filter_id}", expect=204)


def test_a_filter_is_loaded_once(stack: Stack) -> None:
    here = created(stack, "contacts", lastname="Cargada", title="Cargadora de naranjas")
    condition = {"field": "title", "op": "is", "value": "Cargadora de naranjas"}
    asked = {"module": "contacts", "condition": condition}
    wait_until(lambda: stack.api("POST", "/v1/filters/count", asked)["count"] == 1, 300, "the lake")
    segment = stack.api("POST", "/v1/segments", {"name": "Cargadoras"}, expect=201)["id"]
    stack.api("POST", f"/v1/segments/{segment}/load", asked, expect=202)
    wait_for(stack, segment, {here})


def test_the_time_alone_lets_somebody_enter(stack: Stack) -> None:
    segment = stack.api("POST", "/v1/segments", {"name": "Maduras"}, expect=201)["id"]
    condition = {
        "all": [
            {"field": "title", "op": "is", "value": "Maduradora de naranjas"},
            {"field": "created_at", "op": "more_than_hours_before", "value": 5},
        ]
    }
    asked = {"module": "contacts", "condition": condition, "on": True}
    stack.wait_for_job(stack.api("POST", f"/v1/segments/{segment}/autosync", asked, expect=202)["job_id"])
    here = created(stack, "contacts", lastname="Madura", title="Maduradora de naranjas")
    why = f"/v1/segments/{segment}/why/contacts/{here}"
    flips_at = stack.api("GET", why)["rules"][0]["flips_at"]
    assert flips_at
    stack.clock.move(hours=5, minutes=1)
    wait_for(stack, segment, {here})
    assert stack.api("GET", why)["rules"][0]["flips_at"] is None


def test_what_stands_around_a_contact_lets_it_enter_and_leave(stack: Stack) -> None:
    picked = stack.api("POST", "/v1/segments", {"name": "Escogidas"}, expect=201)["id"]
    asking = stack.api("POST", "/v1/segments", {"name": "Escogidas y visitadas"}, expect=201)["id"]
    done = {"field": "status", "op": "is", "value": "Done"}
    condition = {
        "all": [
            {"segment": picked},
            {"related": "followups.contact", "where": done},
            {"activity": "opened", "times": {"exactly": 0}, "within_days": 30},
        ]
    }
    asked = {"module": "contacts", "condition": condition, "on": True}
    stack.wait_for_job(stack.api("POST", f"/v1/segments/{asking}/autosync", asked, expect=202)["job_id"])
    closing = {"module": "contacts", "condition": {"not": {"segment": asking}}, "on": True}
    refused = stack.call("POST", f"/v1/segments/{picked}/autosync", closing)
    assert refused.status == 422
    assert refused.json()["errors"][0]["path"] == "condition.not.segment"
    assert stack.call("DELETE", f"/v1/segments/{picked}").status == 409

    here = created(stack, "contacts", lastname="Escogida", title="Escogida")
    visit = created(stack, "followups", subject="Visita", contact=here, status="Pending")
    stack.api("POST", f"/v1/segments/{picked}/members", {"items": [{"module": "contacts", "id": here}]})
    changed(stack, "followups", visit, status="Done")
    wait_for(stack, asking, {here})
    wait_until(
        lambda: stack.api("POST", "/v1/filters/count", {"module": "contacts", "condition": condition})["count"] == 1,
        300,
        "the lake to count the same",
    )
    (rule,) = stack.api("GET", f"/v1/segments/{asking}/why/contacts/{here}")["rules"]
    assert [leaf["found"] for leaf in rule["tree"]["all"]] == [
        True,
        {"related": 1, "matching": 1},
        {"count": 0, "latest": []},
    ]
    stack.api("DELETE", f"/v1/segments/{picked}/members", {"items": [{"module": "contacts", "id": here}]})
    wait_for(stack, asking, set())


def test_a_link_lets_a_contact_enter_and_is_told_at_both_ends(stack: Stack) -> None:
    segment = stack.api("POST", "/v1/segments", {"name": "De feria"}, expect=201)["id"]
    condition = {"related": "campaigns", "where": {"field": "audience", "op": "is", "value": "Feriantes"}}
    asked = {"module": "contacts", "condition": condition, "on": True}
    stack.wait_for_job(stack.api("POST", f"/v1/segments/{segment}/autosync", asked, expect=202)["job_id"])
    here = created(stack, "contacts", lastname="Ferial")
    fair = created(stack, "campaigns", name="Feria de Alzira")
    ends = f"/v1/records/campaigns/{fair}/linked/contacts"
    stack.api("POST", ends, {"ids": [here]})
    changed(stack, "campaigns", fair, audience="Feriantes")
    wait_for(stack, segment, {here})
    count = {"module": "contacts", "condition": condition}
    wait_until(lambda: stack.api("POST", "/v1/filters/count", count)["count"] == 1, 300, "the lake to count the same")
    told = [
        stack.api("GET", f"/v1/records/{module}/{id}/timeline")["items"]
        for module, id in (("contacts", here), ("campaigns", fair))
    ]
    texts = [next(item["text"]["en"] for item in items if item["kind"] == "linked") for items in told]
    assert [text.partition(" by ")[0] for text in texts] == [
        "Linked with Campaign “Feria de Alzira”",
        "Linked with Contact “Ferial”",
    ]
    stack.api("DELETE", ends, {"ids": [here]}, expect=204)
    wait_for(stack, segment, set())
    wait_until(lambda: stack.api("POST", "/v1/filters/count", count)["count"] == 0, 300, "the lake to follow")
