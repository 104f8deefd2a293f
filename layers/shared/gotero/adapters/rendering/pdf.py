"""Documents by ReportLab: a template and the values of one record in, the bytes of a PDF out.

The same template and values give the same bytes: whoever asks again, after a lost answer, gets the same document.
ReportLab reads markup in paragraphs, pictures by address among it: every text is escaped before it gets there.
"""

from io import BytesIO
from typing import Any
from unicodedata import combining, normalize
from xml.sax.saxutils import escape

from jinja2.exceptions import TemplateError, TemplateSyntaxError
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from gotero.adapters.rendering import sandbox
from gotero.adapters.rendering.policy import RefusedError
from gotero.domain.document import GENERATED_BYTES
from gotero.domain.document_template import DocumentTemplate, Part, file_name
from gotero.domain.errors import FieldError, GoteroError, InvalidError, OversizeError, PermanentError
from gotero.domain.letter import Attachment
from gotero.domain.mail_context import EXAMPLE
from gotero.domain.mail_links import preview_links

#: Characters of one document, merged; ten pages of small print have 50,000.
_TEXT_LIMIT = 100_000
_PAGES = 50
_ROWS = 2_000
_FONT, _BOLD = "Gotero", "Gotero-Bold"
_GREY, _LINE = HexColor("#5c636a"), HexColor("#ced4da")
_MARGIN = 20 * mm
_ALIGN = {"left": TA_LEFT, "right": TA_RIGHT, "center": TA_CENTER}
#: What a table's rows call the item that they are printed for.
_ITEM = "line"


def _fonts() -> Any:
    """The free fonts that ReportLab brings, embedded: the standard ones have no letter beyond Western Europe's."""
    plain = TTFont(_FONT, "Vera.ttf")
    registerFont(plain)
    registerFont(TTFont(_BOLD, "VeraBd.ttf"))
    registerFontFamily(_FONT, normal=_FONT, bold=_BOLD, italic=_FONT, boldItalic=_BOLD)
    return plain.face.charToGlyph


_LETTERS = _fonts()
_BODY = ParagraphStyle("body", fontName=_FONT, fontSize=9.5, leading=14, spaceAfter=6)
_STYLES = {
    "paragraph": _BODY,
    "title": ParagraphStyle("title", _BODY, fontName=_BOLD, fontSize=15, leading=20, spaceBefore=6, spaceAfter=10),
    "heading": ParagraphStyle("heading", _BODY, fontName=_BOLD, fontSize=11, leading=15, spaceBefore=8),
    "house": ParagraphStyle("house", _BODY, fontName=_BOLD, fontSize=12, leading=16, spaceAfter=0),
    "small": ParagraphStyle("small", _BODY, fontSize=8, leading=11, spaceAfter=0, textColor=_GREY),
    "date": ParagraphStyle("date", _BODY, alignment=TA_RIGHT, spaceBefore=6),
}


class PdfPress:
    """`DocumentMaker` in this process."""

    def check(self, template: DocumentTemplate) -> tuple[str, ...]:
        """The values that it reads. InvalidError when it may not run, or cannot be printed for somebody invented."""
        read: set[str] = set()
        for path, source in template.sources():
            try:
                read |= sandbox.fields(source)
            except TemplateSyntaxError as error:
                raise _refused(path, f"{error.message} ({error.lineno})") from error
            except (TemplateError, RefusedError) as error:
                raise _refused(path, str(error)) from error
        for context in (EXAMPLE, {}):
            try:
                self.make(template, context, "2026-11-21")
            except (PermanentError, InvalidError) as error:
                raise _refused("parts", str(error)) from error
        items = any(part.each for part in template.parts)
        return tuple(sorted(field for field in read if not (items and field.split(".")[0] == _ITEM)))

    def make(self, template: DocumentTemplate, values: dict[str, Any], day: str) -> Attachment:
        """The document, dated `day`. PermanentError when it cannot be made, OversizeError when it grows too large."""
        text = _Texts(template.language, values)
        try:
            story = [*_head(text, values.get("company") or {}, day)]
            for part in template.parts:
                story += _part(text, part)
            name = file_name(text.plain(template.file), template.name)
            content = _printed(story, template, name)
        except sandbox.GrownError as error:
            raise OversizeError("document") from error
        except GoteroError:
            raise
        except Exception as error:
            # The kind of error and no more: what is said of it quotes texts, and a recipient's data in them.
            raise PermanentError(f"document: {type(error).__name__}") from None
        if len(content) > GENERATED_BYTES:
            raise OversizeError("document")
        return Attachment(name, "application/pdf", content)


class _Texts:
    """Merges, escapes and counts the texts of one document."""

    def __init__(self, language: str, values: dict[str, Any]) -> None:
        self.language = language
        self._values = values
        self._links = preview_links("")
        self._left = _TEXT_LIMIT

    def plain(self, source: str, **more: Any) -> str:
        merged = sandbox.render(source, {**self._values, **more}, self._links, self.language, html=False)
        self._left -= len(merged)
        if self._left < 0:
            raise sandbox.GrownError
        return merged

    def paragraph(self, source: str, style: ParagraphStyle, **more: Any) -> Paragraph:
        return _paragraph(self.plain(source, **more), style)


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(_writable(text)).replace("\n", "<br/>"), style)


def _writable(text: str) -> str:
    """With the letters that the font has: without their accents where it lacks them, else PermanentError."""
    if all(ord(letter) in _LETTERS or letter in "\n\t\r" for letter in text):
        return text
    bare = "".join(
        letter
        if ord(letter) in _LETTERS or letter in "\n\t\r"
        else "".join(part for part in normalize("NFKD", letter) if not combining(part))
        for letter in text
    )
    if not all(ord(letter) in _LETTERS or letter in "\n\t\r" for letter in bare):
        raise PermanentError("letters")
    return bare


def _head(text: _Texts, company: dict[str, Any], day: str) -> list[Flowable]:
    told = " · ".join(str(company[key]) for key in ("phone", "email", "website") if company.get(key))
    lines = [(str(company.get("name") or ""), _STYLES["house"])]
    lines += [(line, _STYLES["small"]) for line in (str(company.get("address") or ""), told)]
    written = text.plain("{{ day|date }}", day=day)
    head = [_paragraph(line, style) for line, style in lines if line]
    return [*head, Spacer(1, 4 * mm), _paragraph(written, _STYLES["date"]), Spacer(1, 2 * mm)]


def _part(text: _Texts, part: Part) -> list[Flowable]:
    if part.kind != "lines":
        return [text.paragraph(part.text, _STYLES[part.kind])]
    styles = [
        ParagraphStyle(f"cell-{column.align}", _BODY, spaceAfter=0, alignment=_ALIGN[column.align])
        for column in part.columns
    ]
    titles = [ParagraphStyle(f"{style.name}-title", style, fontName=_BOLD) for style in styles]
    grid = [[text.paragraph(column.title, titles[c]) for c, column in enumerate(part.columns)]]
    for item in _items(text, part.each):
        for row in part.rows:
            grid.append([text.paragraph(cell, styles[c], **{_ITEM: item}) for c, cell in enumerate(row)])
            if len(grid) > _ROWS:
                raise sandbox.GrownError
    width = (A4[0] - 2 * _MARGIN) / len(part.columns)
    rules = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 1, _GREY),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, _LINE),
    ]
    return [Table(grid, colWidths=[width] * len(part.columns), repeatRows=1, style=rules), Spacer(1, 4 * mm)]


def _items(text: _Texts, each: str) -> list[Any]:
    """What the rows are printed for: the items of a list among the values, or once for nothing."""
    if not each:
        return [{}]
    found: Any = text._values
    for name in each.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, list) else []


def _printed(story: list[Flowable], template: DocumentTemplate, name: str) -> bytes:
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=name.removesuffix(".pdf"),
        lang=template.language,
        # No date and no random id of its own: the same document is the same bytes.
        invariant=1,
    )
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return out.getvalue()


def _foot(canvas: Any, document: Any) -> None:
    if document.page > _PAGES:
        raise OversizeError("document")
    canvas.saveState()
    canvas.setFont(_FONT, 8)
    canvas.setFillColor(_GREY)
    canvas.drawCentredString(A4[0] / 2, _MARGIN / 2, str(document.page))
    canvas.restoreState()


def _refused(path: str, reason: str) -> InvalidError:
    return InvalidError(FieldError(path, "template", (("reason", reason[:300]),)))
