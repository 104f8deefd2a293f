"""A field that is added at run time works everywhere with the next request, and is what it is for ever."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.fields_api.app import api as fields
from functions.filters_api.app import api as filters
from functions.forms_api.app import api as forms
from functions.meta_api.app import api as meta
from functions.records_api.app import api as records
from functions.segments_api.app import api as segments
from functions.templates_api.app import api as templates
from gotero.domain.modules import MODULES, Declaration
from gotero.entry.form_pages import embed_html
from gotero.ports import Definitions
from gotero.services.declare_fields import Declared
from gotero.services.submit_form import form_of
from tests.functions.admin_request import LUCIA, call
from tests.functions.fields_world import IS_M, PATH, TALLA, a_form, a_workflow, fields_office, made
from tests.functions.test_public_forms import SITE, post
from tests.unit.services.synced_office import SyncedOffice


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, declaring: Callable[[Definitions], None]) -> SyncedOffice:
    return fields_office(monkeypatch, declaring)


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
