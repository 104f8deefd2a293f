"""What is answered, and pages of it."""

from collections.abc import Mapping

from gotero.domain.message import OUTCOMES
from gotero.entry.openapi.shapes import (
    DEFINITIONS,
    FLAG,
    INSTANT,
    LONG,
    OBJECT,
    RECORD,
    TEXT,
    TEXTS,
    WHOLE,
    Schema,
    closed,
    many,
    maybe,
    ref,
)

KEPT: Mapping[str, Schema] = {"id": TEXT, "created_at": INSTANT, "updated_at": INSTANT, "version": WHOLE}
_NUMBERS = ("sent", "delivered", "opened", "clicked", "bounced", "dropped", "spam", "unsubscribed", "no_email")
_ASSIGNMENT: Schema = {
    "type": "object",
    "required": ["id", "scheduled_action", "recipient", "state", "due_at"],
    "properties": {
        "id": TEXT,
        "scheduled_action": TEXT,
        "recipient": RECORD,
        "subject": maybe(RECORD),
        "state": TEXT,
        "reason": maybe(TEXT),
        "due_at": maybe(INSTANT),
        "zone": TEXT,
        "via": TEXTS,
        "cause": OBJECT,
    },
}
ANSWERS: Mapping[str, Schema] = {
    "Object": OBJECT,
    "Started": {"type": "object", "required": ["job_id"], "properties": {"job_id": maybe(TEXT)}},
    "Found": {
        "type": "object",
        "required": ["items", "count", "counts"],
        "properties": {
            "items": many(closed("module id", module=TEXT, id=TEXT, number=TEXT, title=TEXT)),
            "count": WHOLE,
            "counts": {"description": "By module", "type": "object", "additionalProperties": WHOLE},
            "as_of": INSTANT,
            "exact": FLAG,
        },
    },
    "Columns": {"type": "object", "required": ["columns"], "properties": {"columns": TEXTS}},
    "Import": {
        "type": "object",
        "required": ["id", "job"],
        "properties": {**KEPT, "upload_url": LONG, "job": maybe(ref("Job"))},
    },
    "NewDocument": {
        "type": "object",
        "required": ["id", "upload_url"],
        "properties": {**KEPT, "upload_url": LONG},
    },
    "Download": {"type": "object", "required": ["url"], "properties": {"url": maybe(LONG)}},
    "Enclosed": closed(
        "kind id from name file size",
        kind={"enum": ["documents", "document_templates", "files"]},
        **{"from": {"enum": ["template", "send", "request"]}},
        **dict.fromkeys(("id", "name", "file"), maybe(TEXT)),
        size=maybe(WHOLE),
    ),
    "Recipient": {
        "type": "object",
        "required": ["module", "id", "verdict"],
        "properties": {
            **dict.fromkeys(("module", "id", "title", "verdict"), TEXT),
            **dict.fromkeys(("number", "email", "zone"), maybe(TEXT)),
        },
    },
    "Deliverability": {
        "type": "object",
        "required": ["account", "limits", "brake", "quota"],
        "properties": {
            "window_hours": WHOLE,
            "warning": {},
            "hours": many(OBJECT),
            **dict.fromkeys(("account", "limits", "brake", "quota"), OBJECT),
        },
    },
    "Suppression": {
        "type": "object",
        "required": ["address", "reason"],
        "properties": {"address": TEXT, "reason": TEXT, "at": INSTANT, "by": maybe(TEXT), "note": TEXT},
    },
    "TimelineItem": {
        "type": "object",
        "required": ["at", "kind", "cause"],
        "properties": {"at": INSTANT, "kind": TEXT, "cause": OBJECT, "data": OBJECT, "text": OBJECT},
    },
    "Member": {
        "type": "object",
        "required": ["module", "id"],
        "properties": {"module": TEXT, "id": TEXT, "since": INSTANT, "source": TEXT},
    },
    "Job": {
        "type": "object",
        "required": ["id", "kind", "state", "total", "pending", "processed", "failed", "progress"],
        "properties": {
            "id": TEXT,
            "kind": TEXT,
            "state": TEXT,
            **dict.fromkeys(("total", "pending", "processed", "failed"), WHOLE),
            "progress": {"type": "number", "minimum": 0, "maximum": 1},
            "counts": {"type": "object", "properties": dict.fromkeys(OUTCOMES, WHOLE)},
            "created_at": INSTANT,
            "finished_at": maybe(INSTANT),
            "result": {},
        },
    },
    "Assignment": _ASSIGNMENT,
    "PlanRecipient": {
        **_ASSIGNMENT,
        "properties": {**_ASSIGNMENT["properties"], "number": maybe(TEXT), "title": TEXT},
    },
    "Results": {
        "type": "object",
        "required": ["as_of", "rates", *_NUMBERS],
        "properties": {"as_of": INSTANT, "rates": OBJECT, **dict.fromkeys(_NUMBERS, WHOLE)},
    },
    "Problem": {
        "description": "RFC 9457. `errors` names every broken rule with the path of its field.",
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": WHOLE,
            "errors": many(closed("path rule message", path=TEXT, rule=TEXT, message=TEXT)),
        },
    },
}
#: Pages of what, by the name of the page.
PAGES: Mapping[str, str] = {
    **{
        f"{name}Page": name
        for name in (
            *DEFINITIONS,
            "Record",
            "Member",
            "Job",
            "Assignment",
            "PlanRecipient",
            "Suppression",
            "Recipient",
            "Enclosed",
        )
    },
    "Timeline": "TimelineItem",
}
