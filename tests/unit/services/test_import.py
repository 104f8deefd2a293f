"""An import: rows become records with their cause, and what is refused comes back with its line."""

import pytest

from gotero.domain.errors import ConflictError
from gotero.domain.exchange.rows import MAX_ROW
from gotero.domain.suppression import Suppression
from gotero.ports import Definition
from gotero.services.import_file import refused_rows
from gotero.services.save_record import update_record
from tests.unit.services.exchange_world import ExchangeWorld
from tests.unit.services.import_files import COLUMNS, HEAD, IKER, LIA, counts, imported, plain, refused
from tests.unit.services.office import BY_MARC, MARC


@pytest.fixture
def world() -> ExchangeWorld:
    return ExchangeWorld()


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


def test_refused_rows_come_back_with_line_and_reason(world: ExchangeWorld) -> None:
    text = (
        "correo;apellidos;origen;nacido\n"
        "ana@correo.example;Ana;Feria;14/03/1985\n"
        'roto;"=1+1";Feria\n'
        "eva@correo.example;;Feria\n"
        "noa@correo.example;Noa;Luna\n"
        "a;b;c;;=de;más\n"
        '"sin cerrar;x;y\n'
        "luz@correo.example;Luz;twitter\n"
        "pau@correo.example;Pau;;03/14/1985\n"
    )
    job = world.run(text, columns=["email", "lastname", "leadsource", "birthday"], match="email")
    assert counts(job) == (2, 0, 0, 6)
    assert refused(world, job) == [
        ["correo", "apellidos", "origen", "nacido", "Línea", "Motivo"],
        ["roto", "'=1+1", "Feria", "", "3", "Email: No es una dirección de email válida."],
        ["eva@correo.example", "", "Feria", "", "4", "Apellidos: Este dato es obligatorio."],
        ["noa@correo.example", "Noa", "Luna", "", "5", "Origen de Pre-Contacto: «Luna» no es una de las opciones."],
        ["a", "b", "c", "", "6", "La fila tiene más celdas que las 4 columnas de la cabecera.", "'=de", "más"],
        ['"sin cerrar;x;y', "", "", "", "7", "Se abren unas comillas que no se cierran."],
        [
            "pau@correo.example",
            "Pau",
            "",
            "03/14/1985",
            "9",
            "Fecha de Nacimiento: No es una fecha válida (día/mes/año).",
        ],
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
