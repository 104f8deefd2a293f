"""Templates that a document is generated from, one a recipient: a payment letter, an invoice. A simple declared form.

Its texts have merge tags in the language of mails. There is no markup in them: what a value holds is printed, and
nothing else is done with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from gotero.domain.catalogue import Language
from gotero.domain.document import HOSTILE
from gotero.domain.modules import MODULES, RECIPIENTS
from gotero.domain.shape import Json, Reader

KIND = "document_templates"
PartKind = Literal["title", "heading", "paragraph", "lines"]
PART_KINDS: tuple[PartKind, ...] = get_args(PartKind)
ALIGNS = ("left", "right", "center")
_PARTS = 60
_COLUMNS = 8
_ROWS = 40
_TEXT = 5_000
_CELL = 500
_FILE = 90

#: What a new one begins as.
STARTER: Mapping[Language, Json] = {
    "es": {
        "file": "Carta {{ firstname }}",
        "parts": [
            {"kind": "title", "text": "Asunto de la carta"},
            {"kind": "paragraph", "text": "Hola, {{ firstname|default('cliente') }}:"},
            {"kind": "paragraph", "text": "Escribe aquí tu texto."},
        ],
    },
    "en": {
        "file": "Letter {{ firstname }}",
        "parts": [
            {"kind": "title", "text": "Subject of the letter"},
            {"kind": "paragraph", "text": "Dear {{ firstname|default('customer') }},"},
            {"kind": "paragraph", "text": "Write your text here."},
        ],
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Part:
    """One after the other, from the top: a text, or a table. Its rows are printed once for each item of a list `each`
    (`data.lines` of an order by the API), whose values they name as `line`; once, when there is none."""

    kind: PartKind
    text: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    each: str = ""

    def to_json(self) -> Json:
        if self.kind != "lines":
            return {"kind": self.kind, "text": self.text}
        table: Json = {
            "kind": self.kind,
            "columns": [{"title": column.title, "align": column.align} for column in self.columns],
            "rows": [list(row) for row in self.rows],
        }
        return {**table, "each": self.each} if self.each else table

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Part":
        columns = tuple(Column(column["title"], column["align"]) for column in data.get("columns") or ())
        rows = tuple(tuple(row) for row in data.get("rows") or ())
        return cls(data["kind"], data.get("text", ""), columns, rows, data.get("each", ""))


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """`module` says whose values it is written for; `file` is the name of what is generated, without its ending."""

    name: str
    module: str
    language: Language
    file: str
    parts: tuple[Part, ...]

    def to_json(self) -> Json:
        return {
            "name": self.name,
            "module": self.module,
            "language": self.language,
            "file": self.file,
            "parts": [part.to_json() for part in self.parts],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "DocumentTemplate":
        parts = tuple(Part.from_json(part) for part in data["parts"])
        return cls(data["name"], data["module"], data["language"], data["file"], parts)

    def sources(self) -> list[tuple[str, str]]:
        """Everything with merge tags, and where it stands."""
        found = [("file", self.file)]
        for index, part in enumerate(self.parts):
            at = f"parts[{index}]"
            found += [(f"{at}.text", part.text)] if part.text else []
            found += [(f"{at}.columns[{c}].title", column.title) for c, column in enumerate(part.columns)]
            found += [(f"{at}.rows[{r}][{c}]", cell) for r, row in enumerate(part.rows) for c, cell in enumerate(row)]
        return found


def read_document_template(data: Any, default_language: Language) -> DocumentTemplate:
    """The template in a JSON body; InvalidError names every broken rule."""
    reader = Reader(data)
    name = reader.text("name", required=True)
    module = reader.choice("module", tuple(MODULES))
    language: Language = (
        "en" if reader.choice("language", get_args(Language), default=default_language) == "en" else "es"
    )
    file = reader.text("file", limit=_FILE) or name[:_FILE]
    count = len(reader.items("parts", required=True, limit=_PARTS))
    parts = tuple(_part(reader.child("parts", index)) for index in range(count))
    reader.done()
    return DocumentTemplate(name, module, language, file, parts)


def _part(reader: Reader) -> Part:
    kind = next(known for known in PART_KINDS if known == reader.choice("kind", PART_KINDS))
    if kind != "lines":
        text = reader.text("text", required=True, limit=_TEXT)
        reader.close()
        return Part(kind, text)
    columns = []
    for index in range(len(reader.items("columns", required=True, limit=_COLUMNS))):
        inner = reader.child("columns", index)
        columns.append(Column(inner.text("title", limit=_CELL), inner.choice("align", ALIGNS, default="left")))
        inner.close()
    rows = _rows(reader, len(columns))
    each = reader.text("each", limit=100)
    if each and not all(name.isidentifier() for name in each.split(".")):
        reader.wrong("each", "merge_path")
    reader.close()
    return Part(kind, "", tuple(columns), rows, each)


def _rows(reader: Reader, columns: int) -> tuple[tuple[str, ...], ...]:
    """As many cells a row as there are columns."""
    rows = []
    for index, row in enumerate(reader.items("rows", required=True, limit=_ROWS)):
        if not isinstance(row, list) or len(row) != columns or not all(isinstance(cell, str) for cell in row):
            reader.wrong(f"rows[{index}]", "cells", count=str(columns))
        elif any(len(cell) > _CELL for cell in row):
            reader.wrong(f"rows[{index}]", "too_long", limit=str(_CELL))
        else:
            rows.append(tuple(row))
    return tuple(rows)


def file_name(text: str, name: str) -> str:
    """What the generated document is called: whatever was merged into it, it stays a file name."""
    plain = " ".join(HOSTILE.sub("-", text).split()).strip(". ")[:_FILE]
    return f"{plain or ' '.join(HOSTILE.sub('-', name).split())[:_FILE]}.pdf"


def is_about(module: str, about: str | None) -> bool:
    """Whether mails that are about records of `about` (None: about nobody but their recipient) can fill it in."""
    return module in (*RECIPIENTS, about)
