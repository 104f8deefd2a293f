"""Imports: each row once, whatever dies in between; nobody comes back who does not want to be written to."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from gotero.domain.errors import ConflictError, InvalidError, NotFoundError
from gotero.domain.exchange.rows import MAX_ROW
from gotero.domain.job import Job
from gotero.domain.record import Record, Ref
from gotero.domain.suppression import Suppression
from gotero.ports import Definition
from gotero.services import import_rows
from gotero.services.import_file import announce, find_import, preview, refused_rows
from gotero.services.import_rows import import_step
from gotero.services.save_record import create_record, update_record
from gotero.services.work_job import go_on
from tests.unit.services.exchange_world import USER, ExchangeWorld
from tests.unit.services.office import BY_MARC, MARC

HEAD = "Nombre;Apellidos;Correo;Población;Origen;Etiquetas;Asignado a\r\n"
COLUMNS = ["firstname", "lastname", "email", "city", "leadsource", "tags", "owner"]
LIA = "Lía;Núñez;lia@correo.example;Valencia;Feria;VIP, Prensa;Marc Soler\r\n"
IKER = "Iker;Goñi;iker@correo.example;Bilbao;Twitter;;marc@huertaturia.example\r\n"


@pytest.fixture
def world() -> ExchangeWorld:
    return ExchangeWorld()


def plain(*emails: str) -> str:
    return "email;lastname\n" + "".join(f"{email};{email.partition('@')[0]}\n" for email in emails)


def imported(world: ExchangeWorld, text: str | bytes, **asked: Any) -> Job:
    job = world.run(text, columns=["email", "lastname"], match="email", **asked)
    assert job.state == "finished"
    return job


def counts(job: Job) -> tuple[int, int, int, int]:
    new, changed, unchanged, refused = (job.outcome[name] for name in ("new", "changed", "unchanged", "refused"))
    return new, changed, unchanged, refused


def refused(world: ExchangeWorld, job: Job) -> list[list[str]]:
    refused_rows(world.files, world.stored(job))
    text = world.files.stored[f"imports/{job.id}/refused.csv"].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=job.params["plan"]["separator"]))


def test_a_file_of_excel_becomes_contacts_with_their_cause(world: ExchangeWorld) -> None:
    found = world.upload((HEAD + LIA + IKER).encode("cp1252"))
    job = world.work(world.begin(found, columns=COLUMNS, match="email", tags=["Importados"]))
    assert (job.state, counts(job)) == ("finished", (2, 0, 0, 0))
    lia = world.by_email("lia@correo.example")
    assert (lia.values["firstname"], lia.values["lastname"], lia.values["city"]) == ("Lía", "Núñez", "Valencia")
    assert (lia.values["leadsource"], lia.owner, lia.tags) == ("Trade Show", MARC, ("VIP", "Prensa", "Importados"))
    assert {(e.cause.kind, e.cause.id) for e in world.records.events} == {("import", found.id)}
    assert sorted(str(e.cause.event) for e in world.records.events) == ["line 2", "line 3"]
    assert job.to_json()["progress"] == 1.0


def test_a_row_asks_nobody_who_the_users_are(world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    everybody = world.definitions.all

    def counted(kind: str) -> list[Definition]:
        asked.append(kind)
        return everybody(kind)

    monkeypatch.setattr(world.definitions, "all", counted)

    def asked_for(rows: int) -> int:
        asked.clear()
        imported(world, plain(*(f"{rows}.{n}@correo.example" for n in range(rows))))
        return len(asked)

    assert asked_for(40) == asked_for(10)


def test_upsert_leaves_what_is_blank_and_adds_tags(world: ExchangeWorld) -> None:
    world.run(HEAD + LIA + IKER, columns=COLUMNS, match="email")
    again = HEAD + "Lía;;LIA@correo.example;;;Clienta;\r\n" + IKER
    job = world.run(again, columns=COLUMNS, match="email")
    assert counts(job) == (0, 1, 1, 0)
    lia = world.by_email("lia@correo.example")
    assert (lia.values["lastname"], lia.values["city"]) == ("Núñez", "Valencia")
    assert lia.tags == ("VIP", "Prensa", "Clienta")


def test_rows_of_one_address_are_one_record(world: ExchangeWorld) -> None:
    text = "email;lastname\nana@correo.example;Uno\nANA@correo.example;Dos\nana@correo.example;Dos\n"
    job = imported(world, text)
    assert counts(job) == (1, 1, 1, 0)
    assert [r.values["lastname"] for r in world.all()] == ["Dos"]


def test_only_new_ones_only_known_ones(world: ExchangeWorld) -> None:
    imported(world, plain("ana@correo.example"))
    job = imported(world, plain("ana@correo.example", "eva@correo.example"), mode="create")
    assert (counts(job), job.outcome["reasons"]) == ((1, 0, 0, 1), {"email:exists": 1})
    job = imported(world, plain("eva@correo.example", "noa@correo.example"), mode="update")
    assert (counts(job), job.outcome["reasons"]) == ((0, 0, 1, 1), {"email:no_match": 1})


def test_records_are_recognised_by_number_or_id_too(world: ExchangeWorld) -> None:
    imported(world, plain("ana@correo.example"))
    world.project()
    (ana,) = world.all()
    text = f"numero,ciudad\n{ana.number},Soria\nCON-999,Ávila\n"
    job = world.run(text, columns=["number", "city"], match="number")
    assert (counts(job), job.outcome["reasons"]) == ((0, 1, 0, 1), {"number:not_found": 1})
    job = world.run(f"id,ciudad\n{ana.id},Teruel\nnada,Ávila\n", columns=["id", "city"], match="id")
    assert counts(job) == (0, 1, 0, 1)
    assert world.all()[0].values["city"] == "Teruel"


def test_relations_are_found_by_name_or_number(world: ExchangeWorld) -> None:
    world.run("name\nHuerta Turia\n", "accounts", columns=["accountname"], match="none")
    (account,) = world.all("accounts")
    world.project()
    text = f"email;a;c\na@b.example;A;huerta turia\nb@b.example;B;{account.number}\nc@b.example;C;Otra\n"
    job = world.run(text, columns=["email", "lastname", "account"], match="email")
    assert (counts(job), job.outcome["reasons"]) == ((2, 0, 0, 1), {"account:relation": 1})
    assert {r.values["account"] for r in world.all()} == {account.id}


# ------------------------------------------------------------------------------------------- who wants no mails


def test_nobody_is_brought_back(world: ExchangeWorld) -> None:
    imported(world, plain("ana@correo.example"))
    (ana,) = world.all()
    update_record(world.writer, ana.ref, {"do_not_email": True}, cause=BY_MARC)
    world.suppressions.add(Suppression("eva@correo.example", "complaint", "2026-01-01T00:00:00.000Z"))
    text = "email;lastname;baja\nana@correo.example;Nueva;no\neva@correo.example;Eva;no\nnoa@correo.example;Noa;no\n"
    job = world.run(text, columns=["email", "lastname", "do_not_email"], match="email")
    assert (counts(job), job.outcome["kept_out"]) == ((2, 1, 0, 0), 2)
    out = {r.values["email"]: r.values.get("do_not_email") for r in world.all()}
    assert out == {"ana@correo.example": True, "eva@correo.example": True, "noa@correo.example": False}
    assert list(world.suppressions.get_many(["eva@correo.example"])) == ["eva@correo.example"]


def test_members_come_by_import(world: ExchangeWorld) -> None:
    segment = world.define("segments", {"name": "Feria", "status": "Activo"}).id
    found = world.upload(plain("ana@correo.example", "eva@correo.example"))
    job = world.work(world.begin(found, columns=["email", "lastname"], match="email", segment=segment))
    (ana, eva) = world.all()
    for record in (ana, eva):
        (membership,) = world.memberships.of(record.ref)
        assert [(s.kind, s.id) for s in membership.sources] == [("import", found.id)]
    assert job.state == "finished"


# ------------------------------------------------------------------------------------------- refused rows


def test_refused_rows_come_back_with_line_and_reason(world: ExchangeWorld) -> None:
    text = (
        "correo;apellidos;origen\n"
        "ana@correo.example;Ana;Feria\n"
        'roto;"=1+1";Feria\n'
        "eva@correo.example;;Feria\n"
        "noa@correo.example;Noa;Luna\n"
        "a;b;c;de más\n"
        '"sin cerrar;x;y\n'
        "luz@correo.example;Luz;twitter\n"
    )
    job = world.run(text, columns=["email", "lastname", "leadsource"], match="email")
    assert counts(job) == (2, 0, 0, 5)
    assert refused(world, job) == [
        ["correo", "apellidos", "origen", "Línea", "Motivo"],
        ["roto", "'=1+1", "Feria", "3", "Email: No es una dirección de email válida."],
        ["eva@correo.example", "", "Feria", "4", "Apellidos: Este dato es obligatorio."],
        ["noa@correo.example", "Noa", "Luna", "5", "Origen de Pre-Contacto: «Luna» no es una de las opciones."],
        ["a", "b", "c", "de más", "6", "La fila tiene más celdas que las 3 columnas de la cabecera."],
        ['"sin cerrar;x;y', "", "", "7", "Se abren unas comillas que no se cierran."],
    ]
    assert {r.values["email"] for r in world.all()} == {"ana@correo.example", "luz@correo.example"}


def test_errors_are_not_given_before_the_end(world: ExchangeWorld) -> None:
    job = world.begin(world.upload(plain("ana@correo.example")), columns=["email", "lastname"], match="email")
    with pytest.raises(ConflictError):
        refused_rows(world.files, job)


def test_a_line_of_ten_megabytes_is_one_refused_row(world: ExchangeWorld) -> None:
    text = plain("ana@correo.example") + "x" * (10 * MAX_ROW) + "\n" + "eva@correo.example;Eva\n"
    job = imported(world, text)
    assert (counts(job), job.outcome["reasons"]) == ((2, 0, 0, 1), {":row_too_long": 1})
    assert [row[-2] for row in refused(world, job)[1:]] == ["3"]


# ------------------------------------------------------------------------------------------- killed


class Killed(Exception):
    """The worker is gone."""


def people(count: int) -> str:
    return plain(*(f"p{n}@correo.example" for n in range(count)))


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_rows, "ROWS", 10)


def attempts(world: ExchangeWorld, job: Job) -> Iterator[None]:
    """A new worker whenever the one before was killed, until the job ends."""
    for _ in range(500):
        with suppress(Killed):
            world.work(job)
        yield
        if world.stored(job).state == "finished":
            return


@pytest.mark.usefixtures("small_steps")
def test_killed_at_every_write_each_row_is_there_once(world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within steps: the worker dies after each of its writes, again and again."""
    create, alive = world.records.create, {"writes": 0}

    def and_die(record: Record, event: Any, keys: Any) -> None:
        create(record, event, keys)
        alive["writes"] += 1
        if alive["writes"] % 3 == 0:
            raise Killed

    monkeypatch.setattr(world.records, "create", and_die)
    job = world.begin(world.upload(people(45)), columns=["email", "lastname"], match="email")
    rounds = sum(1 for _ in attempts(world, job))
    assert rounds > 4
    assert counts(world.stored(job)) == (45, 0, 0, 0)
    assert sorted(r.values["email"] for r in world.all()) == sorted(f"p{n}@correo.example" for n in range(45))
    assert all(r.version == 1 for r in world.all())
    assert len(world.records.events) == 45


@pytest.mark.usefixtures("small_steps")
def test_killed_between_steps_each_row_is_there_once(world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The step is done and its job's item is not written: it is done again."""
    advance, steps = world.jobs.advance, {"begun": 0}

    def dies_every_other_time(job: Job) -> None:
        steps["begun"] += 1
        if steps["begun"] % 2:
            raise Killed
        advance(job)

    monkeypatch.setattr(world.jobs, "advance", dies_every_other_time)
    text = "email;lastname\n" + "".join(f"{'' if n % 5 else 'roto '}q{n}@correo.example;Q\n" for n in range(33))
    job = world.begin(world.upload(text), columns=["email", "lastname"], match="email")
    assert sum(1 for _ in attempts(world, job)) > 3
    done = world.stored(job)
    assert (counts(done), done.seen, done.total) == ((26, 0, 0, 7), 33, 33)
    assert len(world.all()) == 26
    assert len(refused(world, job)) == 8


def test_rows_without_an_address_are_made_once_too(world: ExchangeWorld) -> None:
    job = world.begin(world.upload("a;b\nUno;x\nDos;y\n"), columns=["lastname", "city"], match="none")
    for _ in range(3):
        import_step(world.importer, job)
    assert len(world.all()) == 2


def test_started_twice_it_is_one_job(world: ExchangeWorld) -> None:
    found = world.upload(plain("ana@correo.example"))
    first = world.begin(found, columns=["email", "lastname"], match="email")
    assert world.begin(found, columns=["email", "lastname"], match="email").id == first.id
    with pytest.raises(ConflictError):
        world.begin(found, columns=["email", None], match="email")
    go_on(world.line, first.id)
    assert counts(world.work(first)) == (1, 0, 0, 0)


def test_an_address_that_somebody_takes_meanwhile_is_his(world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    create = world.records.create

    def somebody_first(record: Record, event: Any, keys: Any) -> None:
        monkeypatch.setattr(world.records, "create", create)
        create_record(
            world.writer, "contacts", {"email": "ana@correo.example", "lastname": "Web"}, cause=BY_MARC, owner=MARC
        )
        create(record, event, keys)

    monkeypatch.setattr(world.records, "create", somebody_first)
    job = imported(world, plain("ana@correo.example"))
    assert counts(job) == (0, 1, 0, 0)
    assert [r.values["lastname"] for r in world.all()] == ["ana"]


# ------------------------------------------------------------------------------------------- rehearsal and preview


@pytest.mark.usefixtures("small_steps")
def test_a_rehearsal_counts_as_the_import_would_and_writes_nothing(world: ExchangeWorld) -> None:
    imported(world, plain("p1@correo.example"))
    before = len(world.records.events)
    text = people(25) + "p3@correo.example;Otra\nroto;x\n"
    found = world.upload(text)
    rehearsed = world.work(world.begin(found, check=True, columns=["email", "lastname"], match="email"))
    assert (counts(rehearsed), len(world.records.events)) == ((24, 1, 1, 1), before)
    assert counts(world.work(world.begin(found, columns=["email", "lastname"], match="email"))) == (24, 1, 1, 1)


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
