"""A change has happened: find the workflows that hear it, test their conditions, do their tasks.

At least once an event: every task is idempotent by the event's id, so that a stream that repeats itself changes
nothing. A task that fails does not stop the next; what may pass later (TransientError, or anything unforeseen) is
raised at the end, so that the event comes again.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from gotero.domain import condition as conditions
from gotero.domain import instant, modules
from gotero.domain import workflow as rules
from gotero.domain.delay import Offset, shift, zone_of
from gotero.domain.errors import ConflictError, InvalidError, NotFoundError, PermanentError
from gotero.domain.ids import derived_id
from gotero.domain.record import Cause, Change, RecordEvent, Ref
from gotero.domain.workflow import Task, Workflow
from gotero.ports import Definition, Definitions, Due, Json, TimelineEntry
from gotero.services.assign import company_zone
from gotero.services.do_task import Tools, do_task
from gotero.services.view_record import Surroundings, view_record
from gotero.services.write_definition import written

#: Workflow logs go so long after what they tell of; what the tasks wrote stays.
LOG_DAYS = 90


class Workflows:
    """The parsed workflows of the definitions, parsed anew when one has another version or the fields have changed.

    One that no longer fits (a field it reads is gone) stops no other; `broken` names it.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._parsed: dict[tuple[str, int], Workflow | None] = {}
        self._declared = modules.MODULES.version
        self.broken: list[str] = []

    def all(self) -> list[Workflow]:
        """As they were at the last look, or later: a change made before it meets every workflow that was there."""
        stored = self._definitions.seen("workflows")
        if self._declared != modules.MODULES.version:
            self._parsed, self._declared = {}, modules.MODULES.version
        known = {(d.id, d.version) for d in stored}
        self._parsed = {key: workflow for key, workflow in self._parsed.items() if key in known}
        for d in stored:
            if (d.id, d.version) not in self._parsed:
                self._parsed[d.id, d.version] = _fitting(d)
        self.broken = [id for (id, _), workflow in self._parsed.items() if workflow is None]
        return [workflow for workflow in self._parsed.values() if workflow]


def _fitting(definition: Definition) -> Workflow | None:
    try:
        return workflow_of(definition)
    except InvalidError:
        return None


def workflow_of(definition: Definition) -> Workflow:
    """The workflow in a stored definition."""
    return rules.parse(written(definition), definition.id, modules.MODULES)


def run_workflows(change: Change, workflows: Sequence[Workflow], tools: Tools) -> int:
    """Run every workflow that hears the change and whose condition holds; how many did."""
    unfinished: list[Exception] = []
    ran = 0
    for workflow in workflows:
        try:
            ran += workflow.hears(change) and _ran(workflow, change, tools, unfinished)
        except Exception as error:  # whatever it is, the workflows after it still have their turn
            unfinished.append(error)
    if unfinished:
        raise unfinished[0]
    return ran


def _ran(workflow: Workflow, change: Change, tools: Tools, unfinished: list[Exception]) -> bool:
    if not holds(workflow.condition, change, tools):
        return False
    if workflow.trigger.on == "first_match" and not _first_time(workflow, change, tools):
        return False
    active = [task for task in workflow.tasks if task.active]
    outcomes = [_outcome(workflow, task, change, tools, unfinished) for task in active]
    _log(workflow.id, workflow.name, change, outcomes, tools, change.event.at)
    return True


def holds(condition: conditions.Condition | None, change: Change, tools: Tools) -> bool:
    """Whether the condition holds for the record as it stands after the change."""
    return condition is None or conditions.decide(condition, view_of(change, tools, condition))


def view_of(change: Change, tools: Tools, condition: conditions.Condition) -> conditions.View:
    """The record with what the condition looks at around it."""
    around = Surroundings(tools.records, tools.messages, tools.memberships)
    now, zone = tools.clock.now(), _zone(tools)
    return view_record(around, change.after, [condition], now=now, zone=zone, previous=change.before)


def _zone(tools: Tools) -> ZoneInfo:
    return zone_of(company_zone(tools.definitions))


def run_postponed_task(payload: Json, tools: Tools) -> None:
    """Do one delayed task, if workflow, task and record are still there, and tell what became of it."""
    definition = tools.definitions.get("workflows", payload["workflow"])
    current = tools.read(Ref.from_json(payload["ref"]))
    stored = next((t for t in definition.data["tasks"] if t["id"] == payload["task"]), None) if definition else None
    if definition is None or current is None or stored is None:
        return
    change = Change(RecordEvent.from_json(payload["event"]), current)
    unfinished: list[Exception] = []
    outcome = {"task": stored["name"], **_late_outcome(_fitting(definition), stored["id"], change, tools, unfinished)}
    id = _told_late(definition.id, stored["id"], change.event.id)
    _log(definition.id, definition.data["name"], change, [outcome], tools, payload["at"], id)
    if unfinished:
        raise unfinished[0]


def _late_outcome(
    workflow: Workflow | None, task_id: str, change: Change, tools: Tools, unfinished: list[Exception]
) -> Json:
    """A workflow may have changed since, in any way."""
    task = next((t for t in workflow.tasks if t.id == task_id), None) if workflow else None
    if workflow is None or task is None:
        return {"state": "skipped", "reason": "does_not_fit"}
    if not (workflow.active and task.active):
        return {"state": "skipped", "reason": "inactive"}
    if not holds(task.condition, change, tools):
        return {"state": "skipped", "reason": "condition"}
    return _try(workflow, task, change, tools, unfinished)


def waiting_tasks(entry: TimelineEntry) -> list[tuple[Due, str]]:
    """Of what a workflow did: what is to be done later, and the id of the entry that tells that it was."""
    waiting = [outcome for outcome in entry.data["tasks"] if outcome["state"] == "waiting"]
    workflow, event = entry.cause.id, entry.data["event"]
    return [
        (_due(workflow, task["id"], entry.ref, event, task["until"]), _told_late(workflow, task["id"], event["id"]))
        for task in waiting
    ]


def _due(workflow_id: str, task_id: str, ref: Ref, event: Json, at: str) -> Due:
    payload = {"workflow": workflow_id, "task": task_id, "ref": ref.to_json(), "event": event, "at": at}
    return Due(instant.read(at), f"task#{derived_id(workflow_id, task_id, event['id'])}", payload)


def _told_late(workflow_id: str, task_id: str, event_id: str) -> str:
    """Of a task that is tried again the last outcome is told."""
    return derived_id("late", workflow_id, task_id, event_id)


def _first_time(workflow: Workflow, change: Change, tools: Tools) -> bool:
    """An event that comes again is still the first: its tasks may not all have been done."""
    return tools.records.first_match(change.after.ref, workflow.id, change.event.id)


def _outcome(workflow: Workflow, task: Task, change: Change, tools: Tools, unfinished: list[Exception]) -> Json:
    if task.delay:
        return _postpone(workflow, task, change, tools)
    if not holds(task.condition, change, tools):
        return {"task": task.name, "state": "skipped", "reason": "condition"}
    return _try(workflow, task, change, tools, unfinished)


def _try(workflow: Workflow, task: Task, change: Change, tools: Tools, unfinished: list[Exception]) -> Json:
    """Do the task; a failure is an outcome that shows on the timeline, and comes again where that can help."""
    try:
        return {"task": task.name, "state": "done", **do_task(workflow, task, change, tools)}
    except (InvalidError, NotFoundError, ConflictError, PermanentError) as error:
        return {"task": task.name, "state": "failed", "reason": type(error).__name__, "detail": _detail(error)}
    except Exception as error:  # whatever it is, the tasks after it still have their turn; it is raised at the end
        unfinished.append(error)
        return {"task": task.name, "state": "failed", "reason": type(error).__name__}


def _detail(error: Exception) -> str:
    """Paths and rules only: values could be a person's data."""
    return ", ".join(f"{e.path}: {e.rule}" for e in error.errors) if isinstance(error, InvalidError) else ""


def _postpone(workflow: Workflow, task: Task, change: Change, tools: Tools) -> Json:
    delay = task.delay
    if delay is None:
        raise PermanentError("a task without a delay cannot wait")
    offset = Offset(days=delay.days, hours=delay.hours, minutes=delay.minutes)
    # Counted from the event: whenever it comes again, this is the same entry.
    at = instant.write(shift(instant.read(change.event.at), offset, _zone(tools)))
    due = _due(workflow.id, task.id, change.after.ref, change.event.to_json(), at)
    tools.due_index.put(due.at, due.thing, due.payload)
    return {"task": task.name, "state": "waiting", "until": at, "id": task.id}


def _log(
    workflow_id: str, name: str, change: Change, outcomes: list[Json], tools: Tools, at: str, id: str = ""
) -> None:
    """What the workflow did, on the timeline of the record that set it off.

    Of tasks that wait it tells all that doing them takes: should the due index be lost, this is where they stand.
    """
    until = max((outcome["until"] for outcome in outcomes if outcome["state"] == "waiting"), default="")
    waits = {"event": change.event.to_json()} if until else {}
    entry = TimelineEntry(
        ref=change.after.ref,
        at=at,
        kind=rules.RAN,
        cause=Cause("workflow", workflow_id, event=change.event.id),
        id=id or derived_id("run", workflow_id, change.event.id, *(o["task"] + o["state"] for o in outcomes)),
        data={"workflow": name, "tasks": outcomes, **waits},
        keep_days=LOG_DAYS + ((instant.read(until) - instant.read(at)).days if until else 0),
    )
    tools.timeline.add([entry])
