"""CSV files as other programs write them: told, read piece by piece, mapped, and written so that nothing runs."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gotero.domain import modules
from gotero.domain.errors import InvalidError
from gotero.domain.exchange import formula, presets
from gotero.domain.exchange.cells import Style, names, read_cell, split
from gotero.domain.exchange.plan import Plan, check, proposed_match
from gotero.domain.exchange.rows import Row, take_rows
from gotero.domain.exchange.sniff import SAMPLE, Dialect, detect

CONTACTS = modules.module("contacts")
HEAD = "Nombre;Apellidos;Correo\r\nLía;Núñez;lia@correo.example\r\nIker;Goñi;iker@correo.example\r\n"


def told(data: bytes) -> tuple[str, str, int]:
    dialect = detect(data)
    return dialect.encoding, dialect.separator, dialect.start


def test_what_excel_writes_in_spain_is_told() -> None:
    assert told(HEAD.encode("cp1252")) == ("cp1252", ";", 0)
    assert told(HEAD.encode("utf-8-sig")) == ("utf-8", ";", 3)
    assert told(HEAD.replace(";", "\t").encode("utf-16")) == ("utf-16-le", "\t", 2)
    assert told(HEAD.encode("utf-16-be")) == ("utf-16-be", ";", 0)
    assert told(("sep=;\r\n" + HEAD).encode()) == ("utf-8", ";", 7)
    assert told(HEAD.replace(";", ",").encode()) == ("utf-8", ",", 0)


def test_a_comma_inside_cells_does_not_make_a_separator() -> None:
    assert told(b'Nombre;Precio\r\n"Garcia, Ana";"1,50"\r\nLuis;"2,75"\r\n') == ("utf-8", ";", 0)
    assert told(b"Email\r\nana@correo.example\r\n") == ("utf-8", ",", 0)


def test_a_character_cut_by_the_end_of_the_sample_is_no_other_encoding() -> None:
    text = ("a;b\n" + "ñ;ñ\n" * SAMPLE).encode()
    cut = next(n for n in (SAMPLE, SAMPLE + 1) if text[n - 1] == 0xC3)
    assert detect(text[:cut]).encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "empty_file"),
        (b" \r\n\r\n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"PK\x03\x04....", "not_csv"),
        (b"%PDF-1.7 ...", "not_csv"),
        (bytes(range(256)) * 20, "not_csv"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "not_csv"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(InvalidError) as refused:
        detect(data)
    assert [error.rule for error in refused.value.errors] == [rule]


# ------------------------------------------------------------------------------------------------------ piece by piece

CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00") | st.sampled_from(['"', "\n", "\r", ";", "ñ", "€"]),
    max_size=12,
)


def piece_by_piece(data: bytes, dialect: Dialect, size: int) -> list[Row]:
    """As the job reads: a piece of `size` bytes, twice as much where no row ends in it."""
    rows: list[Row] = []
    at, line = dialect.start, 1
    while at < len(data):
        length = size
        while True:
            piece = data[at : at + length]
            last = at + length >= len(data)
            taken = take_rows(piece, dialect, line=line, limit=3, last=last)
            if taken.size or last:
                break
            length *= 2
        rows += taken.rows
        at, line = at + taken.size, line + taken.lines
        if not taken.size:
            break
    return rows


@given(
    st.lists(st.lists(CELL, min_size=2, max_size=3), max_size=8),
    st.integers(2, 90),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
    st.sampled_from(["\r\n", "\n"]),
)
@example([["a\r\nb", "ñ"], ['"', ""], ["x", "y"]], 7, "utf-16-le", "\r\n")
@settings(max_examples=150, deadline=None)
def test_pieces_of_any_size_give_the_rows_of_the_whole(
    cells: list[list[str]], size: int, encoding: str, ending: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(cells)
    rows = piece_by_piece(text.getvalue().encode(encoding), Dialect(encoding, ";"), size)
    wanted = [tuple(row) for row in cells if any(cell.strip() for cell in row)]
    assert [row.cells for row in rows] == wanted
    assert all(row.broken is None for row in rows)


def test_lines_are_those_of_the_file() -> None:
    data = b'a;b\n\n1;"two\nlines"\n\n3;4\n'
    rows = take_rows(data, Dialect("utf-8", ";"), line=1, limit=9, last=True).rows
    assert [(row.line, row.cells) for row in rows] == [(1, ("a", "b")), (3, ("1", "two\nlines")), (6, ("3", "4"))]


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    data = b'a;b\n1;2\n"3;4\n5;6\n'
    rows = take_rows(data, Dialect("utf-8", ";"), line=1, limit=9, last=True).rows
    assert [(row.line, row.cells, row.broken) for row in rows] == [
        (1, ("a", "b"), None),
        (2, ("1", "2"), None),
        (3, ('"3;4',), "unclosed_quote"),
        (4, ("5", "6"), None),
    ]


# --------------------------------------------------------------------------------------------------------- the columns


@pytest.mark.parametrize(
    ("headers", "preset", "targets"),
    [
        (
            ["Email Address", "First Name", "Last Name", "Phone Number", "MEMBER_RATING", "OPTIN_TIME", "LEID", "EUID",
             "TAGS"],
            "mailchimp",
            ["email", "firstname", "lastname", "phone", None, None, None, None, "tags"],
        ),
        (
            ["ID de registro", "Nombre", "Apellidos", "Correo", "Número de teléfono móvil",
             "Propietario del contacto", "Fecha de creación", "Ciudad", "Código postal"],
            "hubspot",
            [None, "firstname", "lastname", "email", "mobile", "owner", None, "city", "postal_code"],
        ),
        (
            ["CONTACT ID", "EMAIL", "APELLIDOS", "NOMBRE", "SMS", "ADDED_TIME", "MODIFIED_TIME"],
            "brevo",
            [None, "email", "lastname", "firstname", "mobile", None, None],
        ),
        (
            ["uuid", "email", "name", "attributes", "status", "created_at", "updated_at"],
            "listmonk",
            [None, "email", "full_name", None, "do_not_email", None, None],
        ),
        (
            ["Saludo", "Nombre", "Apellidos", "Tel. Empresa", "Email", "No enviar email", "Asignado a", "Población"],
            "corebos",
            ["salutationtype", "firstname", "lastname", "phone", "email", "do_not_email", "owner", "city"],
        ),
        (["E-mail", "Vorname", "Ciudad"], None, ["email", None, "city"]),
    ],
)  # fmt: skip
def test_the_columns_of_known_products_are_recognised(
    headers: list[str], preset: str | None, targets: list[str | None]
) -> None:
    assert presets.told_preset(headers) == preset
    assert presets.propose(CONTACTS, headers, preset) == targets
    assert proposed_match(CONTACTS, targets) == "email"


def test_a_plan_says_what_is_wrong_with_each_column() -> None:
    plan = Plan(Dialect("utf-8", ";"), ("email", "nada", "original_leadsource", "email", None), "id", mode="update")
    with pytest.raises(InvalidError) as refused:
        check(plan, CONTACTS, 5)
    assert [(error.path, error.rule) for error in refused.value.errors] == [
        ("columns[1]", "unknown_field"),
        ("columns[2]", "readonly"),
        ("columns[3]", "twice"),
        ("match", "column_missing"),
    ]
    assert Plan.from_json(plan.to_json()) == plan


# ----------------------------------------------------------------------------------------------------------- the cells


@pytest.mark.parametrize(
    ("field", "cell", "style", "value"),
    [
        ("birthday", "03/12/1984", Style(), "1984-12-03"),
        ("birthday", "12/03/1984", Style(dates="mdy"), "1984-12-03"),
        ("birthday", "3-12-84", Style(), "1984-12-03"),
        ("birthday", "1984-12-03T00:00:00Z", Style(), "1984-12-03"),
        ("birthday", "31/02/1984", Style(), "31/02/1984"),
        ("do_not_email", "Sí", Style(), True),
        ("do_not_email", "unsubscribed", Style(), True),
        ("do_not_email", "2024-05-01 10:00:00", Style(), True),
        ("do_not_email", "enabled", Style(), False),
        ("do_not_email", "quizás", Style(), "quizás"),
        ("language", "español", Style(), "es"),
        ("language", "Spanish", Style(), "es"),
        ("leadsource", "feria", Style(), "Trade Show"),
        ("leadsource", "Trade Show", Style(), "Trade Show"),
        ("phone", "'+34 963 12 34 56", Style(), "+34 963 12 34 56"),
        ("city", "   ", Style(), None),
    ],
)
def test_cells_are_read_as_people_write_them(field: str, cell: str, style: Style, value: object) -> None:
    declared = CONTACTS.field(field)
    assert declared
    assert read_cell(declared, cell, style) == value


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("1.234,56 €", ",", "1234.56"),
        ("1.234", ",", "1234"),
        ("12,5", ",", "12.5"),
        ("1,234.56", ".", "1234.56"),
        ("-3,5", ",", "-3.5"),
        ("doce", ",", "doce"),
    ],
)
def test_numbers_follow_the_decimal_sign(cell: str, decimal: str, value: str) -> None:
    amount = modules.module("opportunities").field("amount")
    assert amount
    assert read_cell(amount, cell, Style(decimal)) == value


def test_many_in_a_cell_and_whole_names() -> None:
    assert split('"Clientes", VIP;  Feria 2026') == ["Clientes", "VIP", "Feria 2026"]
    assert names("Ana García López") == {"firstname": "Ana", "lastname": "García López"}
    assert names("Prince") == {"lastname": "Prince"}


@given(
    st.text(max_size=20)
    | st.builds(str.__add__, st.sampled_from(["=", "'", "'=", " @", "−", "\t"]), st.text(max_size=5))
)
def test_what_was_neutralised_comes_back(cell: str) -> None:
    assert formula.original(formula.neutral(cell)) == cell
    assert not formula.neutral(cell).lstrip().startswith(("=", "+", "-", "@", "＝"))
