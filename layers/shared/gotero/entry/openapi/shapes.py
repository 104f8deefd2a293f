"""The shapes of bodies and answers, as JSON schemas made of what the domain declares. Tests hold them to it."""

from collections.abc import Iterable, Mapping
from typing import Any

from gotero.domain import action, document_template, plan, scheduled_action, segment, template
from gotero.domain import form as forms
from gotero.domain.condition import OPERATORS
from gotero.domain.modules import FIELD_TYPES
from gotero.domain.task_types import TASK_TYPES
from gotero.domain.triggers import TRIGGERS
from gotero.domain.user import ROLES
from gotero.domain.webhook import PROVIDERS
from gotero.domain.workflow import TARGETS

Schema = dict[str, Any]


def text(limit: int = 255) -> Schema:
    return {"type": "string", "maxLength": limit}


def choice(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


def many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def closed(required: str = "", /, **properties: Schema) -> Schema:
    """An object of which no other keys are taken; `required` are names with blanks between."""
    names = {"required": required.split()} if required else {}
    return {"type": "object", "properties": properties, **names, "additionalProperties": False}


FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
TEXT, TEXTS, OBJECT = text(), many(text()), {"type": "object"}
#: Conditions, cursors and signed addresses are as long as what they hold.
LONG: Schema = {"type": "string"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
DATE: Schema = {"type": "string", "format": "date"}
TIME: Schema = {"type": "string", "examples": ["09:00"]}
CLASS = choice(template.CLASSES)
_OFFSET = closed(months=WHOLE, days=WHOLE, hours=WHOLE, minutes=WHOLE)

_SOURCE = text(template.SOURCE_LIMIT)
CONTENT = {
    "subject": text(template.SUBJECT_LIMIT),
    "mjml": _SOURCE,
    "html": _SOURCE,
    "text": _SOURCE,
    "language": choice(("es", "en")),
}

#: What definitions hold. The same shape is taken and, with `KEPT` around it, given back.
DEFINITIONS: Mapping[str, Schema] = {
    "Segment": closed(
        "name", name=TEXT, type=choice(segment.TYPES), status=choice(segment.STATUSES), owner=TEXT, keeps_out=FLAG
    ),
    "Filter": closed("name module condition", name=TEXT, module=TEXT, condition=ref("Condition")),
    "Workflow": closed(
        "name module trigger",
        name=TEXT,
        module=TEXT,
        active=FLAG,
        trigger=closed("on", on=choice(TRIGGERS), form_id=TEXT, segment_id=TEXT, event=TEXT, **{"with": TEXT}),
        condition=maybe(ref("Condition")),
        tasks=many(ref("Task")),
    ),
    "Form": closed(
        "name module fields",
        name=TEXT,
        module=choice(forms.MODULES),
        owner=TEXT,
        return_url=text(2000),
        allowed_domains=TEXTS,
        any_domain=FLAG,
        active=FLAG,
        fields=many(closed("field", field=TEXT, required=FLAG, imposed={}, name=text(64))),
        public_id=TEXT,
        language=choice(("", *forms.LANGUAGES)),
        button=text(forms.MAX_BUTTON),
    ),
    "Template": closed(
        "name subject",
        **{"class": CLASS},
        name=TEXT,
        **CONTENT,
        documents=TEXTS,
        document_templates=TEXTS,
    ),
    "Action": closed(
        "name params", **{"class": CLASS}, name=TEXT, kind=choice(action.KINDS), params=ref("ActionParams")
    ),
    "ScheduledAction": closed(
        "reference action_id when",
        reference=TEXT,
        action_id=TEXT,
        status=choice(scheduled_action.STATUSES),
        sender={**TEXT, "examples": [*scheduled_action.SENDERS, "user:<id>"]},
        when=ref("When"),
    ),
    "Plan": closed(
        "name scheduled_actions",
        name=TEXT,
        status=choice(plan.STATUSES),
        scheduled_actions=TEXTS,
        **{"from": DATE, "to": DATE},
    ),
    "CustomField": closed(
        "field label type",
        field=TEXT,
        label=closed(es=text(80), en=text(80)),
        type=choice(FIELD_TYPES),
        relation=TEXT,
        required=FLAG,
        list_column=FLAG,
        options=many(closed("value", value=TEXT, label=closed(es=text(80), en=text(80)))),
    ),
    "Webhook": closed(
        "name provider", name=TEXT, provider=choice(PROVIDERS), authorization=TEXTS, signing=TEXTS, topics=TEXTS
    ),
    "User": closed(
        "name email",
        name=TEXT,
        email=TEXT,
        role=choice(ROLES),
        language=choice(("es", "en")),
        groups=TEXTS,
        disabled=FLAG,
    ),
    "Group": closed("name", name=TEXT),
    "DocumentTemplate": closed(
        "name module parts",
        name=TEXT,
        module=TEXT,
        language=choice(("es", "en")),
        file=text(90),
        parts=many(
            closed(
                "kind",
                kind=choice(document_template.PART_KINDS),
                text=text(5000),
                columns=many(closed("title", title=text(500), align=choice(document_template.ALIGNS))),
                rows=many(many(text(500))),
                each=text(100),
            )
        ),
    ),
    "Document": closed("file size", name=text(100), file=text(100), size=WHOLE),
}

RECORD = ref("RecordRef")
OTHERS: Mapping[str, Schema] = {
    "ActionParams": closed("template_id", template_id=TEXT, documents=TEXTS, document_templates=TEXTS),
    "RecordRef": closed("module id", module=text(50), id=text(50)),
    "Task": closed(
        "type",
        id=TEXT,
        type=choice(TASK_TYPES),
        name=TEXT,
        active=FLAG,
        params={"type": "object", "properties": {"target": choice(TARGETS)}},
        delay=maybe(closed(days=WHOLE, hours=WHOLE, minutes=WHOLE)),
        condition=maybe(ref("Condition")),
    ),
    "When": {
        "oneOf": [
            closed("on date", on={"const": "date"}, date=DATE, at=TIME),
            closed("on", on={"const": "assignment"}, offset=_OFFSET, at=TIME),
            closed(
                "on field",
                on={"const": "field"},
                field=TEXT,
                count=choice(scheduled_action.COUNTS),
                n=WHOLE,
                offset=_OFFSET,
                at=TIME,
            ),
        ]
    },
    "Condition": {
        "description": "One language for filters, segments, workflows and plans; operators fit the field's type.",
        "oneOf": [
            closed("all", all=many(ref("Condition"))),
            closed("any", any=many(ref("Condition"))),
            {"type": "object", "required": ["not"], "properties": {"not": ref("Condition")}},
            {
                "type": "object",
                "required": ["field", "op"],
                "properties": {"field": TEXT, "op": choice(OPERATORS), "value": {}},
            },
            {"type": "object", "required": ["activity"]},
        ],
    },
}
