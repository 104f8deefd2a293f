"""Workflows as they are defined: what they name must be there, and the present version is what runs."""

import pytest

from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.messages import MemoryMessages
from gotero.domain.custom_field import CustomField, with_custom
from gotero.domain.errors import InUseError, InvalidError
from gotero.domain.modules import MODULES, Field, Label
from gotero.services.run_workflows import Workflows
from gotero.services.save_segment import delete_segment
from gotero.services.save_workflow import change_workflow
from tests.unit.services.office import BY_MARC
from tests.unit.services.twitter_office import Twitter


def test_what_a_workflow_names_must_be_there() -> None:
    office = Twitter()
    with pytest.raises(InvalidError) as refused:
        office.workflow(
            condition={"field": "shoe", "op": "is", "value": 1},
            tasks=[
                {"type": "add_to_segment", "params": {"segment_id": "nowhere", "colour": "red"}},
                {"type": "fly", "params": {}},
            ],
        )
    told = {(e.path, e.rule) for e in refused.value.errors}
    assert told >= {
        ("condition.field", "unknown_field"),
        ("tasks[0].params.colour", "unknown_key"),
        ("tasks[1].type", "choice"),
    }
    with pytest.raises(InvalidError) as refused:
        office.workflow(tasks=[{"type": "add_to_segment", "params": {"segment_id": "x" * 5000}}])
    assert [(e.path, e.rule) for e in refused.value.errors] == [("tasks[0].params.segment_id", "too_long")]
    with pytest.raises(InvalidError) as refused:
        office.workflow(tasks=[{"type": "update_fields", "params": {"values": {"email": "broken"}}}])
    assert [(e.path, e.rule) for e in refused.value.errors] == [("tasks[0].params.values.email", "email")]


def test_a_changed_workflow_runs_as_it_is_now() -> None:
    office = Twitter()
    workflow = office.workflow()
    condition = {"field": "leadsource", "op": "is", "value": "Partner"}
    change_workflow(
        office.definer,
        office.records,
        office.writer.phones,
        workflow,
        {"condition": condition},
        cause=BY_MARC,
        expected_version=1,
    )
    before, after = office.contact(leadsource="Twitter"), office.contact(leadsource="Partner")
    office.react()
    assert (office.is_member(before), office.is_member(after)) == (False, True)


def test_a_workflow_that_no_longer_fits_stops_no_other_and_is_named() -> None:
    office = Twitter()
    broken = office.define("workflows", {"name": "old", "module": "contacts", "trigger": {"on": "gone"}, "tasks": []})
    office.workflow()
    ref = office.contact(leadsource="Twitter")
    office.react()
    assert office.is_member(ref)
    workflows = Workflows(office.definitions)
    assert len(workflows.all()) == 1
    assert workflows.broken == [broken.id]


def test_a_segment_that_a_workflow_names_is_not_deleted() -> None:
    office = Twitter()
    workflow = office.workflow()
    with pytest.raises(InUseError) as refused:
        delete_segment(office.definitions, office.segment, MemoryJobs(MemoryMessages()))
    assert [use.id for use in refused.value.uses] == [workflow.id]
    office.definitions.delete("workflows", workflow.id)
    delete_segment(office.definitions, office.segment, MemoryJobs(MemoryMessages()))
    assert office.definitions.get("segments", office.segment.id) is None


def test_a_workflow_that_arrives_before_its_field_runs_once_the_field_is_known() -> None:
    office = Twitter()
    condition = {"all": [{"field": "talla", "op": "is", "value": "M"}]}
    office.define(
        "workflows", {"name": "Medianas", "module": "contacts", "trigger": {"on": "save"}, "condition": condition}
    )
    workflows = Workflows(office.definitions)
    assert workflows.all() == []
    assert len(workflows.broken) == 1
    try:
        MODULES.declare(
            with_custom(MODULES.shipped.values(), [CustomField("contacts", Field("talla", Label("T", "S")))])
        )
        assert [workflow.name for workflow in workflows.all()] == ["Medianas"]
        assert workflows.broken == []
    finally:
        MODULES.declare(MODULES.shipped.values())
