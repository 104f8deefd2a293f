"""Create and change workflows: whatever a task names must be there."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any

from gotero.domain import modules, validation
from gotero.domain import workflow as rules
from gotero.domain.document import ENCLOSED, Enclosed
from gotero.domain.enclosure import Purpose
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.message import State
from gotero.domain.message_event import EventKind
from gotero.domain.record import Cause
from gotero.domain.segment import ACTIVE
from gotero.domain.triggers import TRIGGER_PARAMS
from gotero.domain.workflow import Workflow
from gotero.ports import Definition, Definitions, Json, PhoneNumbers, Records
from gotero.services.autosync_rules import SEGMENTS
from gotero.services.enclose import brought_by, enclosed_errors
from gotero.services.segment_links import campaigns_of, missing
from gotero.services.write_definition import DefinitionWriter, create_definition, replace_definition, written

KIND = "workflows"


def create_workflow(
    writer: DefinitionWriter,
    records: Records,
    phones: PhoneNumbers,
    data: Any,
    *,
    cause: Cause,
    id: str | None = None,
) -> Definition:
    """A new workflow; `id` makes a repeated call one. InvalidError with every broken rule, wherever it stands."""
    id = id or writer.ids.new()
    workflow = _checked(rules.parse(data, id, modules.MODULES), writer.definitions, records, phones)
    return create_definition(writer, KIND, _kept(data, workflow), cause=cause, id=id)


def change_workflow(
    writer: DefinitionWriter,
    records: Records,
    phones: PhoneNumbers,
    before: Definition,
    data: Mapping[str, Any],
    *,
    cause: Cause,
    expected_version: int | None,
) -> Definition:
    """Lay `data` over the workflow, key by key."""
    merged = {**written(before), **data}
    known: frozenset[str] = frozenset()
    with suppress(InvalidError):  # it no longer fits, and this call may be what mends it
        known = _named(rules.parse(written(before), before.id, modules.MODULES))
    workflow = _checked(rules.parse(merged, before.id, modules.MODULES), writer.definitions, records, phones, known)
    return replace_definition(writer, before, _kept(merged, workflow), cause=cause, expected_version=expected_version)


def _kept(data: Mapping[str, Any], workflow: Workflow) -> dict[str, Any]:
    """What was sent, with the ids that its tasks got: a delayed task is found again by its id."""
    tasks = [
        {**task, "id": parsed.id, "name": parsed.name, "active": parsed.active}
        for task, parsed in zip(data.get("tasks") or (), workflow.tasks, strict=True)
    ]
    return {**data, "active": workflow.active, "tasks": tasks}


def _checked(
    workflow: Workflow, definitions: Definitions, records: Records, phones: PhoneNumbers, known: Collection[str] = ()
) -> Workflow:
    """`known`: what it names already: a segment that is inactive, a campaign that is gone by now hinder no change."""
    errors = [
        FieldError(path, "inactive")
        for path, id in _named_segments(workflow)
        if id not in known and (found := definitions.get(SEGMENTS, id)) and found.data.get("status", ACTIVE) != ACTIVE
    ]
    errors += _trigger_errors(workflow, definitions)
    for path, condition in _conditions(workflow):
        errors += missing(definitions, records, condition, path, known)
    ids = [task.id for task in workflow.tasks]
    for index, task in enumerate(workflow.tasks):
        path = f"tasks[{index}].params"
        if ids.index(task.id) != index:
            errors.append(FieldError(f"tasks[{index}].id", "unique", (("holder", task.id),)))
        for name, kind, id in task.references():
            if kind not in ENCLOSED and definitions.get(kind, id) is None:
                errors.append(FieldError(f"{path}.{name}", "not_found"))
        if task.type == "send_mail":
            errors += [error.under(path) for error in _enclosed_errors(workflow, task, definitions)]
        if task.type in ("update_fields", "create_record"):
            errors += _value_errors(workflow, task, path, phones)
    if errors:
        raise InvalidError(*errors)
    return workflow


def _enclosed_errors(workflow: Workflow, task: rules.Task, definitions: Definitions) -> list[FieldError]:
    """What goes along with the mails of a task, those of its template included."""
    template = definitions.get("templates", task.params["template_id"])
    return enclosed_errors(definitions, Enclosed.from_json(task.params), Purpose(workflow.module), brought_by(template))


def _named_segments(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """The segments that it waits for or acts on, with their paths."""
    if workflow.trigger.id and TRIGGER_PARAMS[workflow.trigger.on][1] == SEGMENTS:
        yield f"trigger.{TRIGGER_PARAMS[workflow.trigger.on][0]}", workflow.trigger.id
    for index, task in enumerate(workflow.tasks):
        for name, kind, id in task.references():
            if kind == SEGMENTS:
                yield f"tasks[{index}].params.{name}", id


def _conditions(workflow: Workflow) -> Iterator[tuple[str, Json]]:
    """Its own and those of its tasks, with their paths."""
    if workflow.condition:
        yield "condition", workflow.condition.to_json()
    for index, task in enumerate(workflow.tasks):
        if task.condition:
            yield f"tasks[{index}].condition", task.condition.to_json()


def _named(workflow: Workflow) -> frozenset[str]:
    """The segments and the campaigns that it names."""
    campaigns = (id for _, condition in _conditions(workflow) for id in campaigns_of(condition))
    return frozenset((*(id for _, id in _named_segments(workflow)), *campaigns))


def _trigger_errors(workflow: Workflow, definitions: Definitions) -> list[FieldError]:
    """What narrows it down exists; a workflow that waits for something else would never run, and nobody would know."""
    trigger = workflow.trigger
    name, kind = TRIGGER_PARAMS.get(trigger.on, ("", ""))
    if kind == "linked_module":
        return _link_errors(workflow, name)
    if trigger.id is None:
        return []
    if kind == "message_event":
        happening = dict.fromkeys(map(str, (*EventKind, *State)))  # a skipped message is told by its state
        if trigger.id in happening:
            return []
        return [FieldError(f"trigger.{name}", "choice", (("choices", ", ".join(happening)),))]
    return [] if definitions.get(kind, trigger.id) else [FieldError(f"trigger.{name}", "not_found")]


def _link_errors(workflow: Workflow, name: str) -> list[FieldError]:
    """Records of its module are linked with others, and with those that it waits for."""
    linked = [r.module for r in modules.module(workflow.module).related if r.linked]
    if not linked:
        return [FieldError("trigger.on", "not_linked")]
    if workflow.trigger.id in (None, *linked):
        return []
    return [FieldError(f"trigger.{name}", "choice", (("choices", ", ".join(linked)),))]


def _value_errors(workflow: Workflow, task: rules.Task, path: str, phones: PhoneNumbers) -> list[FieldError]:
    """The values that a task writes follow the same rules as those that people type."""
    target = task.params.get("module") or rules.target_module(workflow.module, task)
    _, errors = validation.check(
        modules.module(target),
        task.params["values"],
        partial=task.type == "update_fields",
        phone=lambda text: phones.e164(text, "ES"),
    )
    return [error.under(path) for error in errors]
