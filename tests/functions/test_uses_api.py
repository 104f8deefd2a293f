"""What is used is named, and not taken away: fields and options, templates and segments of sends, records of a user."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.fields_api.app import api as fields
from functions.filters_api.app import api as filters
from functions.forms_api.app import api as forms
from functions.records_api.app import api as records
from functions.segments_api.app import api as segments
from functions.templates_api.app import api as templates
from functions.workflows_api.app import api as workflows
from gotero.domain.job import Job
from gotero.domain.modules import MODULES
from gotero.domain.record import Cause, Ref
from gotero.ports import Definitions
from gotero.services.bin_record import delete_record
from tests.functions.admin_request import LUCIA, call
from tests.functions.fields_world import IS_M, PATH, TALLA, a_form, a_workflow, fields_office, made
from tests.unit.services.synced_office import SyncedOffice


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, declaring: Callable[[Definitions], None]) -> SyncedOffice:
    return fields_office(monkeypatch, declaring)


def test_whoever_uses_a_field_or_an_option_is_named(office: SyncedOffice) -> None:
    made(fields, PATH, TALLA)
    saved = made(filters, "/v1/filters", {"name": "Medianas", "module": "contacts", "condition": IS_M})
    form, workflow = a_form(), a_workflow()
    uses = call(fields, "GET", "/v1/uses/fields/contacts.talla").body["items"]
    assert [(use["kind"], use["id"], use["name"]) for use in uses] == [
        ("filters", saved["id"], "Medianas"),
        ("workflows", workflow["id"], "Una más"),
        ("forms", form["id"], "Tallas"),
    ]
    refused = call(fields, "DELETE", f"{PATH}/talla")
    assert refused.status == 409
    assert len(refused.broken()) == 3
    without_m = call(fields, "PATCH", f"{PATH}/talla", {"options": ["S", "L"]})
    assert without_m.broken() == [(f"filters.{saved['id']}", "in_use"), (f"workflows.{workflow['id']}", "in_use")]
    assert call(fields, "PATCH", f"{PATH}/talla", {"options": ["M", "L"], "label": "Talla única"}).status == 200
    for api, path in ((filters, f"/v1/filters/{saved['id']}"), (workflows, f"/v1/workflows/{workflow['id']}")):
        assert call(api, "DELETE", path).status == 204
    assert call(forms, "DELETE", f"/v1/forms/{form['id']}").status == 204
    assert call(fields, "DELETE", f"{PATH}/talla").status == 204
    assert call(fields, "GET", PATH).body["items"] == []
    assert call(fields, "GET", "/v1/meta").status == 404
    assert "talla" not in [f.id for f in MODULES["contacts"].fields]


def test_a_send_that_is_not_over_keeps_its_template_and_its_segments(office: SyncedOffice) -> None:
    template = made(templates, "/v1/templates", {"name": "Oferta", "subject": "Hola", "html": "<p>Hola</p>"})
    segment = made(segments, "/v1/segments", {"name": "tallas"})
    audience = {"segments": [segment["id"]], "except": [], "everyone": False}
    params = {"name": "Twitter", "template_id": template["id"], "audience": audience}
    job = Job("j1", "campaign_send", "scheduled", params, "2026-09-21T09:00:00.000Z", LUCIA.id)
    office.jobs.create(job)
    for n in range(150):  # what has come since it was ordered
        office.jobs.create(
            replace(job, id=f"i{n}", kind="import", state="finished", created_at="2026-11-21T09:00:00.000Z")
        )
    for api, path, kind, id in (
        (templates, "/v1/templates", "templates", template["id"]),
        (segments, "/v1/segments", "segments", segment["id"]),
    ):
        assert call(api, "DELETE", f"{path}/{id}").broken() == [("jobs.j1", "in_use")]
        (use,) = call(fields, "GET", f"/v1/uses/{kind}/{id}").body["items"]
        assert use == {"kind": "jobs", "id": "j1", "name": "Twitter"}
    office.jobs.control(replace(job, state="cancelled", version=2))
    assert call(templates, "DELETE", f"/v1/templates/{template['id']}").status == 204
    assert call(segments, "DELETE", f"/v1/segments/{segment['id']}").status == 204


def test_what_somebody_owns_is_counted_by_module_among_his_uses(office: SyncedOffice) -> None:
    group = office.define("groups", {"name": "Comerciales"}, "sales").id
    for owner, number in ((LUCIA.id, 3), (group, 2)):
        for one in range(number):
            made = call(records, "POST", "/v1/records/contacts", {"values": {"lastname": f"N{one}"}, "owner": owner})
            assert made.status == 201
    account = {"values": {"accountname": "Huerta"}, "owner": LUCIA.id}
    assert call(records, "POST", "/v1/records/accounts", account).status == 201
    office.project()
    theirs = call(fields, "GET", f"/v1/uses/users/{LUCIA.id}").body["owned"]
    assert {one["module"]: one["count"] for one in theirs["records"]} == {"accounts": 1, "contacts": 3}
    assert theirs["exact"] and theirs["as_of"]
    of_group = call(fields, "GET", f"/v1/uses/groups/{group}").body["owned"]
    assert of_group["records"] == [{"module": "contacts", "count": 2}]
    assert "owned" not in call(fields, "GET", "/v1/uses/fields/contacts.lastname").body


def test_a_condition_names_what_is_there_and_outlives_a_campaign_that_is_deleted(office: SyncedOffice) -> None:
    campaign = made(records, "/v1/records/campaigns", {"values": {"name": "Otoño"}})["id"]
    opened = {"activity": "opened", "campaign": campaign}
    for key in ("campaign", "template"):
        unknown = {"any": [opened, {"not": {"activity": "opened", key: "nobody"}}]}
        asked = {"name": "Abrió", "module": "contacts", "condition": unknown}
        rule = {"campaign": "gone", "template": "not_found"}[key]
        broken = [(f"condition.any[1].not.{key}", rule)]
        assert call(filters, "POST", "/v1/filters", asked).broken() == broken
        counted = {"module": "contacts", "condition": unknown}
        assert call(filters, "POST", "/v1/filters/count", counted).broken() == broken
        workflow = {**asked, "trigger": {"on": "save"}, "tasks": []}
        assert call(workflows, "POST", "/v1/workflows", workflow).broken() == broken
    saved = made(filters, "/v1/filters", {"name": "Abrió", "module": "contacts", "condition": opened})["id"]
    body = {"name": "w", "module": "contacts", "trigger": {"on": "save"}, "condition": opened, "tasks": []}
    workflow_id = made(workflows, "/v1/workflows", body)["id"]
    used = call(fields, "GET", f"/v1/uses/campaigns/{campaign}").body["items"]
    assert [(use["kind"], use["id"]) for use in used] == [("filters", saved), ("workflows", workflow_id)]
    delete_record(office.writer, Ref("campaigns", campaign), cause=Cause("user", LUCIA.id))
    assert call(filters, "POST", "/v1/filters/count", {"filter_id": saved}).body["count"] == 0
    both = {"condition": {"all": [opened, {"field": "city", "op": "is", "value": "Alzira"}]}}
    assert call(filters, "PATCH", f"/v1/filters/{saved}", both).status == 200
    assert call(workflows, "PATCH", f"/v1/workflows/{workflow_id}", {**both, "name": "otro"}).status == 200
