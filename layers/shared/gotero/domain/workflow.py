"""Workflows: trigger + condition + tasks on a module. Which changes set one off, and what its tasks are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain import condition as conditions
from gotero.domain.modules import Module
from gotero.domain.record import MAX_DEPTH, Change, Ref
from gotero.domain.shape import Json, Reader
from gotero.domain.task_types import TASK_TYPES
from gotero.domain.triggers import CONTEXTS, TRIGGER_PARAMS, TRIGGERS, TriggerKind

Target = Literal["self", "contact", "account", "lead"]
TARGETS: tuple[Target, ...] = ("self", "contact", "account", "lead")
#: Modules whose records are not people: their tasks act on a related one unless told otherwise.
_ACTS_ON_RELATED = ("messages", "invoices", "events", "opportunities")
_RELATED_MODULE = {"contact": "contacts", "account": "accounts", "lead": "leads"}


@dataclass(frozen=True, slots=True)
class Trigger:
    on: TriggerKind
    #: Only this form, this segment, a record of this module; any for None.
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Delay:
    """A wait before a task, in wall-clock days and absolute hours and minutes."""

    days: int = 0
    hours: int = 0
    minutes: int = 0

    def to_json(self) -> Json:
        return {"days": self.days, "hours": self.hours, "minutes": self.minutes}


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that a workflow does, at once or after a delay, where its own condition holds by then."""

    id: str
    type: str
    name: str
    active: bool
    params: Json
    #: None: the record itself or, for what is not a person, its contact, else its account, else its lead.
    target: Target | None = None
    delay: Delay | None = None
    condition: conditions.Condition | None = None

    def references(self) -> list[tuple[str, str, str]]:
        """Every definition it names: (parameter, kind, id)."""
        found = []
        for name, kind in TASK_TYPES[self.type].params.items():
            value = self.params.get(name)
            if value is None or kind in ("values", "module", "message_class", "hours"):
                continue
            ids = value if kind.endswith("*") else [value]
            found += [(name, kind.rstrip("*"), id) for id in ids]
        return found


#: The kind of timeline entry that tells what a workflow did.
RAN = "workflow_ran"
#: How long an address that was sent this mail gets no other one of the same task; 0: it gets each.
REST_HOURS = "rest_hours"
#: Anybody can post a form, with anybody's address: unless told otherwise, it is answered once a day.
FORM_REST_HOURS = 24
_YEAR_HOURS = 8784


@dataclass(frozen=True, slots=True)
class Workflow:
    """A trigger on a module, a condition on the record, and tasks in their order."""

    id: str
    name: str
    module: str
    active: bool
    trigger: Trigger
    condition: conditions.Condition | None
    tasks: tuple[Task, ...]

    def hears(self, change: Change) -> bool:
        """Whether its trigger fits this change; the condition is another question."""
        if not self.active or change.after.module != self.module or change.event.cause.depth >= MAX_DEPTH:
            return False
        return _TRIGGER_FITS[self.trigger.on](self.trigger, change)

    def hears_transition(self, module: str, segment: str, transition: str) -> bool:
        """The same of records of a module that enter or leave a segment, before it is known how each stands."""
        trigger = self.trigger
        return self.active and (self.module, trigger.on) == (module, transition) and trigger.id in (None, segment)


def _deleted(change: Change) -> bool:
    return change.event.kind == "delete"


def _linked(kind: str, trigger: Trigger, change: Change) -> bool:
    return change.event.kind == kind and trigger.id in (None, change.extra["other"].module)


def _transition(change: Change) -> str | None:
    """`segment_entered`, `segment_left`, or None for a change of the record itself."""
    transition: str | None = change.extra.get("transition")
    return transition


def _saved(change: Change) -> bool:
    return change.event.kind in ("create", "modify") and _transition(change) is None


_TRIGGER_FITS: Mapping[TriggerKind, Callable[[Trigger, Change], bool]] = {
    "create": lambda t, c: _saved(c) and c.event.kind == "create",
    "first_match": lambda t, c: _saved(c),
    "save": lambda t, c: _saved(c),
    "modify": lambda t, c: _saved(c) and c.event.kind == "modify",
    "delete": lambda t, c: _deleted(c),
    "form_posted": lambda t, c: _saved(c) and c.event.form is not None and t.id in (None, c.event.form),
    "segment_entered": lambda t, c: _transition(c) == "segment_entered" and t.id in (None, c.extra.get("segment")),
    "segment_left": lambda t, c: _transition(c) == "segment_left" and t.id in (None, c.extra.get("segment")),
    "message_event": lambda t, c: _saved(c) and t.id in (None, c.extra.get("message_event")),
    "relate": lambda t, c: _linked("relate", t, c),
    "unrelate": lambda t, c: _linked("unrelate", t, c),
}


def target_of(task: Task, change: Change) -> Ref | None:
    """On whom a task acts: the record, or the one that it points to; None when it points to nobody."""
    record = change.after
    target = task.target or _default_target(record.module, record.values)
    if target == "self":
        return record.ref
    related = record.values.get(target)
    return Ref(_RELATED_MODULE[target], str(related)) if related else None


def rest_hours(workflow: Workflow, task: Task) -> int:
    """For how many hours an address rests after this task's mail."""
    told = task.params.get(REST_HOURS)
    if told is None:
        return FORM_REST_HOURS if workflow.trigger.on == "form_posted" else 0
    return int(told)


def target_module(module: str, task: Task) -> str:
    """The module of whom a task acts on, as far as it is known before a record is."""
    return module_of(module, task.target)


def module_of(module: str, target: str | None) -> str:
    """Of which module the target of a task is, in a workflow on `module`."""
    target = target or ("contact" if module in _ACTS_ON_RELATED else "self")
    return _RELATED_MODULE.get(target, module)


def targets_of(module: Module) -> dict[Target, str]:
    """Whom the tasks of a workflow on this module can act on, and their modules; first whom they act on untold."""
    found: dict[Target, str] = {"self": module.id}
    for target, related in _RELATED_MODULE.items():
        if module.field(target):
            found[target] = related  # type: ignore[index]  # the keys of _RELATED_MODULE are targets
    first: Target = "contact" if module.id in _ACTS_ON_RELATED and "contact" in found else "self"
    return {first: found[first], **found}


def _default_target(module: str, values: Mapping[str, Any]) -> Target:
    if module not in _ACTS_ON_RELATED:
        return "self"
    candidates: tuple[Target, ...] = ("contact", "account", "lead")
    return next((t for t in candidates if values.get(t)), "contact")


def parse(data: Any, id: str, modules: Mapping[str, Module]) -> Workflow:
    """A workflow from its JSON. InvalidError with every broken rule and its path; names are checked elsewhere."""
    reader = Reader(data)
    module_id = reader.choice("module", tuple(modules))
    module = modules[module_id]
    name = reader.text("name", required=True)
    active = reader.flag("active", default=True)
    trigger = reader.child("trigger")
    kind = trigger.choice("on", tuple(TRIGGERS))
    narrowed = trigger.text(TRIGGER_PARAMS[kind][0]) if kind in TRIGGER_PARAMS else ""  # type: ignore[index]
    trigger.close()
    context = CONTEXTS.get(kind, "save")  # type: ignore[call-overload]  # as below
    condition = _condition(reader, module, modules, context)
    count = len(reader.items("tasks", limit=50))
    tasks = tuple(_task(reader.child("tasks", i), i, module, modules, context) for i in range(count))
    reader.done()
    return Workflow(id, name, module_id, active, Trigger(kind, narrowed or None), condition, tasks)  # type: ignore[arg-type]  # choice() answers one of TRIGGERS


def _condition(
    reader: Reader, module: Module, modules: Mapping[str, Module], context: conditions.Context
) -> conditions.Condition | None:
    parsed: conditions.Condition | None = None
    if reader.has("condition"):
        parsed = reader.parsed("condition", lambda data: conditions.parse(data, module, modules, context=context))
    return parsed


def _task(
    reader: Reader, index: int, module: Module, modules: Mapping[str, Module], context: conditions.Context
) -> Task:
    type_id = reader.choice("type", tuple(TASK_TYPES))
    task_type = TASK_TYPES[type_id]
    params = reader.child("params")
    values: Json = {name: params.raw(name) for name in task_type.params if params.has(name)}
    for name in task_type.required:
        if name not in values:
            params.wrong(name, "required")
    for name, kind in task_type.params.items():
        _check_param(params, name, kind, values.get(name), modules)
    if type_id in ("assign", "unassign") and not values:
        params.wrong("scheduled_action_id", "required")
    target = params.choice("target", TARGETS) if params.has("target") else None
    params.close()
    delay = _delay(reader)
    task = Task(
        id=reader.text("id", default=f"t{index + 1}"),
        type=type_id,
        name=reader.text("name", default=task_type.label["es"]),
        active=reader.flag("active", default=True),
        params=values,
        target=target,  # type: ignore[arg-type]  # choice() answers one of TARGETS
        delay=delay,
        # Of a delayed task it is judged when the time has come, and the change is long over by then.
        condition=_condition(reader, module, modules, "schedule" if delay else context),
    )
    if task.target and task.target != "self" and module.field(task.target) is None:
        params.wrong("target", "relation")
    reader.close()
    return task


def _check_param(reader: Reader, name: str, kind: str, value: Any, modules: Mapping[str, Module]) -> None:
    if value is None:
        return
    if kind == "values":
        if not isinstance(value, dict) or not value:
            reader.wrong(name, "object")
    elif kind.endswith("*"):
        reader.texts(name, required=True)
    elif kind == "module":
        reader.choice(name, tuple(modules))
    elif kind == "message_class":
        reader.choice(name, ("marketing", "transactional"))
    elif kind == "hours":
        reader.whole(name, low=0, high=_YEAR_HOURS)
    elif not isinstance(value, str):
        reader.wrong(name, "text")
    else:
        reader.text(name, required=True)


def _delay(reader: Reader) -> Delay | None:
    if not reader.has("delay"):
        return None
    child = reader.child("delay")
    delay = Delay(
        child.whole("days", low=0, high=3660),
        child.whole("hours", low=0, high=87_840),
        child.whole("minutes", low=0, high=1_000_000),
    )
    child.close()
    return delay if delay != Delay() else None
