"""An inactive segment is offered nowhere: whatever names one anew is refused, whatever did before can still change."""

import pytest

from gotero.adapters.memory.world import PlainPhones
from gotero.domain.audience import Audience
from gotero.domain.errors import InvalidError
from gotero.services.read_order import audience_errors
from gotero.services.save_workflow import change_workflow, create_workflow
from tests.unit.services.office import BY_MARC
from tests.unit.services.synced_office import SyncedOffice


def puts_into(segment: str) -> dict[str, object]:
    task = {"type": "add_to_segment", "name": "in", "params": {"segment_id": segment}}
    trigger = {"on": "segment_entered", "segment_id": segment}
    return {"name": "w", "module": "contacts", "trigger": trigger, "tasks": [task]}


def broken(error: pytest.ExceptionInfo[InvalidError]) -> list[tuple[str, str]]:
    return [(each.path, each.rule) for each in error.value.errors]


def test_a_workflow_neither_waits_for_it_nor_puts_anybody_in() -> None:
    office = SyncedOffice()
    asleep, awake = office.segment(status="Inactivo"), office.segment()
    with pytest.raises(InvalidError) as refused:
        create_workflow(office.definer, office.records, PlainPhones(), puts_into(asleep.id), cause=BY_MARC)
    assert broken(refused) == [("trigger.segment_id", "inactive"), ("tasks[0].params.segment_id", "inactive")]
    made = create_workflow(office.definer, office.records, PlainPhones(), puts_into(awake.id), cause=BY_MARC)
    data = {**awake.data, "status": "Inactivo"}
    office.definitions.put(type(awake)("segments", awake.id, data, 3, "", ""), names={"name": data["name"]})
    change = {"active": False}
    off = change_workflow(
        office.definer, office.records, PlainPhones(), made, change, cause=BY_MARC, expected_version=None
    )
    assert off.data["active"] is False
    other = {"trigger": {"on": "segment_left", "segment_id": asleep.id}}
    with pytest.raises(InvalidError) as refused:
        change_workflow(office.definer, office.records, PlainPhones(), off, other, cause=BY_MARC, expected_version=None)
    assert broken(refused) == [("trigger.segment_id", "inactive")]


def test_a_campaign_does_not_go_to_it_and_may_leave_it_out() -> None:
    office = SyncedOffice()
    asleep, awake = office.segment(status="Inactivo"), office.segment()
    asked = Audience(segments=(awake.id, asleep.id), except_segments=(asleep.id,))
    assert [(e.path, e.rule) for e in audience_errors(office.definitions, asked)] == [
        ("audience.segments[1]", "inactive")
    ]
