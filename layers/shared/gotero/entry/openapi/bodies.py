"""Bodies that are nothing lasting: orders, questions, lists of records."""

from collections.abc import Mapping

from gotero.entry.openapi.shapes import (
    CLASS,
    CONTENT,
    FLAG,
    OBJECT,
    RECORD,
    TEXT,
    TEXTS,
    WHOLE,
    Schema,
    choice,
    closed,
    many,
    maybe,
    ref,
    text,
)

_MANY = {
    "ids": maybe(TEXTS),
    **{name: maybe(TEXT) for name in ("filter_id", "search", "segment_id")},
    "condition": maybe(ref("Condition")),
    "everything": FLAG,
    "preview": FLAG,
}
_ASKED = {"filter_id": TEXT, "module": TEXT, "condition": ref("Condition")}
_AUDIENCE = closed(
    segments=TEXTS,
    everyone=FLAG,
    filters=many(closed(**_ASKED)),
    records=many(RECORD),
    not_opened=text(50),
    email_fields=OBJECT,
    **{"except": TEXTS},
)
#: Everybody at this time of day where they are.
_LOCAL = closed("local", local={**TEXT, "examples": ["2027-01-01T09:00"]})
_ORDER = {
    "template_id": TEXT,
    "audience": _AUDIENCE,
    "sender": TEXT,
    "start": {"anyOf": [{**TEXT, "examples": ["now", "hold", "2027-01-01T08:00:00Z"]}, _LOCAL]},
    "window_minutes": WHOLE,
    "confirm_recipients": WHOLE,
    "again": FLAG,
    "documents": TEXTS,
    "document_templates": TEXTS,
}
_IMPORTED = ("encoding", "separator", "preset", "match", "mode", "decimal", "dates", "owner", "segment")
BODIES: Mapping[str, Schema] = {
    "Members": closed("items", items={**many(RECORD), "minItems": 1, "maxItems": 2000}),
    "Freed": closed("items", items={**many(RECORD), "minItems": 1, "maxItems": 100}),
    "Asked": closed(**_ASKED),
    "AutoSync": closed("on", **_ASKED, on=FLAG, id=TEXT),
    "Preview": closed(record=maybe(RECORD)),
    "Sample": closed(records={**many(RECORD), "maxItems": 50}),
    "TestSend": closed(to=maybe(text(254)), record=maybe(RECORD), documents=TEXTS, document_templates=TEXTS),
    "Audience": closed("audience", **_ORDER),
    "SendOrder": closed("template_id audience", **_ORDER),
    "Recipients": closed(
        "recipients", recipients={**many(RECORD), "minItems": 1, "maxItems": 100}, subject=maybe(RECORD)
    ),
    "MailOrder": closed(
        "to",
        to={"anyOf": [text(254), RECORD]},
        template_id=TEXT,
        content=closed("subject", **CONTENT),
        **{"class": CLASS},
        sender=TEXT,
        reply_to=TEXT,
        data=OBJECT,
        about=RECORD,
        documents=TEXTS,
        document_templates=TEXTS,
        attachments=many(closed("name content", name=TEXT, type=TEXT, content={"contentEncoding": "base64"})),
    ),
    "Decide": closed(
        "decision",
        decision={"enum": ["accept", "send_again"]},
        **{name: shape for name, shape in _MANY.items() if name not in ("segment_id", "search")},
    ),
    "Many": closed(**_MANY),
    "MassEdit": closed(**_MANY, values=OBJECT, owner=maybe(TEXT), add_tags=TEXTS, remove_tags=TEXTS),
    "Columns": closed("columns", columns=many(text(100))),
    "Merge": closed("others", others=TEXTS, choices={"type": "object", "additionalProperties": TEXT}, preview=FLAG),
    "Erase": closed(confirm=text(50), preview=FLAG),
    "Linked": closed("ids", ids={**TEXTS, "minItems": 1, "maxItems": 100}),
    "NewImport": closed("module name size", module=TEXT, name=text(200), size=WHOLE),
    "DocumentName": closed("name", name=text(100)),
    "ImportChoices": closed(
        **{name: maybe(TEXT) for name in _IMPORTED},
        columns=maybe(many(maybe(text(100)))),
        tags=maybe(many(text(60))),
    ),
    "NewExport": closed(
        "module",
        module=TEXT,
        **{name: maybe(TEXT) for name in ("filter_id", "search", "segment")},
        condition=maybe(ref("Condition")),
        columns=maybe(many(text(100))),
        separator=choice((";", ",", "\t")),
        headers=choice(("label", "id")),
    ),
    "Settings": OBJECT,
    "Suppress": closed("address", address=text(254), note=TEXT),
    "SuppressMany": closed("text", text={"type": "string", "description": "Addresses, as lines or CSV"}, note=TEXT),
    "LetGo": closed("note", note=TEXT),
    "Release": closed("address note", address=text(254), note=TEXT),
}
