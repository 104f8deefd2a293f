"""Workflows: what they hear, what they do, once an event, and what one of them failing means for the others."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gotero.adapters.memory.records import MemoryRecords
from gotero.domain import instant
from gotero.domain.errors import TransientError
from gotero.domain.record import MAX_DEPTH, Record, Ref
from gotero.services.bin_record import delete_record
from gotero.services.run_workflows import Workflows, run_postponed_task, run_workflows
from gotero.services.save_record import create_record, update_record
from gotero.services.save_segment import create_segment
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.twitter_office import Twitter


def test_a_contact_from_twitter_enters_the_list_and_the_source_names_the_workflow() -> None:
    office = Twitter()
    workflow = office.workflow()
    inside, outside = office.contact(leadsource="Twitter"), office.contact(leadsource="Web Site")
    office.react(times=2)
    assert office.is_member(inside)
    assert not office.is_member(outside)
    membership = office.memberships.get(office.segment.id, inside)
    assert membership
    assert [(s.kind, s.id) for s in membership.sources] == [("workflow", workflow.id)]
    assert membership.sources[0].cause.depth == 1
    assert office.told(inside) == ["workflow_ran"]


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [("create", [True, False, False]), ("modify", [False, True, False]), ("delete", [False, False, True])],
)
def test_a_trigger_hears_its_kind_of_change(trigger: str, expected: list[bool]) -> None:
    office = Twitter()
    office.workflow(
        trigger={"on": trigger},
        condition=None,
        tasks=[{"type": "send_mail", "params": {"template_id": office.template.id}}],
    )
    ref = office.contact()
    heard = []
    for step in (
        lambda: None,
        lambda: update_record(office.writer, ref, {"city": "Gandia"}, cause=BY_MARC),
        lambda: delete_record(office.writer, ref, cause=BY_MARC),
    ):
        step()
        before = len(office.mails)
        office.react()
        heard.append(len(office.mails) > before)
    assert heard == expected


def test_first_match_runs_once_a_record() -> None:
    office = Twitter()
    send = [{"type": "send_mail", "params": {"template_id": office.template.id}}]
    office.workflow(trigger={"on": "first_match"}, tasks=send)
    ref = office.contact()
    for source in ("Twitter", "Web Site", "Twitter"):
        update_record(office.writer, ref, {"leadsource": source}, cause=BY_MARC)
        office.react()
    assert len(office.mails) == 1


def test_a_first_match_whose_task_fails_is_done_when_its_event_comes_again() -> None:
    office = Twitter()
    office.workflow(
        trigger={"on": "first_match"}, tasks=[{"type": "send_mail", "params": {"template_id": office.template.id}}]
    )
    office.contact(leadsource="Twitter")
    event, tools = office.changes[0], office.tools

    def throttled(*_: Any) -> dict[str, Any]:
        raise TransientError("throttled")

    office.tools = replace(tools, send_mail=throttled)
    with pytest.raises(TransientError):
        office.react()
    office.tools = tools
    office.changes.append(event)
    office.react()
    assert len(office.mails) == 1


def test_an_event_that_comes_again_sends_one_mail() -> None:
    office = Twitter()
    office.workflow(tasks=[{"type": "send_mail", "params": {"template_id": office.template.id}}])
    office.contact(leadsource="Twitter")
    office.react(times=3)
    assert len(office.mails) == 1


def test_an_inactive_workflow_and_an_inactive_task_do_nothing() -> None:
    office = Twitter()
    segment = {"segment_id": office.segment.id}
    office.workflow(active=False)
    office.workflow(tasks=[{"type": "add_to_segment", "active": False, "params": segment}])
    ref = office.contact(leadsource="Twitter")
    office.react()
    assert not office.is_member(ref)


def test_one_failed_task_does_not_stop_the_next_and_shows_on_the_timeline() -> None:
    office = Twitter()
    other = create_segment(office.definer, office.writer.numbers, {"name": "otra"}, owner=MARC, cause=BY_MARC)
    office.workflow(
        tasks=[
            {"type": "add_to_segment", "params": {"segment_id": other.id}},
            {"type": "add_to_segment", "params": {"segment_id": office.segment.id}},
        ]
    )
    office.definitions.delete("segments", other.id)
    ref = office.contact(leadsource="Twitter")
    office.react()
    assert office.is_member(ref)
    run = office.timeline.page(ref, 1, None)[0][0]
    assert [task["state"] for task in run.data["tasks"]] == ["failed", "done"]


def test_a_workflow_that_cannot_be_decided_stops_no_other_and_comes_again() -> None:
    office = Twitter()
    account = create_record(office.writer, "accounts", {"accountname": "Roig"}, cause=BY_MARC, owner=MARC)
    office.workflow(condition={"field": "account.accountname", "op": "is", "value": "Roig"})
    office.workflow(tasks=[{"type": "send_mail", "params": {"template_id": office.template.id}}])
    office.changes.clear()
    ref = office.contact(leadsource="Twitter", account=account.id)
    event, tools = office.changes[0], office.tools

    class Throttled(MemoryRecords):
        def get(self, ref: Ref) -> Record | None:
            raise TransientError("throttled")

    office.tools = replace(tools, writer=replace(tools.writer, records=Throttled()))
    with pytest.raises(TransientError):
        office.react()
    assert [mail[0] for mail in office.mails] == [ref]
    office.tools = tools
    office.changes.append(event)
    office.react()
    assert office.is_member(ref)
    assert len(office.mails) == 1


def test_workflows_that_cause_each_other_are_cut() -> None:
    office = Twitter()
    for value, other in (("Ping", "Pong"), ("Pong", "Ping")):
        office.workflow(
            name=value,
            condition={"field": "title", "op": "is", "value": value},
            tasks=[{"type": "update_fields", "params": {"values": {"title": other}}}],
        )
    ref = office.contact(title="Ping")
    office.react()
    record = office.records.get(ref)
    assert record
    assert record.version == MAX_DEPTH + 1


def test_a_delayed_task_waits_in_the_due_index_and_looks_again_when_it_fires() -> None:
    office = Twitter()
    task = {"type": "add_to_segment", "params": {"segment_id": office.segment.id}, "delay": {"days": 2}}
    still = {"field": "leadsource", "op": "is", "value": "Twitter"}
    office.workflow(tasks=[{**task, "condition": still}])
    stays, goes = office.contact(leadsource="Twitter"), office.contact(leadsource="Twitter")
    again = list(office.changes)
    office.react(times=2)
    office.clock.move(minutes=3)
    office.changes += again
    office.react()
    update_record(office.writer, goes, {"leadsource": "Web Site"}, cause=BY_MARC)
    office.clock.move(days=2)
    due = [entry for page in office.due_index.due(office.clock.now()) for entry in page]
    assert len(due) == 2
    for entry in due:
        run_postponed_task(entry.payload, office.tools)
    assert office.is_member(stays)
    assert not office.is_member(goes)
    waiting, done = (entry.at for entry in reversed(office.timeline.page(stays, 2, None)[0]))
    assert instant.read(done) - instant.read(waiting) == timedelta(days=2), "told when it was done"


def test_a_condition_sees_the_value_before_and_the_related_record() -> None:
    office = Twitter()
    account = create_record(
        office.writer, "accounts", {"accountname": "Roig", "city": "Gandia"}, cause=BY_MARC, owner=MARC
    )
    office.workflow(
        condition={
            "all": [
                {"field": "account.city", "op": "is", "value": "gandia"},
                {"field": "title", "op": "has_changed_to", "value": "Gerente"},
            ]
        }
    )
    ref = office.contact(account=account.id)
    office.react()
    assert not office.is_member(ref)
    update_record(office.writer, ref, {"title": "Gerente"}, cause=BY_MARC)
    office.react()
    assert office.is_member(ref)


def test_a_delayed_task_whose_workflow_has_changed_is_skipped_and_says_why() -> None:
    office = Twitter()
    task = {"type": "add_to_segment", "params": {"segment_id": office.segment.id}, "delay": {"days": 2}}
    workflow = office.workflow(tasks=[task])
    ref = office.contact(leadsource="Twitter")
    office.react()
    office.clock.move(days=2)
    [entry] = [entry for page in office.due_index.due(office.clock.now()) for entry in page]

    def told(**changes: Any) -> tuple[str, str]:
        """What the task comes to once the workflow is so; of several tries the last is told."""
        stored = office.definitions.get("workflows", workflow.id)
        assert stored
        office.definitions.put(replace(stored, data={**stored.data, **changes}, version=stored.version + 1))
        run_postponed_task(entry.payload, office.tools)
        late = [e for e in office.timeline.page(ref, 9, None)[0] if e.at == entry.payload["at"]]
        assert len(late) == 1
        assert not office.is_member(ref)
        outcome = late[0].data["tasks"][0]
        return outcome["state"], outcome["reason"]

    gone = {"field": "a_field_that_is_no_more", "op": "is", "value": "x"}
    assert told(condition=gone) == ("skipped", "does_not_fit")
    assert told(condition=None, active=False) == ("skipped", "inactive")


def title(office: Twitter, ref: Ref) -> Any:
    record = office.records.get(ref)
    return record.values["title"] if record else None


def test_a_field_that_somebody_has_changed_since_is_not_set_again_by_an_event_that_comes_twice() -> None:
    office = Twitter()
    office.workflow(tasks=[{"type": "update_fields", "params": {"values": {"title": "Del workflow"}}}])
    changed, was_so = office.contact(leadsource="Twitter"), office.contact(leadsource="Twitter", title="Del workflow")
    events = list(office.changes)
    office.react()
    for ref in (changed, was_so):
        update_record(office.writer, ref, {"title": "De Marc", "leadsource": "Web Site"}, cause=BY_MARC)
    for change in events:
        run_workflows(change, Workflows(office.definitions).all(), office.tools)
    assert [title(office, ref) for ref in (changed, was_so)] == ["De Marc", "De Marc"]
    # Another event is another matter.
    update_record(office.writer, changed, {"leadsource": "Twitter"}, cause=BY_MARC)
    office.react()
    assert title(office, changed) == "Del workflow"
