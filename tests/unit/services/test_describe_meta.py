"""What the console is built from is complete, in both languages, and follows the declaration."""

import json
from typing import Any

import pytest

from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain import scheduled_action
from gotero.domain.condition import links_read, parse
from gotero.domain.condition.activity import KINDS, Window
from gotero.domain.condition.membership_leaf import OPERATORS as MEMBERSHIP
from gotero.domain.condition.periods import PERIODS
from gotero.domain.mail_context import unknown_fields
from gotero.domain.modules import MODULES, RECIPIENTS, put_together
from gotero.domain.template import Template
from gotero.domain.user import Role, User
from gotero.services.describe_meta import describe
from tests.unit.domain.condition_world import a_field

LUCIA = User("u1", "Lucía Ferrer", "lucia@huertaturia.example", "marketer")
COMPANY = {"name": "Huerta Turia, S.L.", "zone": "Europe/Madrid", "currency": "EUR", "language": "es"}


def meta(role: Role = "marketer", **rest: Any) -> dict[str, Any]:
    user = User(LUCIA.id, LUCIA.name, LUCIA.email, role)
    return describe(user, COMPANY, [LUCIA], {"g1": "Comerciales"}, **rest)


def labels(node: Any) -> list[Any]:
    if isinstance(node, dict):
        own = [value for key, value in node.items() if key in ("label", "label_one")]
        return own + [label for key, value in node.items() if key != "label" for label in labels(value)]
    return [label for item in node for label in labels(item)] if isinstance(node, list) else []


def test_it_has_the_keys_that_the_console_reads() -> None:
    described = meta()
    assert set(described) >= {
        "user",
        "settings",
        "modules",
        "operators",
        "task_types",
        "triggers",
        "job_kinds",
        "message_states",
        "users",
        "groups",
        "segment_types",
        "segment_statuses",
        "skip_reasons",
    }
    assert described["users"] == [{"id": "u1", "name": "Lucía Ferrer"}]
    assert described["groups"] == [{"id": "g1", "name": "Comerciales"}]
    assert described["settings"]["company"] == {**COMPANY, "send_delay_minutes": 5, "seed_list": []}
    json.dumps(described, allow_nan=False)


def test_every_label_is_there_in_both_languages() -> None:
    found = labels(meta())
    assert len(found) > 300
    assert all(label["es"] and label["en"] for label in found)


def test_every_operator_of_a_field_is_described() -> None:
    described = meta()
    offered = {op for module in described["modules"] for field in module["fields"] for op in field["operators"]}
    assert offered <= set(described["operators"])
    assert described["operators"]["is"]["operands"] == 1
    assert described["operators"]["between"]["operands"] == 2
    assert described["operators"]["is_empty"]["operands"] == 0


def test_a_field_added_to_the_declaration_appears_by_itself() -> None:
    contacts = MODULES["contacts"].with_fields([a_field("shoe_size", "integer")])
    described = meta(modules=put_together({**MODULES, "contacts": contacts}.values()))
    fields = next(m["fields"] for m in described["modules"] if m["id"] == "contacts")
    assert fields[-1]["id"] == "shoe_size"
    assert "greater_than" in fields[-1]["operators"]


@pytest.mark.parametrize(("role", "may"), [("admin", True), ("marketer", True), ("viewer", False)])
def test_what_may_be_done_depends_on_the_role_and_the_module(role: Role, may: bool) -> None:
    capabilities = {m["id"]: m["capabilities"] for m in meta(role)["modules"]}
    assert capabilities["contacts"] == {"create": may, "edit": may, "delete": may}
    assert capabilities["messages"] == {"create": False, "edit": False, "delete": False}


def test_a_company_without_settings_has_defaults() -> None:
    described = describe(LUCIA, {}, [], {})
    assert described["settings"]["company"] == {
        "name": "",
        "zone": "Europe/Madrid",
        "currency": "EUR",
        "language": "es",
        "send_delay_minutes": 5,
        "seed_list": [],
    }


def test_editors_find_what_they_offer() -> None:
    described = meta()
    assert described["choices"]["plan_status"] == ["active", "inactive", "obsolete", "between"]
    targets = {m["id"]: [target["id"] for target in m["targets"]] for m in described["modules"]}
    assert targets["contacts"] == ["self", "account"]
    assert targets["invoices"][0] == "contact"
    params = {trigger["id"]: trigger["param"] for trigger in described["triggers"]}
    assert params["form_posted"] == {"name": "form_id", "kind": "forms", "required": False}
    assert params["save"] is None
    assert [t["id"] for t in described["triggers"] if t["past"]] == [
        *("first_match", "save", "modify", "form_posted", "message_event")
    ]


def test_dates_to_count_from_are_those_that_a_scheduled_action_takes() -> None:
    found = {field["id"]: field["modules"] for field in meta()["reference_fields"]}
    assert "contacts" in found["birthday"]
    assert set(RECIPIENTS) <= set(found["created_at"])
    assert all(scheduled_action.SUBJECT in id for id, modules in found.items() if "invoices" in modules)


def test_every_merge_source_can_be_named_in_a_template() -> None:
    described = meta()
    fields = {m["id"]: [field["id"] for field in m["fields"]] for m in described["modules"]}
    tags = [
        f"{source['name']}.{field}".removeprefix(".")
        for source in described["merge_sources"]
        for field in source.get("fields") or fields[source["module"]]
    ]
    assert "contact.firstname" in tags
    assert "unsubscribe_url" in tags
    assert unknown_fields(tags) == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_new_template_begins_as_one_that_compiles(language: str) -> None:
    written = Template("Nueva", "Hola", mjml=meta()["template_starter"][language])
    compiled = TemplateRenderer().compile(written)
    assert compiled.warnings == ()
    assert "firstname" in compiled.fields


def test_the_condition_builder_is_told_of_activity_related_records_and_members() -> None:
    told = meta()["conditions"]
    assert [activity["id"] for activity in told["activities"]] == list(KINDS)
    assert [key["id"] for key in told["activities"][3]["keys"]] == ["campaign", "template", "url", "where"]
    assert [window["id"] for window in told["windows"]] == list(Window.__slots__)
    assert {m["id"] for m in told["membership"]} == set(MEMBERSHIP)
    links = {module["id"]: [link["id"] for link in module["links"]] for module in meta()["modules"]}
    assert links["contacts"][0] == "messages"
    assert "followups.contact" in links["contacts"]
    assert links["invoices"] == []
    periods = meta()["operators"]["is_in"]["options"]
    assert [period["value"] for period in periods] == list(PERIODS)


def test_what_the_builder_is_told_can_be_asked() -> None:
    """Every link and activity makes a condition that is taken, and that asks for what it says."""
    told = meta()
    asked = 0
    for module in told["modules"]:
        declared = MODULES[module["id"]]
        for link in module["links"]:
            parsed = parse({"related": link["id"], "match": "none"}, declared, context="filter")
            assert len(links_read(parsed)) == 1, link["id"]
            asked += 1
        for activity in told["conditions"]["activities"] if module["id"] in RECIPIENTS else ():
            parsed = parse({"activity": activity["id"], "within_days": 30}, declared, context="filter")
            assert links_read(parsed), activity["id"]
            asked += 1
    assert asked > len(told["conditions"]["activities"])
