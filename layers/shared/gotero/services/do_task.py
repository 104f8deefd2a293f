"""What the tasks of workflows do: each is idempotent by the id of the event that set it off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gotero.domain import workflow as rules
from gotero.domain.errors import PermanentError
from gotero.domain.ids import derived_id
from gotero.domain.record import Cause, Change, Record, Ref
from gotero.domain.workflow import REST_HOURS, Task, Workflow
from gotero.ports import Clock, Definitions, DueIndex, Json, Memberships, Messages, Records, Timeline
from gotero.services.change_members import add_members, remove_members
from gotero.services.save_record import RecordWriter, create_record, update_record
from gotero.services.write_definition import get_definition

#: Mail one recipient: (recipient, params of the task, subject, key of the send, cause) -> what became of it.
SendMail = Callable[[Ref, Json, Ref | None, str, Cause], Json]
#: Assign or unassign one recipient: (recipient, params of the task, subject, cause) -> what became of it.
Assign = Callable[[Ref, Json, Ref | None, Cause], Json]
#: The record behind a reference, of any module (messages too).
Read = Callable[[Ref], Record | None]


@dataclass(frozen=True, slots=True)
class Tools:
    """What the tasks act with."""

    writer: RecordWriter
    messages: Messages
    memberships: Memberships
    timeline: Timeline
    due_index: DueIndex
    send_mail: SendMail
    assign: Assign
    unassign: Assign
    read: Read

    @property
    def definitions(self) -> Definitions:
        return self.writer.definitions

    @property
    def records(self) -> Records:
        return self.writer.records

    @property
    def clock(self) -> Clock:
        return self.writer.clock


def _cause(workflow: Workflow, task: Task, change: Change) -> Cause:
    """What a task writes is caused by its workflow, one level deeper than the event that set it off."""
    return Cause("workflow", workflow.id, part=task.id, event=change.event.id, depth=change.event.cause.depth + 1)


def _target(task: Task, change: Change) -> Ref:
    ref = rules.target_of(task, change)
    if ref is None:
        raise PermanentError("the record points to nobody whom the task could act on")
    return ref


def _add_to_segment(workflow: Workflow, task: Task, change: Change, tools: Tools) -> Json:
    definition = get_definition(tools.definitions, "segments", task.params["segment_id"])
    entered = add_members(
        definition,
        [_target(task, change)],
        source=("workflow", workflow.id),
        cause=_cause(workflow, task, change),
        memberships=tools.memberships,
        records=tools.records,
        clock=tools.clock,
    )
    return {"segment": definition.id, "entered": bool(entered)}


def _remove_from_segment(workflow: Workflow, task: Task, change: Change, tools: Tools) -> Json:
    definition = get_definition(tools.definitions, "segments", task.params["segment_id"])
    left = remove_members(
        definition,
        [_target(task, change)],
        cause=_cause(workflow, task, change),
        memberships=tools.memberships,
        clock=tools.clock,
    )
    return {"segment": definition.id, "left": bool(left)}


def _send_mail(workflow: Workflow, task: Task, change: Change, tools: Tools) -> Json:
    key = derived_id(workflow.id, task.id, change.event.id)
    params = {**task.params, REST_HOURS: rules.rest_hours(workflow, task)}
    subject = _subject(task, change)
    return tools.send_mail(_target(task, change), params, subject, key, _cause(workflow, task, change))


def _subject(task: Task, change: Change) -> Ref | None:
    """What a mail or an assignment is about: the record, when the task acts on somebody it points to (an invoice)."""
    target = _target(task, change)
    about = change.after.ref
    return about if about != target and about.module not in ("messages",) else None


def _assign(workflow: Workflow, task: Task, change: Change, tools: Tools) -> Json:
    return tools.assign(_target(task, change), task.params, _subject(task, change), _cause(workflow, task, change))


def _unassign(workflow: Workflow, task: Task, change: Change, tools: Tools) -> Json:
    return tools.unassign(_target(task, change), task.params, _subject(task, change), _cause(workflow, task, change))


def _update_fields(workflow: Workflow, task: Task, change: Change, tools: Tools) -> Json:
    update_record(tools.writer, _target(task, change), task.params["values"], cause=_cause(workflow, task, change))
    return {}


def _create_record(workflow: Workflow, task: Task, change: Change, tools: Tools) -> Json:
    record = create_record(
        tools.writer,
        task.params["module"],
        task.params["values"],
        cause=_cause(workflow, task, change),
        owner=change.after.owner,
        id=derived_id(workflow.id, task.id, change.event.id),
    )
    return {"record": record.ref.to_json()}


def do_task(workflow: Workflow, task: Task, change: Change, tools: Tools) -> Json:
    """Do it now; what is to be told of it on the timeline."""
    return _TASKS[task.type](workflow, task, change, tools)


_TASKS: Mapping[str, Callable[[Workflow, Task, Change, Tools], Json]] = {
    "add_to_segment": _add_to_segment,
    "remove_from_segment": _remove_from_segment,
    "send_mail": _send_mail,
    "assign": _assign,
    "unassign": _unassign,
    "update_fields": _update_fields,
    "create_record": _create_record,
}
