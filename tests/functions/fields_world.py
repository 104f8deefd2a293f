"""The functions that know of fields, on one office; a form and a workflow that use one."""

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
from gotero.entry import wiring, wiring_segments, wiring_sending
from gotero.ports import Definitions
from gotero.services.read_record import Reading
from gotero.services.submit_form import Intake
from tests.functions.admin_request import LUCIA, call
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


def fields_office(monkeypatch: pytest.MonkeyPatch, declaring: Callable[[Definitions], None]) -> SyncedOffice:
    """One office for all of them, of which an administrator asks; the declaration follows its fields."""
    office = SyncedOffice()
    administrator = replace(LUCIA, role="admin")
    office.define("users", administrator.to_json(), LUCIA.id)
    for api in (fields, filters, forms, meta, records, segments, templates, workflows):
        monkeypatch.setattr(api, "_find_user", lambda _: administrator)
    for name, one in {
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
        monkeypatch.setattr(wiring, name, lambda one=one: one)
    monkeypatch.setattr(wiring_segments, "filler", lambda: office.filler)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
    monkeypatch.setenv("PUBLIC_URL", "https://links.gotero.example")
    declaring(office.definitions)
    return office
