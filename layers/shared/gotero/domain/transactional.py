"""What somebody asks for who sends one mail by the API: `POST /v1/messages`."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from typing import Any, get_args

from gotero.domain.document import ENCLOSED, NOTHING, Enclosed, read_enclosed
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.letter import Attachment
from gotero.domain.message import MessageClass
from gotero.domain.record import Ref
from gotero.domain.sender_identity import COMPANY, RECIPIENT_OWNER, USER_PREFIX
from gotero.domain.shape import Json, Reader
from gotero.domain.template import Template, read_template
from gotero.domain.validation import address

#: What the whole request may have is 1 MB, of which base64 is a third.
ATTACHMENTS_LIMIT = 700_000
_MANY = 10
_MODULES = ("contacts", "accounts", "leads")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII)
#: What a part of a mail may not claim to be: it would be read as a part of the mail's own structure.
_STRUCTURE = ("multipart/", "message/")
#: What providers throw a whole mail away for (SES's list, the ones that people really send).
_REFUSED = frozenset(
    {"bat", "cmd", "com", "cpl", "exe", "hta", "jar", "js", "jse", "lnk", "msi", "msp", "pif", "ps1", "reg", "scr"}
    | {"vb", "vbe", "vbs", "wsf", "wsh"}
)
#: What one mail takes of the values to merge; deeper or larger is somebody's database.
_DATA_DEPTH = 6


@dataclass(frozen=True, slots=True)
class MailOrder:
    """`to` is a record or an address; exactly one of `template_id` and `content` is given."""

    to: Ref | str
    template_id: str = ""
    content: Template | None = None
    message_class: MessageClass | None = None
    sender: str = COMPANY
    data: Json = field(default_factory=dict)
    reply_to: str = ""
    about: Ref | None = None
    attachments: tuple[Attachment, ...] = ()
    enclosed: Enclosed = NOTHING


def read_order(data: Any) -> MailOrder:
    """The order in a JSON body; InvalidError names every broken rule."""
    reader = Reader(data)
    to = _recipient(reader)
    template_id = reader.text("template_id")
    content = reader.parsed("content", _content) if reader.has("content") else None
    if bool(template_id) == reader.has("content"):
        reader.wrong("template_id", "one_of", keys="template_id, content")
    classes: tuple[MessageClass, ...] = get_args(MessageClass)
    chosen = reader.choice("class", classes, default="")
    sender = reader.text("sender", default=COMPANY)
    if sender not in (COMPANY, RECIPIENT_OWNER) and not sender.startswith(USER_PREFIX):
        reader.wrong("sender", "choice", choices=f"{COMPANY}, {RECIPIENT_OWNER}, {USER_PREFIX}…")
    reply_to = reader.text("reply_to")
    if reply_to and address.parse(reply_to) is None:
        reader.wrong("reply_to", "email")
    order = MailOrder(
        to,
        template_id,
        content,
        next((name for name in classes if name == chosen), None),
        sender,
        _data(reader),
        reply_to,
        _ref(reader, "about") if reader.has("about") else None,
        _attachments(reader),
        read_enclosed(reader),
    )
    reader.done()
    return order


def _recipient(reader: Reader) -> Ref | str:
    value = reader.raw("to")
    if not isinstance(value, str):
        ref = _ref(reader, "to")
        if ref.module and ref.module not in _MODULES:
            reader.wrong("to.module", "choice", choices=", ".join(_MODULES))
        return ref
    parsed = address.parse(value.strip())
    if parsed is None:
        reader.wrong("to", "required" if not value.strip() else "email")
    return parsed.text if parsed else ""


def _ref(reader: Reader, key: str) -> Ref:
    if not reader.has(key):
        reader.wrong(key, "required")
        return Ref("", "")
    inner = reader.child(key)
    ref = Ref(inner.text("module", required=True, limit=50), inner.text("id", required=True, limit=50))
    inner.close()
    return ref


def _content(value: Any) -> Template:
    """A template that has neither name nor class of its own, nor brings anything along: the order names that itself."""
    if not isinstance(value, dict):
        raise InvalidError(FieldError("", "object"))
    Reader({key: value[key] for key in ("name", "class", *ENCLOSED) if key in value}).done()
    subject = value.get("subject")
    name = " ".join(subject.split())[:100] if isinstance(subject, str) else ""
    return read_template({**value, "name": name or "-"}, "es")


def _data(reader: Reader) -> Json:
    value = reader.raw("data")
    if value is None:
        return {}
    if not isinstance(value, dict):
        reader.wrong("data", "object")
        return {}
    if not _shallow(value, _DATA_DEPTH):
        reader.wrong("data", "too_deep")
        return {}
    return value


def _shallow(value: Any, depth: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_shallow(item, depth - 1) for item in inner)


def _attachments(reader: Reader) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for index in range(len(reader.items("attachments", limit=_MANY))):
        inner = reader.child("attachments", index)
        name = inner.text("name", required=True)
        kind = inner.text("type", default="application/octet-stream").lower()
        # The characters of a path, or of a header: a name is none.
        if any(character in name for character in '/\\:"\n\t'):
            inner.wrong("name", "control_characters")
        if name.rpartition(".")[2].lower() in _REFUSED:
            inner.wrong("name", "file_kind")
        if not _TYPE.fullmatch(kind) or kind.startswith(_STRUCTURE):
            inner.wrong("type", "file_kind")
        found.append(Attachment(name, kind, _bytes(inner)))
        inner.close()
    if sum(len(attachment.content) for attachment in found) > ATTACHMENTS_LIMIT:
        reader.wrong("attachments", "files_too_large", limit=str(ATTACHMENTS_LIMIT // 1000))
    return tuple(found)


def _bytes(reader: Reader) -> bytes:
    value = reader.raw("content")
    if not isinstance(value, str) or not value:
        reader.wrong("content", "required")
        return b""
    try:
        return b64decode(value, validate=True)
    except (Base64Error, ValueError):
        reader.wrong("content", "base64")
        return b""
