"""Documents: files that the house keeps, to attach to its mails; and what a mail may have attached altogether."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.numbering import Numbering
from gotero.domain.shape import Json, Reader

NUMBERING = Numbering("DOC-", 6)
#: Of all that is attached to one mail. SES takes 40 MB with a third more for base64; most mailboxes stop at 20.
MAIL_BYTES = 10_000_000
#: The largest that a generated document may become; what is chosen for a mail is reckoned with it.
GENERATED_BYTES = 1_000_000
#: Kinds of definition that can go along with a mail; bodies name them by the same words.
ENCLOSED = ("documents", "document_templates")
#: Of each kind.
MOST = 10
_NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class _Kind:
    type: str
    #: What every file of the kind begins with; empty for text.
    begins: tuple[bytes, ...] = ()


_ZIP = (b"PK\x03\x04",)
_OLE = (b"\xd0\xcf\x11\xe0",)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
#: Ending -> kind: what people attach to mails. Nothing that runs when it is opened: no programs, scripts, web pages,
#: SVG, archives, nor the formats of Office that carry macros.
KINDS: Mapping[str, _Kind] = {
    "pdf": _Kind("application/pdf", (b"%PDF-",)),
    "png": _Kind("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": _Kind("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": _Kind("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": _Kind("image/gif", (b"GIF87a", b"GIF89a")),
    "docx": _Kind(f"{_OFFICE}wordprocessingml.document", _ZIP),
    "xlsx": _Kind(f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    "pptx": _Kind(f"{_OFFICE}presentationml.presentation", _ZIP),
    "odt": _Kind(f"{_OPEN}text", _ZIP),
    "ods": _Kind(f"{_OPEN}spreadsheet", _ZIP),
    "odp": _Kind(f"{_OPEN}presentation", _ZIP),
    "doc": _Kind("application/msword", _OLE),
    "xls": _Kind("application/vnd.ms-excel", _OLE),
    "txt": _Kind("text/plain"),
    "csv": _Kind("text/csv"),
    "ics": _Kind("text/calendar"),
    "vcf": _Kind("text/vcard"),
}
#: What a file name may not have: parts of a path, ends of a header, and what turns the reading direction around, so
#: that `fdp.exe` reads `exe.pdf`.
HOSTILE = re.compile(r"[/\\:*?\"<>|\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Document:
    """A file that the house keeps. Its bytes never change: another version is another document."""

    name: str
    file: str
    size: int
    owner: str
    #: Given once its bytes are there and have been looked at: until then nobody sees or attaches it.
    number: str = ""

    @property
    def type(self) -> str:
        return KINDS[ending(self.file)].type

    def to_json(self) -> Json:
        return {
            "name": self.name,
            "file": self.file,
            "type": self.type,
            "size": self.size,
            "owner": self.owner,
            "number": self.number,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Document":
        return cls(data["name"], data["file"], data["size"], data["owner"], data["number"])


def ending(file: str) -> str:
    return file.rpartition(".")[2].lower()


def read_document(data: Any, owner: str) -> Document:
    """What somebody announces; InvalidError names every broken rule. Without a name the file's own is taken."""
    reader = Reader(data)
    file = reader.text("file", required=True, limit=_NAME_LIMIT)
    name = reader.text("name", limit=_NAME_LIMIT) or file.rpartition(".")[0]
    size = reader.whole("size", low=0, high=10**12)
    if file and (HOSTILE.search(file) or file.startswith(".") or file.endswith((".", " "))):
        reader.wrong("file", "file_name")
    elif file and ending(file) not in KINDS:
        reader.wrong("file", "document_kind", kinds=", ".join(KINDS))
    if not 0 < size <= MAIL_BYTES:
        reader.wrong("size", "file_size", limit=str(MAIL_BYTES // 1_000_000))
    reader.done()
    return Document(name, file, size, owner)


def renamed(document: Document, data: Any) -> Document:
    """With the name of a change; the file stays what it is."""
    reader = Reader(data)
    name = reader.text("name", required=True, limit=_NAME_LIMIT)
    reader.done()
    return Document(name, document.file, document.size, document.owner, document.number)


def refuse_disguised(document: Document, content: bytes) -> None:
    """InvalidError when the file is not what its name says, or not as long as announced."""
    begins = KINDS[ending(document.file)].begins
    honest = content.startswith(begins) if begins else b"\x00" not in content
    if not honest:
        raise InvalidError(FieldError("file", "file_content", (("kind", ending(document.file)),)))
    if len(content) != document.size:
        raise InvalidError(FieldError("size", "file_content", (("kind", ending(document.file)),)))


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes along with a mail, by id: documents as they are, and templates that a document is generated from."""

    documents: tuple[str, ...] = ()
    document_templates: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.document_templates)

    def to_json(self) -> Json:
        """Only what there is: most mails have nothing."""
        kept = {"documents": list(self.documents), "document_templates": list(self.document_templates)}
        return {name: ids for name, ids in kept.items() if ids}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Enclosed":
        return cls(tuple(data.get("documents") or ()), tuple(data.get("document_templates") or ()))


#: Of most mails.
NOTHING = Enclosed()


def read_enclosed(reader: Reader) -> Enclosed:
    """The keys `documents` and `document_templates` of a body, each id once."""
    documents = reader.texts("documents", limit=MOST)
    templates = reader.texts("document_templates", limit=MOST)
    return Enclosed(tuple(dict.fromkeys(documents)), tuple(dict.fromkeys(templates)))
