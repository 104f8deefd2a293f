"""Who refers to whom: what each kind of definition names. The only place that knows it.

A target is a kind and an id: `("segments", "01K…")`, `("fields", "contacts.talla")`, `("options", "contacts.talla=M")`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from gotero.domain.custom_field import key
from gotero.domain.document import ENCLOSED
from gotero.domain.mail_context import merge_name
from gotero.domain.modules import MODULES, RECIPIENTS, Field, Module
from gotero.domain.scheduled_action import SUBJECT
from gotero.domain.sender_identity import USER_PREFIX
from gotero.domain.shape import Json
from gotero.domain.task_types import TASK_TYPES
from gotero.domain.triggers import TRIGGER_PARAMS
from gotero.domain.workflow import module_of

Target = tuple[str, str]

#: Kinds that can be asked about.
TARGETS_ASKED = (
    "fields",
    "options",
    "filters",
    "segments",
    "forms",
    "templates",
    "actions",
    "scheduled_actions",
    "plans",
    "workflows",
    "documents",
    "document_templates",
    "users",
    "groups",
    "campaigns",
)
#: What a leaf of a condition names beside its field, by key.
_LEAF_KEYS = {
    "segment": "segments",
    "segment_id": "segments",
    "filter": "filters",
    "filter_id": "filters",
    "form": "forms",
    "form_id": "forms",
    "template": "templates",
    "template_id": "templates",
    "campaign": "campaigns",
}


def referred(kind: str, data: Json) -> frozenset[Target]:
    """Everything that a definition of this kind names; nothing for kinds that name nothing."""
    read = REFERRERS.get(kind)
    return frozenset(read(data)) if read else frozenset()


def referred_by_job(params: Json) -> frozenset[Target]:
    """What a job needs until it is over: its campaign, the template that it sends, what goes along, its segments.

    One that fills a segment ends with it.
    """
    audience = params.get("audience") or {}
    segments = [*audience.get("segments", ()), *audience.get("except", ())]
    named = [("campaigns", params.get("campaign")), ("templates", params.get("template_id"))]
    named += [("segments", id) for id in segments]
    return frozenset((kind, id) for kind, id in named if id) | frozenset(_enclosed(params.get("enclosed") or {}))


def name_of(data: Json) -> str:
    """What a definition is called where people read it."""
    return str(data.get("name") or data.get("reference") or data.get("description") or "")


def required_by(kind: str, data: Json) -> Iterator[tuple[str, frozenset[str]]]:
    """(module, fields given) of each place that makes records: a field made required must be among them."""
    if kind == "forms":
        yield data["module"], frozenset(field["field"] for field in data["fields"])
    for task in data.get("tasks") or () if kind == "workflows" else ():
        if task["type"] == "create_record":
            yield task["params"]["module"], frozenset(task["params"]["values"])


def _condition(module: str, node: Any) -> Iterator[Target]:
    """Whatever its leaves are: a field by its path, other things under the keys that name them."""
    if isinstance(node, list):
        for part in node:
            yield from _condition(module, part)
    if not isinstance(node, dict):
        return
    asked = module
    if isinstance(related := node.get("related"), str):
        asked, _, pointing = related.partition(".")
        yield from _path(asked, [pointing], None)
    elif "activity" in node:
        asked = "messages"
    path = node.get("field")
    if isinstance(path, str):
        yield from _path(module, path.split("."), node.get("value"))
    for name, value in node.items():
        kind = _LEAF_KEYS.get(name)
        if kind and isinstance(value, str):
            yield kind, value
        elif isinstance(value, dict | list):
            yield from _condition(asked, value)


def _path(module: str, path: list[str], value: Any) -> Iterator[Target]:
    declared = MODULES.get(module)
    field = declared.column(path[0]) if declared else None
    if declared is None:
        return
    if len(path) > 1:
        # Of the record that a field points to, or of the records of another module that point here.
        related = field.relation if field else path[0]
        if field:
            yield "fields", key(module, field.id)
        yield from _path(related or "", path[1:], value)
    elif field:
        yield from _field(module, field, value)


def _field(module: str, field: Field, value: Any) -> Iterator[Target]:
    """A field, and what a value of it names: options, users, groups."""
    yield "fields", key(module, field.id)
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and field.options:
            yield "options", f"{key(module, field.id)}={one}"
        elif isinstance(one, str) and field.type == "user":
            yield from _owner(one)


def _values(module: str, values: Mapping[str, Any]) -> Iterator[Target]:
    declared = MODULES.get(module)
    for id, value in values.items():
        field = declared.field(id) if declared else None
        if field:
            yield from _field(module, field, value)


def _owner(id: Any) -> Iterator[Target]:
    if id:
        yield "users", str(id)
        yield "groups", str(id)


def _filter(data: Json) -> Iterator[Target]:
    yield from _condition(data["module"], data.get("condition"))


def _segment(data: Json) -> Iterator[Target]:
    yield from _owner(data.get("owner"))
    for rule in data.get("autosync") or ():
        if rule.get("filter_id"):
            yield "filters", rule["filter_id"]
        yield from _condition(rule["module"], rule["condition"])


def _form(data: Json) -> Iterator[Target]:
    yield from _owner(data.get("owner"))
    for field in data["fields"]:
        yield from _values(data["module"], {field["field"]: field.get("imposed")})


def _workflow(data: Json) -> Iterator[Target]:
    trigger = data["trigger"]
    name, kind = TRIGGER_PARAMS.get(trigger["on"], ("", ""))
    if trigger.get(name) and kind in TARGETS_ASKED:
        yield kind, trigger[name]
    yield from _condition(data["module"], data.get("condition"))
    for task in data.get("tasks") or ():
        yield from _condition(data["module"], task.get("condition"))
        yield from _task(data["module"], task["type"], task.get("params") or {})


def _task(module: str, type: str, params: Json) -> Iterator[Target]:
    for name, kind in TASK_TYPES[type].params.items() if type in TASK_TYPES else ():
        value = params.get(name)
        if value is None:
            continue
        if kind == "values":
            yield from _values(params.get("module") or module_of(module, params.get("target")), value)
        elif kind.rstrip("*") in TARGETS_ASKED:
            for id in value if kind.endswith("*") else [value]:
                yield kind.rstrip("*"), id


def _template(data: Json) -> Iterator[Target]:
    for path in data.get("compiled", {}).get("fields", ()):
        yield from _merge_tag(path.split("."))
    yield from _enclosed(data)


def _merge_tag(path: list[str]) -> Iterator[Target]:
    by_name: dict[str, list[Module]] = {merge_name(id): [module] for id, module in MODULES.items()}
    people = [MODULES[id] for id in RECIPIENTS]
    first, rest = path[0], path[1:]
    modules, rest = (by_name[first], rest) if first in by_name and rest else (people, rest or path)
    for module in modules:
        field = module.field(rest[0])
        if field:
            yield "fields", key(module.id, field.id)
            if field.relation and rest[1:]:
                yield from _path(field.relation, rest[1:], None)


def _action(data: Json) -> Iterator[Target]:
    if data["params"].get("template_id"):
        yield "templates", data["params"]["template_id"]
    yield from _enclosed(data["params"])


def _enclosed(data: Json) -> Iterator[Target]:
    for kind in ENCLOSED:
        for id in data.get(kind) or ():
            yield kind, id


def _document_template(data: Json) -> Iterator[Target]:
    for path in data["fields"]:
        yield from _merge_tag(path.split("."))


def _document(data: Json) -> Iterator[Target]:
    yield from _owner(data.get("owner"))


def _scheduled_action(data: Json) -> Iterator[Target]:
    yield "actions", data["action_id"]
    sender = data.get("sender") or ""
    if sender.startswith(USER_PREFIX):
        yield from _owner(sender.removeprefix(USER_PREFIX))
    field = data["when"].get("field")
    if field:
        among: Iterable[str] = MODULES if field.startswith(SUBJECT) else RECIPIENTS
        for module in among:
            yield from _path(module, [field.removeprefix(SUBJECT)], None)


def _plan(data: Json) -> Iterator[Target]:
    for id in data["scheduled_actions"]:
        yield "scheduled_actions", id


def _user(data: Json) -> Iterator[Target]:
    for id in data.get("groups") or ():
        yield "groups", id


def _setting(data: Json) -> Iterator[Target]:
    """Whose records are opened to whom."""
    for share in data.get("shares") or ():
        yield from _owner(share["owner"])
        yield from _owner(share["to"])


#: Kind -> what a definition of it names.
REFERRERS: Mapping[str, Callable[[Json], Iterator[Target]]] = {
    "filters": _filter,
    "segments": _segment,
    "workflows": _workflow,
    "forms": _form,
    "templates": _template,
    "actions": _action,
    "scheduled_actions": _scheduled_action,
    "plans": _plan,
    "documents": _document,
    "document_templates": _document_template,
    "users": _user,
    "settings": _setting,
}
