"""Before an import: what a rehearsal and a preview say, and which files are none."""

import json

import pytest

from gotero.domain.errors import ConflictError, InvalidError, NotFoundError
from gotero.domain.record import Ref
from gotero.services import import_rows
from gotero.services.import_file import announce, find_import, preview
from tests.unit.services.exchange_world import USER, ExchangeWorld
from tests.unit.services.import_files import COLUMNS, HEAD, IKER, LIA, counts, imported, people, plain


@pytest.fixture
def world() -> ExchangeWorld:
    return ExchangeWorld()


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_rows, "ROWS", 10)


@pytest.mark.usefixtures("small_steps")
def test_a_rehearsal_counts_as_the_import_would_and_writes_nothing(world: ExchangeWorld) -> None:
    imported(world, plain("p1@correo.example"))
    before = len(world.records.events)
    text = people(25) + "p3@correo.example;Otra\nroto;x\n"
    found = world.upload(text)
    rehearsed = world.work(world.begin(found, check=True, columns=["email", "lastname"], match="email"))
    assert (counts(rehearsed), len(world.records.events)) == ((24, 1, 1, 1), before)
    assert counts(world.work(world.begin(found, columns=["email", "lastname"], match="email"))) == (24, 1, 1, 1)


def test_what_a_rehearsal_carries_along_does_not_grow_with_the_square_of_the_file(
    world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_rows, "ROWS", 4)
    found = world.upload(people(400))
    job = world.work(world.begin(found, check=True, columns=["email", "lastname"], match="email"))
    carried = sum(len(body) for key, body in world.files.stored.items() if "/rehearsal/" in key)
    assert counts(job) == (400, 0, 0, 0)
    assert carried < 12 * 8 * 400, "a hundred steps of four rows would carry fifty times the digests of the file"


def test_a_preview_proposes_and_shows(world: ExchangeWorld) -> None:
    found = world.upload((HEAD + LIA + IKER + "x;y;roto;;;;\r\n").encode("cp1252"))
    seen = preview(world.importer, find_import(world.definer, found.id, USER), {}, USER, "es")
    assert seen["plan"]["columns"] == COLUMNS
    assert (seen["plan"]["encoding"], seen["plan"]["separator"], seen["plan"]["match"]) == ("cp1252", ";", "email")
    assert (seen["counts"]["new"], seen["counts"]["refused"], seen["complete"]) == (2, 1, True)
    assert [row["outcome"] for row in seen["rows"]] == ["new", "new", "refused"]
    assert seen["rows"][0]["values"]["leadsource"] == "Trade Show"
    assert seen["rows"][2]["errors"][0]["message"] == "Email: No es una dirección de email válida."
    assert world.records.events == []
    changed = preview(
        world.importer,
        found,
        {"columns": [None, "lastname", None, None, None, None, None], "match": "none"},
        USER,
        "en",
    )
    assert changed["counts"]["new"] == 3
    json.dumps(seen)


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02\x03" * 100, b"PK\x03\x04" + bytes(100)])
def test_what_is_no_table_is_refused_before_anything_is_written(world: ExchangeWorld, body: bytes) -> None:
    found = world.upload(body)
    for refuse in (
        lambda: preview(world.importer, found, {}, USER, "es"),
        lambda: world.begin(found, columns=["email"], match="email"),
    ):
        with pytest.raises(InvalidError):
            refuse()


def test_the_widest_header_fits_into_the_item_of_a_job(world: ExchangeWorld) -> None:
    header = ";".join(["email", *(f"{n}" + "\U0001f600" * 300 for n in range(499))])
    job = world.begin(world.upload(f"{header}\n"), columns=["email", *[None] * 499], match="email")
    assert len(json.dumps(job.params, ensure_ascii=False).encode()) < 300 * 1024


def test_a_thousand_columns_an_absent_file_a_foreign_import(world: ExchangeWorld) -> None:
    wide = ",".join(f"c{n}" for n in range(1000))
    with pytest.raises(InvalidError) as many:
        preview(world.importer, world.upload(f"{wide}\n{wide}\n"), {}, USER, "es")
    assert [e.rule for e in many.value.errors] == ["too_many_columns"]
    absent, _ = announce(world.definer, world.files, USER, "contacts", "x.csv", 10, None)
    with pytest.raises(ConflictError):
        preview(world.importer, absent, {}, USER, "es")
    other = world.define("imports", {"module": "contacts", "name": "x", "size": 1, "owner": "otra"})
    with pytest.raises(NotFoundError):
        find_import(world.definer, other.id, USER)
    assert world.memberships.of(Ref("contacts", "x")) == []
