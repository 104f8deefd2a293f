"""What the console is built from: modules, fields, operators, tasks, words. A pure function of what it is given."""

from collections.abc import Iterable, Mapping
from typing import Any

from gotero.domain import action, document, document_template, form, plan, scheduled_action, segment, template, webhook
from gotero.domain import modules as declared
from gotero.domain.catalogue import bounces, conditions, drip, fields, jobs, operators, skips, stops, suppressions
from gotero.domain.company import SEND_DELAY_MINUTES
from gotero.domain.condition import OPERATORS, operators_of
from gotero.domain.condition.operators import Operand, Operator
from gotero.domain.mail_context import merge_sources
from gotero.domain.message_event import EventKind
from gotero.domain.modules import MODULES, RECIPIENTS, SYSTEM_FIELDS, Field, Module
from gotero.domain.scheduled_action import SUBJECT, is_reference
from gotero.domain.sender_identity import USER_PREFIX
from gotero.domain.task_types import TASK_TYPES, TaskType
from gotero.domain.triggers import CONTEXTS, TRIGGER_PARAMS, TRIGGERS
from gotero.domain.user import ROLES, User
from gotero.domain.workflow import targets_of
from gotero.services.describe_conditions import describe_conditions, describe_links, listed

Json = dict[str, Any]

#: How many inputs an operand takes on the screen.
_INPUTS: Mapping[Operand, int] = {"none": 0, "range": 2, "ages": 2}
#: The operands that are names of periods.
_PERIODS = [{"value": period["id"], "label": period["label"]} for period in listed(conditions.PERIODS)]
#: The values among which a key of a definition is chosen, where they are not definitions or records themselves.
_CHOICES: Mapping[str, Iterable[str]] = {
    "action_kind": action.KINDS,
    "count": scheduled_action.COUNTS,
    "document_align": document_template.ALIGNS,
    "document_part": document_template.PART_KINDS,
    "form_module": form.MODULES,
    "message_class": template.CLASSES,
    "message_event": EventKind,
    "plan_status": plan.STATUSES,
    "role": ROLES,
    "scheduled_action_status": scheduled_action.STATUSES,
    "sender": scheduled_action.SENDERS,
    "when": scheduled_action.REFERENCES,
}


def describe(
    user: User,
    company: Mapping[str, Any],
    users: Iterable[User],
    groups: Mapping[str, str],
    modules: Mapping[str, Module] = MODULES,
) -> Json:
    """Everything at once, for this user. `company` is the settings' JSON, `groups` are names by id."""
    return {
        "user": {name: getattr(user, name) for name in ("id", "name", "email", "role", "language")},
        "settings": {"company": _company(company)},
        "modules": [_module(module, user, modules) for module in modules.values()],
        "system_fields": [_field(field) for field in SYSTEM_FIELDS],
        "operators": {operator.id: _operator(operator) for operator in OPERATORS.values()},
        "conditions": describe_conditions(),
        "field_types": _catalogue(fields.TEXT),
        "task_types": [_task_type(task) for task in TASK_TYPES.values()],
        "triggers": [
            {"id": id, "label": dict(label), "param": _param(TRIGGER_PARAMS.get(id)), "past": id not in CONTEXTS}
            for id, label in TRIGGERS.items()
        ],
        "choices": {name: [str(value) for value in values] for name, values in _CHOICES.items()},
        "sender_prefix": USER_PREFIX,
        "reference_fields": _reference_fields(modules),
        "merge_sources": merge_sources(modules),
        "template_starter": template.STARTER,
        "documents": {
            "endings": list(document.KINDS),
            "mail_bytes": document.MAIL_BYTES,
            "generated_bytes": document.GENERATED_BYTES,
            "most": document.MOST,
            "starter": document_template.STARTER,
        },
        "job_kinds": _catalogue(jobs.TEXT),
        "message_states": _message_states(modules),
        "users": [{"id": other.id, "name": other.name} for other in users],
        "groups": [{"id": id, "name": name} for id, name in groups.items()],
        "segment_types": [{"value": value, "label": dict(label)} for value, label in segment.TYPES.items()],
        "segment_statuses": [{"value": value, "label": dict(label)} for value, label in segment.STATUSES.items()],
        "webhook_providers": [_provider(provider) for provider in webhook.PROVIDERS],
        "bounce_kinds": _catalogue(bounces.TEXT),
        "stop_reasons": _catalogue(stops.TEXT),
        "suppression_reasons": _catalogue(suppressions.TEXT),
        "skip_reasons": [*_catalogue(skips.TEXT), *_catalogue(drip.TEXT)],
    }


def _company(company: Mapping[str, Any]) -> Json:
    """What screens need of the company's settings, those that nobody has set yet too."""
    return {
        "name": company.get("name", ""),
        "zone": company.get("zone") or "Europe/Madrid",
        "currency": company.get("currency") or "EUR",
        "language": company.get("language") or "es",
        "send_delay_minutes": company.get("send_delay_minutes", SEND_DELAY_MINUTES),
        "seed_list": company.get("seed_list", []),
    }


def _operator(operator: Operator) -> Json:
    return {
        "label": _words(operators.TEXT, operator.id),
        "operands": _INPUTS.get(operator.operand, 1),
        "operand": operator.operand,
        "past": operator.past is not None,
        "options": _PERIODS if operator.operand == "period" else None,
    }


def _task_type(task: TaskType) -> Json:
    params = [{"name": name, "kind": kind, "required": name in task.required} for name, kind in task.params.items()]
    return {"id": task.id, "label": dict(task.label), "params": params}


def _module(module: Module, user: User, modules: Mapping[str, Module]) -> Json:
    return {
        "id": module.id,
        "label": module.label.to_json(),
        "label_one": module.label_one.to_json(),
        "prefix": module.prefix,
        "icon": module.icon,
        "kind": module.kind,
        "title_fields": list(module.title_fields),
        "list_columns": list(module.list_columns),
        "search_fields": list(module.search_fields),
        "capabilities": {
            capability: capability in module.capabilities and user.may_write()
            for capability in ("create", "edit", "delete")
        },
        "sections": [
            {"id": section.id, "label": section.label.to_json(), "fields": list(section.fields)}
            for section in module.sections
        ],
        "fields": [_field(field) for field in module.fields],
        "links": describe_links(module, modules),
        "targets": [{"id": id, "module": target} for id, target in targets_of(module).items()],
        "related": [
            {
                "module": related.module,
                "field": related.field,
                "linked": related.linked,
                "label": related.label.to_json(),
            }
            for related in module.related
        ],
    }


def _provider(provider: str) -> Json:
    keys, needed = webhook.credentials_of(provider)
    return {"id": provider, "keys": sorted(keys), "needed": sorted(needed), "docs": webhook.DOCS[provider]}


def _param(param: tuple[str, str] | None) -> Json | None:
    return {"name": param[0], "kind": param[1], "required": False} if param else None


def _field(field: Field) -> Json:
    return {
        "id": field.id,
        "label": field.label.to_json(),
        "type": field.type,
        "required": field.required,
        "unique": field.unique,
        "readonly": field.readonly,
        "custom": field.custom,
        "anniversary": field.anniversary,
        "max_length": field.length_limit,
        "options": [{"value": option.value, "label": option.label.to_json()} for option in field.options] or None,
        "relation": field.relation,
        "operators": list(operators_of(field)),
    }


def _reference_fields(modules: Mapping[str, Module]) -> list[Json]:
    """The dates that a scheduled action can count from: of the recipients, and of what it is about."""
    found: dict[str, Json] = {}
    for module in modules.values():
        prefix = "" if module.id in RECIPIENTS else SUBJECT
        for field in (*module.fields, *SYSTEM_FIELDS):
            if is_reference(module, field.id):
                id = f"{prefix}{field.id}"
                found.setdefault(id, {"id": id, "label": field.label.to_json(), "modules": []})
                found[id]["modules"].append(module.id)
    return list(found.values())


def _message_states(modules: Mapping[str, Module]) -> list[Json]:
    status = declared.module("messages", modules).field("status")
    return [{"id": option.value, "label": option.label.to_json()} for option in (status.options if status else ())]


def _words(texts: Mapping[Any, Mapping[str, str]], key: str) -> Json:
    return {language: words[key] for language, words in texts.items()}


def _catalogue(texts: Mapping[Any, Mapping[str, str]]) -> list[Json]:
    return [{"id": key, "label": _words(texts, key)} for key in texts["es"]]
