"""Which workflows can look at the value before: those that are given one when their conditions are asked."""

from typing import Any

import pytest

from gotero.domain.errors import InvalidError
from gotero.domain.triggers import TRIGGERS
from gotero.services.save_record import update_record
from gotero.services.save_workflow import change_workflow
from tests.unit.services.office import BY_MARC
from tests.unit.services.twitter_office import Twitter

RULES = {
    "create": "not_when_created",
    **dict.fromkeys(("delete", "segment_entered", "segment_left", "relate", "unrelate"), "not_when_unchanged"),
}
PAST: tuple[dict[str, Any], ...] = (
    {"field": "city", "op": "has_changed"},
    {"field": "city", "op": "has_changed_to", "value": "Alzira"},
    {"field": "city", "op": "was", "value": "Alzira"},
)


def task(office: Twitter, **more: Any) -> dict[str, Any]:
    return {"type": "add_to_segment", "params": {"segment_id": office.segment.id}, **more}


def broken(office: Twitter, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as refused:
        office.workflow(**changes)
    return [(e.path, e.rule) for e in refused.value.errors]


@pytest.mark.parametrize("past", PAST, ids=lambda leaf: str(leaf["op"]))
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_trigger_takes_what_it_is_given(trigger: str, past: dict[str, Any]) -> None:
    office = Twitter()
    condition = {"any": [past, {"not": past}]}
    asked = {"trigger": {"on": trigger}, "condition": condition, "tasks": [task(office, condition=past)]}
    if trigger not in RULES:
        assert office.workflow(**asked)
        return
    told = [(path, RULES[trigger]) for path in ("condition.any[0].op", "condition.any[1].not.op")]
    assert broken(office, **asked) == [*told, ("tasks[0].condition.op", RULES[trigger])]
    assert office.definitions.all("workflows") == []


@pytest.mark.parametrize("past", PAST, ids=lambda leaf: str(leaf["op"]))
def test_a_delayed_task_is_judged_without_the_value_before(past: dict[str, Any]) -> None:
    """Were it taken, `has_changed` would hold for every filled field when the wait is over."""
    office = Twitter()
    tasks = [task(office, condition=past, delay={"hours": 0}), task(office, condition=past, delay={"hours": 2})]
    changes = {"trigger": {"on": "modify"}, "condition": past, "tasks": tasks}
    assert broken(office, **changes) == [("tasks[1].condition.op", "not_in_schedule")]


def test_a_workflow_that_no_longer_fits_stops_no_other_and_can_be_mended() -> None:
    office = Twitter()
    good = office.workflow(trigger={"on": "modify"}, condition=PAST[1])
    data = {**good.data, "name": "vieja", "trigger": {"on": "relate"}}
    old = office.define("workflows", data, "old")
    ref = office.contact(city="Gandia")
    update_record(office.writer, ref, {"city": "Alzira"}, cause=BY_MARC)
    office.react()
    assert office.is_member(ref)
    mended = {"condition": {"field": "city", "op": "is", "value": "Alzira"}}
    phones = office.writer.phones
    after = change_workflow(office.definer, office.records, phones, old, mended, cause=BY_MARC, expected_version=None)
    assert after.data["condition"] == mended["condition"]
