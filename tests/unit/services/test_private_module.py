"""What a user who sees a part of a module brings in, takes away and writes to: that part."""

import csv
import io
from typing import Any

import pytest

from gotero.domain.audience import Audience, FilterPart
from gotero.domain.errors import InvalidError
from gotero.domain.job import Job
from gotero.domain.record import Record, Ref
from gotero.domain.visibility import Sight
from gotero.services.export_records import Order, export_key, start_export
from gotero.services.import_rows import part_key
from gotero.services.save_record import create_record
from gotero.services.see_audience import seen_audience
from tests.unit.services.exchange_world import USER, ExchangeWorld
from tests.unit.services.office import BY_MARC, MARC


@pytest.fixture
def world() -> ExchangeWorld:
    """Contacts are private, and Marc sees his own."""
    world = ExchangeWorld()
    world.define("settings", {"private": ["contacts"], "shares": []}, "visibility")
    world.define("users", {"name": "Inés", "email": "ines@huertaturia.example", "role": "marketer"}, "ines")
    return world


def contact(world: ExchangeWorld, owner: str, **values: Any) -> Record:
    world.clock.move(seconds=1)
    return create_record(world.writer, "contacts", {"lastname": "Núñez", **values}, cause=BY_MARC, owner=owner)


def refused(world: ExchangeWorld, job: Job) -> str:
    return world.files.stored[part_key(job.id, 1)].decode()


def test_an_import_changes_what_is_seen_and_makes_what_is_ones_own(world: ExchangeWorld) -> None:
    mine, hidden = contact(world, MARC, email="mia@correo.example"), contact(world, "ines", email="suya@correo.example")
    text = "Apellidos;Correo\nUna;mia@correo.example\nOtra;suya@correo.example\nNueva;nueva@correo.example\n"
    for check in (True, False):
        job = world.run(text, check=check, columns=["lastname", "email"], match="email")
        counts = {name: job.outcome[name] for name in ("changed", "new", "refused")}
        assert counts == {"changed": 1, "new": 1, "refused": 1}
        assert job.outcome["reasons"] == {"email:unique_hidden": 1}
    assert world.records.get(hidden.ref) == hidden
    assert world.records.get(mine.ref).values["lastname"] == "Una"  # type: ignore[union-attr]
    assert world.by_email("nueva@correo.example").owner == MARC
    assert "Ya lo tiene otro registro, que no puedes ver." in refused(world, job)
    assert hidden.id not in refused(world, job) and hidden.number not in refused(world, job)


@pytest.mark.parametrize("mode", ["create", "update"])
def test_whichever_mode_says_no_more_of_a_hidden_record(world: ExchangeWorld, mode: str) -> None:
    hidden = contact(world, "ines", email="suya@correo.example")
    job = world.run(
        "Apellidos;Correo\nOtra;suya@correo.example\n", columns=["lastname", "email"], match="email", mode=mode
    )
    assert job.outcome["reasons"] == {"email:unique_hidden": 1}
    assert world.records.get(hidden.ref) == hidden


@pytest.mark.parametrize("match", ["id", "number"])
def test_a_hidden_record_is_named_in_vain(world: ExchangeWorld, match: str) -> None:
    hidden = contact(world, "ines")
    world.project()
    job = world.run(f"X;Apellidos\n{getattr(hidden, match)};Otra\n", columns=[match, "lastname"], match=match)
    none = world.run("X;Apellidos\n01m805xtgf0h0twcn7cd7e6wcx;Otra\n", columns=[match, "lastname"], match=match)
    assert job.outcome["reasons"] == none.outcome["reasons"] == {f"{match}:not_found": 1}


def test_nothing_is_made_that_its_maker_would_not_see(world: ExchangeWorld) -> None:
    text = "Apellidos;De\nUna;ines@huertaturia.example\nOtra;marc@huertaturia.example\n"
    job = world.run(text, columns=["lastname", "owner"])
    assert (job.outcome["new"], job.outcome["reasons"]) == (1, {"owner:owner_hidden": 1})
    with pytest.raises(InvalidError) as error:
        world.run("Apellidos\nUna\n", columns=["lastname"], owner="ines")
    assert [(e.path, e.rule) for e in error.value.errors] == [("owner", "owner_hidden")]


def test_a_row_whose_record_went_to_somebody_else_meanwhile_is_not_made_twice(world: ExchangeWorld) -> None:
    job = world.begin(world.upload("Apellidos\nUna\n"), columns=["lastname"])
    step = next(iter(world.kinds.values()))
    step(job)
    (made,) = world.all()
    world.records._records[made.ref] = made.changed({}, at=made.updated_at, owner="ines")
    done = world.work(job)
    assert (done.state, done.outcome["new"], len(world.all())) == ("finished", 1, 1)


def test_an_export_holds_what_is_seen_and_no_name_that_is_not(world: ExchangeWorld) -> None:
    contact(world, "ines", email="suya@correo.example", firstname="Oculta")
    mine = contact(world, MARC, email="mia@correo.example", firstname="Mía")
    event = create_record(
        world.writer, "opportunities", {"name": "Caja", "contact": world.all()[0].id}, cause=BY_MARC, owner=MARC
    )
    world.project()
    for order, wanted in (
        (Order("contacts", columns=("email",)), ["mia@correo.example"]),
        (Order("opportunities", columns=("contact",)), [event.values["contact"]]),
    ):
        job = world.work(start_export(world.exporter, world.line, order, USER, "es", None))
        text = world.files.stored[export_key(job.id)].decode("utf-8-sig")
        assert [row[0] for row in csv.reader(io.StringIO(text), delimiter=";")][1:] == wanted
    assert mine.owner == MARC


def test_a_send_reaches_of_filters_and_of_everybody_those_who_are_seen(world: ExchangeWorld) -> None:
    sight = Sight({"contacts": frozenset({MARC})})
    owned = {"field": "owner", "op": "is_one_of", "value": [MARC]}
    mine, hidden = contact(world, MARC).ref, contact(world, "ines").ref
    some = {"field": "city", "op": "is", "value": "Valencia"}
    asked = Audience(("s1",), filters=(FilterPart("contacts", some), FilterPart("leads", some)), records=(mine,))
    seen = seen_audience(sight, world.records, asked)
    assert (seen.segments, seen.records) == (("s1",), (mine,))
    assert [part.condition for part in seen.filters] == [{"all": [some, owned]}, some]
    everybody = seen_audience(sight, world.records, Audience(everyone=True))
    assert not everybody.everyone
    assert {part.module: part.condition for part in everybody.filters}["contacts"] == {"all": [{"all": []}, owned]}
    with pytest.raises(InvalidError) as error:
        seen_audience(sight, world.records, Audience(records=(mine, hidden, Ref("leads", "nobody"))))
    assert [(e.path, e.rule) for e in error.value.errors] == [
        ("audience.records[1]", "not_found"),
        ("audience.records[2]", "not_found"),
    ]
    assert seen_audience(Sight(), world.records, Audience(records=(hidden,))).records == (hidden,)
