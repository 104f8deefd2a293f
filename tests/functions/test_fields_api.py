"""A field that is added at run time works everywhere with the next request, and is not taken away while it is used."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.fields_api.app import api as fields
from functions.filters_api.app import api as filters
from functions.forms_api.app import api as forms
from functions.meta_api.app import api as meta
from functions.records_api.app import api as records
from functions.segments_api.app import api as segments
from functions.templates_api.app import api as templates
from functions.workflows_api.app import api as workflows
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.job import Job
from gotero.domain.modules import MODULES, Declaration
from gotero.entry import wiring, wiring_segments, wiring_sending
from gotero.entry.form_pages import embed_html
from gotero.ports import Definitions
from gotero.services.declare_fields import Declared
from gotero.services.read_record import Reading
from gotero.services.submit_form import Intake, form_of
from tests.functions.admin_request import LUCIA, call
from tests.functions.test_public_forms import SITE, post
from tests.unit.services.synced_office import SyncedOffice

TALLA = {
    "field": "talla",
    "label": {"es": "Talla", "en": "Size"},
    "type": "picklist",
    "options": ["S", {"value": "M", "label": {"es": "Mediana", "en": "Medium"}}, "L"],
    "list_column": True,
}
IS_M = {"all": [{"field": "talla", "op": "is", "value": "M"}]}
PATH = "/v1/fields/contacts"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, declaring: Callable[[Definitions], None]) -> SyncedOffice:
    office = SyncedOffice()
    administrator = replace(LUCIA, role="admin")
    office.define("users", administrator.to_json(), LUCIA.id)
    for api in (fields, filters, forms, meta, records, segments, templates, workflows):
        monkeypatch.setattr(api, "_find_user", lambda _: administrator)
    for name, made in {
        "definitions": office.definitions,
        "definition_writer": office.definer,
        "numbers": office.writer.numbers,
        "record_writer": office.writer,
        "records": office.records,
        "reading": Reading(office.records, MemoryMessages()),
        "lake": office.lake,
        "signer": MemorySigner(),
        "renderer": TemplateRenderer(),
        "template_compiler": TemplateRenderer(),
        "form_intake": Intake(office.writer, office.counters),
    }.items():
        monkeypatch.setattr(wiring, name, lambda made=made: made)
    monkeypatch.setattr(wiring_segments, "filler", lambda: office.filler)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
    monkeypatch.setenv("PUBLIC_URL", "https://links.gotero.example")
    declaring(office.definitions)
    return office


def made(api: Any, path: str, body: Any) -> dict[str, Any]:
    answer = call(api, "POST", path, body)
    assert answer.status == 201, answer.body
    return dict(answer.body)


def a_form() -> dict[str, Any]:
    asked = [{"field": "lastname", "required": True}, {"field": "email"}, {"field": "talla"}]
    body = {"name": "Tallas", "module": "contacts", "allowed_domains": ["*.huertaturia.example"], "fields": asked}
    return made(forms, "/v1/forms", body)


def a_workflow() -> dict[str, Any]:
    task = {"type": "update_fields", "params": {"values": {"talla": "L"}}}
    body = {"name": "Una más", "module": "contacts", "trigger": {"on": "create"}, "condition": IS_M, "tasks": [task]}
    return made(workflows, "/v1/workflows", body)


def test_a_field_works_everywhere_with_the_next_request(office: SyncedOffice) -> None:
    refused = call(filters, "POST", "/v1/filters", {"name": "M", "module": "contacts", "condition": IS_M})
    assert refused.broken() == [("condition.all[0].field", "unknown_field")]
    field = made(fields, PATH, TALLA)
    assert (field["id"], field["version"]) == ("contacts.talla", 1)

    contacts = next(m for m in call(meta, "GET", "/v1/meta").body["modules"] if m["id"] == "contacts")
    shown = next(f for f in contacts["fields"] if f["id"] == "talla")
    assert (shown["custom"], shown["label"], [o["value"] for o in shown["options"]]) == (
        True,
        {"es": "Talla", "en": "Size"},
        ["S", "M", "L"],
    )
    assert "is" in shown["operators"]
    assert contacts["list_columns"][-1] == "talla"
    assert contacts["sections"][-1]["fields"] == ["talla"]

    segment = made(segments, "/v1/segments", {"name": "tallas"})
    synced = call(
        segments,
        "POST",
        f"/v1/segments/{segment['id']}/autosync",
        {"on": True, "module": "contacts", "condition": IS_M},
    )
    assert synced.status == 202
    office.sync()

    form = a_form()
    stored = office.definitions.get("forms", form["id"])
    assert stored
    html = embed_html(form_of(stored), "https://links.gotero.example", "es")
    assert "<select" in html
    assert "Mediana" in html
    assert post(form["public_id"], lastname="Núñez", email="lia@example.org", talla="XL")["statusCode"] == 422
    posted = post(form["public_id"], lastname="Núñez", email="lia@example.org", talla="M", origin=SITE)
    assert posted["statusCode"] == 200
    (lia,) = office.everybody()
    made(records, "/v1/records/contacts", {"values": {"lastname": "Vidal", "talla": "S"}})
    changes = list(office.changes)
    office.sync()
    assert office.members(office.definitions.all("segments")[0]) == {lia}

    assert call(filters, "POST", "/v1/filters/count", {"module": "contacts", "condition": IS_M}).body["count"] == 1
    listed = call(records, "GET", "/v1/records/contacts", query={"sort": "talla"}).body["items"]
    assert [item["values"]["talla"] for item in listed] == ["M", "S"]

    a_workflow()
    office.changes.extend(changes)
    office.react()
    record = office.records.get(lia)
    assert record
    assert record.values["talla"] == "L"

    body = {"name": "Tu talla", "subject": "Talla {{ contact.talla }}", "html": "<p>{{ contact.talla }}</p>"}
    template = made(templates, "/v1/templates", body)
    assert template["warnings"] == []
    preview = call(
        templates,
        "POST",
        f"/v1/templates/{template['id']}/preview",
        {"record": {"module": "contacts", "id": lia.id}},
    )
    assert preview.body["subject"] == "Talla L"


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


def test_a_field_that_comes_back_is_of_its_old_type(office: SyncedOffice) -> None:
    made(fields, PATH, TALLA)
    assert call(fields, "DELETE", f"{PATH}/talla").status == 204
    assert call(fields, "POST", PATH, {**TALLA, "type": "text", "options": None}).broken() == [("type", "field_type")]
    assert made(fields, PATH, TALLA)["version"] == 3


def test_what_cannot_be_a_field_is_refused_with_its_path(office: SyncedOffice) -> None:
    def broken(**changes: Any) -> list[tuple[str, str]]:
        return call(fields, "POST", PATH, {**TALLA, **changes}).broken()

    for name, rule in {
        "Talla": "field_name",
        "talla-2": "field_name",
        "x" * 41: "field_name",
        "items": "reserved_name",
        "owner": "reserved_name",
        "unsubscribe_url": "reserved_name",
        "email": "unique",
    }.items():
        assert broken(field=name) == [("field", rule)], name
    assert broken(type="colour") == [("type", "choice"), ("options", "unknown_key")]
    assert broken(options=[]) == [("options", "required")]
    assert broken(options=["a", "a"]) == [("options[1].value", "unique")]
    assert broken(options=[{"value": "a", "color": 1}]) == [("options[0].color", "unknown_key")]
    assert broken(type="relation", options=None) == [("relation", "required")]
    assert broken(label={"es": "", "en": ""}) == [("label", "required")]
    assert broken(unique=True) == [("unique", "unknown_key")]
    assert call(fields, "POST", "/v1/fields/planets", TALLA).status == 404
    first = made(fields, PATH, TALLA)
    assert made(fields, PATH, TALLA) == first
    assert broken(required=True) == [("field", "unique")]
    assert call(fields, "POST", PATH, {"field": 7, "type": "text", "label": "x"}).broken() == [("field", "text")]


def test_a_field_is_its_type_for_ever_and_made_required_with_care(office: SyncedOffice) -> None:
    made(fields, PATH, TALLA)
    assert call(fields, "PATCH", f"{PATH}/talla", {"type": "text"}).broken() == [("type", "fixed")]
    first = made(records, "/v1/records/contacts", {"values": {"lastname": "Vidal"}})
    plain = {"name": "Sin talla", "module": "contacts", "any_domain": True, "fields": [{"field": "lastname"}]}
    form = made(forms, "/v1/forms", plain)
    refused = call(fields, "PATCH", f"{PATH}/talla", {"required": True})
    assert (refused.status, refused.broken()) == (409, [(f"forms.{form['id']}", "in_use")])
    assert call(forms, "DELETE", f"/v1/forms/{form['id']}").status == 204
    assert call(fields, "PATCH", f"{PATH}/talla", {"required": True}, headers={"if-match": '"9"'}).status == 409
    assert call(fields, "PATCH", f"{PATH}/talla", {"required": True}).status == 200
    path = "/v1/records/contacts"
    assert call(records, "POST", path, {"values": {"lastname": "N"}}).broken() == [("values.talla", "required")]
    assert call(records, "PATCH", f"{path}/{first['id']}", {"values": {"do_not_email": True}}).status == 200
    assert call(records, "PATCH", f"{path}/{first['id']}", {"values": {"talla": None}}).status == 422


@pytest.mark.parametrize(
    ("type", "typed", "kept"),
    [
        ("text", " hola ", "hola"),
        ("longtext", "a\nb", "a\nb"),
        ("email", "Lia@Example.org", "Lia@example.org"),
        ("phone", "+34963000000", "+34963000000"),
        ("url", "example.com", "https://example.com"),
        ("integer", "7", 7),
        ("decimal", "1.50", "1.5"),
        ("currency", 12, "12.00"),
        ("percent", "30", "30"),
        ("boolean", "si", True),
        ("date", "2026-11-21", "2026-11-21"),
        ("datetime", "2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000Z"),
        ("time", "10:30", "10:30"),
        ("multipicklist", ["a", "b"], ["a", "b"]),
        ("relation", None, None),
        ("user", "lucia", "lucia"),
    ],
)
def test_every_type_is_validated_and_kept_in_its_normal_form(
    office: SyncedOffice, type: str, typed: Any, kept: Any
) -> None:
    relation = {"relation": "accounts"} if type == "relation" else {}
    made(fields, PATH, {"field": "propio", "label": "Propio", "type": type, **relation})
    if type == "relation":
        typed = kept = made(records, "/v1/records/accounts", {"values": {"accountname": "Roig"}})["id"]
    record = made(records, "/v1/records/contacts", {"values": {"lastname": "N", "propio": typed}})
    assert record["values"]["propio"] == kept
    assert call(records, "POST", "/v1/records/contacts", {"values": {"lastname": "N", "propio": {}}}).status == 422


def test_only_an_administrator_adds_fields(office: SyncedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "_find_user", lambda _: LUCIA)
    assert call(fields, "POST", PATH, TALLA).status == 403
    assert call(fields, "GET", PATH).body == {"items": [], "next": None}


def test_another_process_sees_it_at_its_next_entrance_and_asks_once(office: SyncedOffice) -> None:
    elsewhere = Declaration(MODULES.shipped.values())
    declared = Declared(office.definitions, elsewhere)
    declared.refresh()
    assert elsewhere.version == 0
    made(fields, PATH, TALLA)
    assert elsewhere["contacts"].field("talla") is None
    for _ in range(3):
        declared.refresh()
    assert elsewhere["contacts"].field("talla") is not None
    assert elsewhere.version == 1


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


@pytest.mark.parametrize(
    "hostile", ["", " ", "\x00", "\ud800", "a" * 10_000, "'; DROP TABLE x;--", "{{7*7}}", "=1+1", "أ", "ñ"]
)
@pytest.mark.parametrize("key", ["field", "type", "label", "relation", "options", "required", "list_column"])
def test_whatever_is_sent_is_answered_with_a_path_or_taken_as_text(
    office: SyncedOffice, key: str, hostile: str
) -> None:
    for value in (hostile, [hostile], {"value": hostile}, {"es": hostile}, 1e308, None):
        answer = call(fields, "POST", PATH, {**TALLA, "field": "propio", key: value})
        assert answer.status in (201, 422)
        if answer.status == 201:
            assert call(fields, "DELETE", f"{PATH}/{answer.body['field']}").status == 204


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
