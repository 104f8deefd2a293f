"""Documents by ReportLab: what is printed, what is refused, and that hostile values are nothing but text."""

import time
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from gotero.adapters.rendering.pdf import PdfPress
from gotero.domain.document_template import DocumentTemplate, read_document_template
from gotero.domain.errors import InvalidError, OversizeError, PermanentError
from gotero.domain.mail_context import EXAMPLE

PRESS = PdfPress()
DAY = "2026-11-21"


def template(*parts: Any, language: str = "es", **more: Any) -> DocumentTemplate:
    shown = [{"kind": "paragraph", "text": part} if isinstance(part, str) else part for part in parts]
    body = {"name": "Carta de pago", "module": "invoices", "language": language, "parts": shown, **more}
    return read_document_template(body, "es")


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


LINES = {
    "kind": "lines",
    "columns": [{"title": "Factura"}, {"title": "Pendiente", "align": "right"}],
    "rows": [["{{ invoice.number }}", "{{ invoice.balance|number }} €"]],
}


@pytest.mark.parametrize(
    ("language", "said"), [("es", ("21 de noviembre de 2026", "242,00 €")), ("en", ("21 November 2026", "242.00 €"))]
)
def test_a_payment_letter_has_the_company_the_day_its_texts_and_its_lines(language: str, said: tuple[str, str]) -> None:
    letter = template(
        {"kind": "title", "text": "Recordatorio"},
        {"kind": "heading", "text": "Para {{ contact.firstname }}"},
        "Primera\nsegunda",
        LINES,
        language=language,
        file="Recordatorio {{ invoice.number }}",
    )
    assert PRESS.check(letter) == ("contact.firstname", "invoice.balance", "invoice.number")
    made = PRESS.make(letter, EXAMPLE, DAY)
    assert (made.name, made.type) == ("Recordatorio F-2026-0117.pdf", "application/pdf")
    text = words(made.content)
    for expected in (
        "Huerta Turia, S.L.",
        "46001 Valencia",
        "Recordatorio",
        "Para Lía",
        "segunda",
        "F-2026-0117",
        *said,
    ):
        assert expected in text
    assert made == PRESS.make(letter, EXAMPLE, DAY)


def test_the_lines_of_an_order_are_printed_one_by_one() -> None:
    table = {**LINES, "rows": [["{{ line.name }}", "{{ line.price|number }}"]], "each": "data.lines"}
    values = {**EXAMPLE, "data": {"lines": [{"name": f"Cesta {n}", "price": n} for n in range(1, 90)]}}
    made = PRESS.make(template(table), values, DAY)
    text = words(made.content)
    assert "Cesta 1 1,00" in text
    assert "Cesta 89 89,00" in text
    # The heads of a table stand on each of its pages.
    assert text.count("Pendiente") == len(PdfReader(BytesIO(made.content)).pages) > 1
    assert PRESS.check(template(table)) == ()
    assert "Cesta" not in words(PRESS.make(template(table), EXAMPLE, DAY).content)


def test_what_a_value_holds_is_printed_and_never_done() -> None:
    hostile = '<img src="http://169.254.169.254/x"/><b>&amp;</b> {{ 7 * 7 }} <a href="file:///etc/passwd">'
    made = PRESS.make(template("Hola, {{ firstname }}."), {"firstname": hostile}, DAY)
    assert words(made.content).endswith(f"Hola, {hostile}.")
    assert PRESS.make(template("x", file="{{ f }}"), {"f": "../../a\r\nb\u202e.exe"}, DAY).name == "-..-a--b-.exe.pdf"


@pytest.mark.parametrize(
    "bomb",
    [
        "{% for a in range(10**9) %}x{% endfor %}",
        "{{ x",
        "{% include 'a' %}",
        "{{ f() }}",
    ],
)
def test_what_may_not_run_is_refused_by_its_path(bomb: str) -> None:
    table = {**LINES, "rows": [["ok", bomb]]}
    for refused, path in ((template("ok", bomb), "parts[1].text"), (template(table), "parts[0].rows[0][1]")):
        with pytest.raises(InvalidError) as error:
            PRESS.check(refused)
        assert [(e.path, e.rule) for e in error.value.errors] == [(path, "template")]


def test_nothing_has_attributes() -> None:
    escape = template("{{ ''.__class__.__mro__ }}{{ firstname.__class__ }}fin")
    assert words(PRESS.make(escape, EXAMPLE, DAY).content).endswith("noviembre de 2026 fin")


def test_a_document_that_grows_is_stopped() -> None:
    lines = {**LINES, "each": "data.lines"}
    many: dict[str, Any] = {"data": {"lines": [{}] * 100_000}}
    started = time.process_time()
    with pytest.raises(OversizeError):
        PRESS.make(template(lines), many, DAY)
    with pytest.raises(OversizeError):
        PRESS.make(template("{{ a }}"), {"a": "larga " * 20_000}, DAY)
    with pytest.raises(OversizeError):
        PRESS.make(template(*["{{ a }}"] * 60), {"a": "\n" * 400 + "x"}, DAY)
    assert time.process_time() - started < 10


def test_a_cell_taller_than_a_page_is_no_document() -> None:
    with pytest.raises(PermanentError, match="LayoutError") as error:
        PRESS.make(template({**LINES, "rows": [["{{ a }}", ""]]}), {"a": "una palabra " * 2_000}, DAY)
    # What ReportLab says of it quotes the text: it must not reach a log.
    assert "palabra" not in str(error.value)
    assert error.value.__suppress_context__


def test_letters_that_the_font_lacks() -> None:
    assert "Łukasz Erdos" in words(PRESS.make(template("{{ a }}"), {"a": "Łukasz Erdős"}, DAY).content)
    with pytest.raises(PermanentError):
        PRESS.make(template("{{ a }}"), {"a": "Ирина"}, DAY)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"module": "nobody"}, "module"),
        ({"parts": []}, "parts"),
        ({"parts": [{"kind": "picture"}]}, "parts[0].kind"),
        ({"parts": [{"kind": "paragraph"}]}, "parts[0].text"),
        ({"parts": [{"kind": "paragraph", "text": "x", "src": "y"}]}, "parts[0].src"),
        ({"parts": [{**LINES, "rows": [["one cell"]]}]}, "parts[0].rows[0]"),
        ({"parts": [{**LINES, "columns": []}]}, "parts[0].columns"),
        ({"parts": [{**LINES, "each": "data.__class__()"}]}, "parts[0].each"),
    ],
)
def test_another_shape_is_refused_by_its_path(body: dict[str, Any], path: str) -> None:
    whole = {"name": "x", "module": "contacts", "parts": [{"kind": "paragraph", "text": "x"}], **body}
    with pytest.raises(InvalidError) as error:
        read_document_template(whole, "es")
    assert path in {e.path for e in error.value.errors}
