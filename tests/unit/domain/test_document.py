"""Documents: which files are taken, what unmasks a disguised one, how much goes along with a mail."""

import pytest

from gotero.domain.document import (
    KINDS,
    MAIL_BYTES,
    Document,
    Enclosed,
    read_document,
    read_enclosed,
    refuse_disguised,
    renamed,
)
from gotero.domain.errors import InvalidError
from gotero.domain.shape import Reader


def broken(error: pytest.ExceptionInfo[InvalidError]) -> set[tuple[str, str]]:
    return {(e.path, e.rule) for e in error.value.errors}


def test_a_file_is_announced_and_takes_its_own_name() -> None:
    document = read_document({"file": "Tarifas 2027.PDF", "size": 1200}, "u-lucia")
    assert (document.name, document.type, document.number) == ("Tarifas 2027", "application/pdf", "")
    assert Document.from_json(document.to_json()) == document
    assert renamed(document, {"name": "Precios"}) == Document("Precios", "Tarifas 2027.PDF", 1200, "u-lucia")


@pytest.mark.parametrize(
    "file",
    ["../a.pdf", "a/b.pdf", "a\\b.pdf", 'a".pdf', "a\nb.pdf", "a\x00.pdf", "a\u202efdp.exe.pdf", ".pdf", "a.pdf."],
)
def test_hostile_names_are_refused(file: str) -> None:
    with pytest.raises(InvalidError) as error:
        read_document({"file": file, "size": 1}, "u")
    assert {path for path, _ in broken(error)} == {"file"}


@pytest.mark.parametrize("ending", ["exe", "js", "html", "svg", "zip", "docm", "pdf.exe", ""])
def test_what_runs_when_it_is_opened_is_no_document(ending: str) -> None:
    with pytest.raises(InvalidError) as error:
        read_document({"file": f"tarifas.{ending}" if ending else "tarifas", "size": 1}, "u")
    assert broken(error) == {("file", "document_kind")}


@pytest.mark.parametrize("size", [0, -1, MAIL_BYTES + 1, None])
def test_a_document_has_content_and_fits_into_a_mail(size: int | None) -> None:
    with pytest.raises(InvalidError) as error:
        read_document({"file": "a.pdf", "size": size}, "u")
    assert {path for path, _ in broken(error)} == {"size"}


@pytest.mark.parametrize("ending", KINDS)
def test_a_program_is_unmasked_whatever_it_is_called(ending: str) -> None:
    program = b"MZ\x90\x00\x03\x00"
    with pytest.raises(InvalidError) as error:
        refuse_disguised(Document("a", f"a.{ending}", len(program), "u"), program)
    assert broken(error) == {("file", "file_content")}


@pytest.mark.parametrize("ending", KINDS)
def test_an_honest_file_is_as_long_as_announced(ending: str) -> None:
    content = (KINDS[ending].begins or (b"texto",))[0] + b" ..."
    refuse_disguised(Document("a", f"a.{ending}", len(content), "u"), content)
    with pytest.raises(InvalidError) as error:
        refuse_disguised(Document("a", f"a.{ending}", len(content) + 1, "u"), content)
    assert broken(error) == {("size", "file_content")}


def test_what_is_enclosed_is_named_once_and_only_where_there_is_any() -> None:
    reader = Reader({"documents": ["a", "a", "b"], "document_templates": None})
    enclosed = read_enclosed(reader)
    reader.done()
    assert (enclosed, bool(enclosed), bool(Enclosed())) == (Enclosed(("a", "b")), True, False)
    assert enclosed.to_json() == {"documents": ["a", "b"]}
    assert Enclosed.from_json(enclosed.to_json()) == enclosed
    assert Enclosed().to_json() == {}
