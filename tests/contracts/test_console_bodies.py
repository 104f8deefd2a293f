"""What the console's editors send is what the rules read: bodies as they leave the screen, keys left empty included."""

from datetime import date
from typing import Any

import pytest

from gotero.domain import action, document_template, form, plan, scheduled_action, workflow
from gotero.domain.errors import InvalidError
from gotero.domain.modules import MODULES
from gotero.domain.template import STARTER, read_template

TODAY = date(2026, 11, 21)
FORM: dict[str, Any] = {
    "name": "Feria",
    "module": "contacts",
    "owner": "u-lucia",
    "return_url": "",
    "language": "",
    "button": "",
    "allowed_domains": ["huertaturia.example"],
    "any_domain": False,
    "active": True,
    "fields": [
        {"field": "lastname", "required": True, "imposed": None, "name": ""},
        {"field": "leadsource", "required": False, "imposed": "Twitter"},
        {"field": "description", "required": False, "imposed": ""},
    ],
}
TASK: dict[str, Any] = {
    "type": "add_to_segment",
    "name": "",
    "active": True,
    "params": {"segment_id": "s-1", "target": "self"},
    "delay": {"days": 3},
    "condition": {"all": [{"field": "email", "op": "is_not_empty", "value": None}]},
}
WORKFLOW: dict[str, Any] = {
    "name": "Twitter",
    "module": "contacts",
    "active": True,
    "trigger": {"on": "form_posted", "form_id": "f-1"},
    "condition": {
        "all": [
            {"field": "leadsource", "op": "is", "value": "Twitter"},
            {"not": {"any": [{"field": "account.industry", "op": "is", "value": "Banking"}]}},
        ]
    },
    "tasks": [TASK, {**TASK, "delay": None, "condition": None}],
}


def test_a_form() -> None:
    read = form.parse(FORM, MODULES, owner="u-marc")
    assert read.imposed() == {"leadsource": "Twitter"}
    assert [field.field for field in read.asked()] == ["lastname", "description"]


def test_a_workflow() -> None:
    read = workflow.parse(WORKFLOW, "w-1", MODULES)
    assert (read.trigger.on, read.trigger.id) == ("form_posted", "f-1")
    assert [task.delay is not None for task in read.tasks] == [True, False]
    assert workflow.parse({**WORKFLOW, "condition": None, "tasks": []}, "w-1", MODULES).condition is None


def test_what_is_wrong_in_a_workflow_is_named_as_the_editor_names_its_inputs() -> None:
    leaf = {"field": "leadsource", "op": "is", "value": None}
    broken = {
        **WORKFLOW,
        "condition": {"not": {"any": [leaf]}},
        "tasks": [{**TASK, "params": {}, "condition": {"all": [leaf]}}],
    }
    with pytest.raises(InvalidError) as caught:
        workflow.parse(broken, "w-1", MODULES)
    assert {error.path for error in caught.value.errors} == {
        "condition.not.any[0].value",
        "tasks[0].params.segment_id",
        "tasks[0].condition.all[0].value",
    }


@pytest.mark.parametrize("empty", ["html", "mjml"])
def test_a_template_in_either_language(empty: str) -> None:
    body = {"name": "Otoño", "subject": "Hola", "class": "marketing", "language": "es", "text": None}
    read = read_template({**body, "mjml": STARTER["es"], "html": STARTER["es"], empty: None}, "es")
    assert read.body_key != empty


def test_an_action() -> None:
    body = {"name": "Bienvenida", "kind": "mail", "class": "marketing", "params": {"template_id": "t-1"}}
    assert action.parse(body).template_id == "t-1"


@pytest.mark.parametrize(
    "when",
    [
        {"on": "date", "date": "2027-01-01", "at": "09:30"},
        {"on": "assignment", "offset": {}},
        {"on": "assignment", "offset": {"days": 10, "hours": 2}, "at": "09:00"},
        {"on": "field", "field": "birthday", "offset": {"days": -7}},
        {"on": "field", "field": "birthday", "count": "nth_anniversary", "n": 2, "offset": {"months": 1}},
    ],
)
def test_a_scheduled_action(when: dict[str, Any]) -> None:
    body = {"reference": "R", "action_id": "x-1", "status": "active", "sender": "user:u-marc", "when": when}
    assert scheduled_action.parse(body, TODAY).when.to_json()["on"] == when["on"]


def test_a_plan() -> None:
    body = {"name": "Bienvenida", "status": "active", "from": None, "to": None, "scheduled_actions": ["y-1"]}
    assert plan.parse(body, TODAY).first is None
    between = plan.parse({**body, "status": "between", "from": "2026-12-01", "to": "2026-12-31"}, TODAY)
    assert between.first and between.last


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_document_template_begins_as_one_that_is_taken(language: Any) -> None:
    body = {"name": "Carta", "module": "contacts", "language": language, **document_template.STARTER[language]}
    assert document_template.read_document_template(body, "es").parts[0].kind == "title"
