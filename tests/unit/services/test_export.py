"""Exports: every record of a filter, a search or a segment once, in a file that a spreadsheet can open safely."""

import csv
import io
from typing import Any

import pytest

from gotero.domain.errors import InvalidError, NotFoundError
from gotero.domain.job import Job
from gotero.domain.membership import Source
from gotero.domain.record import Record
from gotero.domain.user import User
from gotero.ports import LakeRow
from gotero.services import export_records
from gotero.services.export_records import Order, download, export_key, export_step, find_export, start_export
from gotero.services.save_record import create_record
from tests.unit.services.exchange_world import USER, ExchangeWorld
from tests.unit.services.office import BY_MARC, MARC


@pytest.fixture
def world() -> ExchangeWorld:
    return ExchangeWorld()


def contact(world: ExchangeWorld, **values: Any) -> Record:
    world.clock.move(seconds=1)
    tags = values.pop("tags", ())
    return create_record(
        world.writer, "contacts", {"lastname": "Núñez", **values}, cause=BY_MARC, owner=MARC, tags=tags
    )


def exported(world: ExchangeWorld, order: Order, language: Any = "es") -> list[list[str]]:
    job = start_export(world.exporter, world.line, order, USER, language, None)
    done = world.work(job)
    assert done.state == "finished"
    data = world.files.stored[export_key(job.id)]
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=order.separator))
    assert done.outcome["rows"] == len(rows) - 1
    return rows


def test_a_filter_with_chosen_columns(world: ExchangeWorld) -> None:
    lia = contact(world, firstname="Lía", leadsource="Trade Show", do_not_email=True, tags=["VIP", "Prensa"])
    contact(world, firstname="Iker", leadsource="Twitter")
    world.project()
    condition = {"field": "leadsource", "op": "is", "value": "Trade Show"}
    columns = ("number", "firstname", "leadsource", "do_not_email", "owner", "tags")
    order = Order("contacts", condition, columns=columns)
    head = ["Número", "Nombre", "Origen de Pre-Contacto", "No enviar email", "Asignado a", "Etiquetas"]
    assert exported(world, order) == [head, [lia.number, "Lía", "Feria", "Sí", "Marc Soler", "VIP, Prensa"]]
    english = Order("contacts", condition, columns=columns, separator=",", headers="id")
    assert exported(world, english, "en") == [
        list(columns),
        [lia.number, "Lía", "Trade Show", "Yes", "Marc Soler", "VIP, Prensa"],
    ]


def test_a_segment_and_a_search(world: ExchangeWorld) -> None:
    segment = world.define("segments", {"name": "Feria", "status": "Activo"})
    lia, iker = contact(world, firstname="Lía"), contact(world, firstname="Iker")
    world.project()
    source = Source("manual", MARC, "2026-11-21T09:00:00.000Z", BY_MARC).to_json()
    row = {"segment": segment.id, "module": "contacts", "record": iker.id, "since": source["since"]}
    data = {**row, "source": "manual", "sources": [source]}
    world.lake.append("members", [LakeRow(f"{segment.id}#{iker.ref}", 1, data)], source["since"])
    members = exported(world, Order("contacts", segment=segment.id, columns=("firstname",)))
    assert members == [["Nombre"], ["Iker"]]
    found = exported(world, Order("contacts", search="lia", columns=("id", "firstname")))
    assert found == [["ID", "Nombre"], [lia.id, "Lía"]]


def test_formulas_are_neutralised_and_an_import_gives_back_what_was(world: ExchangeWorld) -> None:
    risky = ["=1+1", "@SUM(1,1)", "-2+3", "'=1+1", "a;=1+1", "+34 600", "＝1+1"]
    for index, city in enumerate(risky):
        contact(world, city=city, email=f"p{index}@correo.example", phone="+34963123456")
    world.project()
    rows = exported(world, Order("contacts", columns=("email", "city", "phone")))
    assert [row[1] for row in rows[1:]] == ["'=1+1", "'@SUM(1,1)", "'-2+3", "''=1+1", "a;=1+1", "'+34 600", "'＝1+1"]
    file = next(data for key, data in world.files.stored.items() if key.startswith("exports/"))
    job = world.run(file, columns=["email", "city", "phone"], match="email")
    assert job.outcome["unchanged"] == len(risky)


def test_a_large_export_goes_in_parts_and_a_repeated_step_changes_nothing(
    world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_records, "PAGE", 7)
    monkeypatch.setattr(export_records, "ROWS", 5)
    monkeypatch.setattr(export_records, "PART_BYTES", 300)
    monkeypatch.setattr("gotero.adapters.memory.files.PART_BYTES", 300)
    made = [contact(world, firstname=f"Persona {n}").number for n in range(50)]
    world.project()
    order = Order("contacts", columns=("number", "firstname", "lastname"))
    job = start_export(world.exporter, world.line, order, USER, "es", "once")
    steps = []

    def twice(job: Job) -> Any:
        steps.append(job.turn)
        assert export_step(world.exporter, job).position == export_step(world.exporter, job).position or not job.turn
        return export_step(world.exporter, job)

    world.kinds = {export_records.EXPORT: twice}
    done = world.work(job)
    assert (done.state, done.outcome, done.total) == ("finished", {"rows": 50}, 50)
    assert len(steps) > 3
    text = world.files.stored[export_key(job.id)].decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text, newline=""), delimiter=";")][1:] == made


def test_what_is_not_there_is_refused_and_a_file_is_its_makers_alone(world: ExchangeWorld) -> None:
    wrong = Order("contacts", {"field": "nada", "op": "is", "value": 1}, columns=("nada",), segment="x", separator="^")
    with pytest.raises(InvalidError) as refused:
        start_export(world.exporter, world.line, wrong, USER, "es", None)
    assert [(e.path, e.rule) for e in refused.value.errors] == [
        ("columns[0]", "unknown_field"),
        ("separator", "choice"),
        ("segment", "one_of"),
        ("segment", "not_found"),
    ]
    job = start_export(world.exporter, world.line, Order("contacts"), USER, "es", None)
    assert download(world.files, find_export(world.line, job.id, USER)) is None
    world.work(job)
    url = download(world.files, find_export(world.line, job.id, USER))
    assert url == f"https://files.example/exports/{job.id}.csv?name=Contactos.csv"
    with pytest.raises(NotFoundError):
        find_export(world.line, job.id, User("otra", "Otra", "o@correo.example", "admin"))
