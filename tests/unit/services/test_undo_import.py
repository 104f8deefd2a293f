"""An import is taken back: what it changed is as before, what it made is in the bin, what was changed since stays."""

from dataclasses import replace
from typing import Any

import pytest

from gotero.adapters.memory.assignments import MemoryAssignments
from gotero.adapters.memory.queue import MemoryQueue
from gotero.domain.job import Job
from gotero.domain.record import Ref
from gotero.services import import_rows
from gotero.services.assign import Drips
from gotero.services.bin_record import Bin
from gotero.services.import_row import work_row
from gotero.services.mass_change import UNDO_NOTE, Mass, note_of
from gotero.services.save_record import create_record, update_record
from gotero.services.undo_job import start_undo, undo_kinds
from gotero.services.work_job import fail_job, work_job
from tests.unit.services.exchange_world import ExchangeWorld
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.person_house import House
from tests.unit.services.post_office import PostOffice

COLUMNS = ["email", "lastname", "city"]
FILE = "email;lastname;city\nana@x.example;Roca;Soria\neva@x.example;Gil;Soria\nnew@x.example;Nova;Soria\n"


@pytest.fixture
def world() -> ExchangeWorld:
    world = ExchangeWorld()
    for name in ("ana", "eva"):
        person(world, name)
    return world


def person(world: ExchangeWorld, name: str) -> Ref:
    values = {"lastname": "Antes", "email": f"{name}@x.example", "city": "Lugo"}
    return create_record(world.writer, "contacts", values, cause=BY_MARC, owner=MARC).ref


def undo(world: ExchangeWorld, job: Job) -> Job:
    drips = Drips(
        MemoryAssignments(),
        world.due_index,
        MemoryQueue(),
        world.definitions,
        world.records,
        world.clock,
    )
    mass = Mass(Bin(world.writer, world.due_index), world.lake, world.log, world.line, world.memberships, drips)
    made = start_undo(mass, job.id, user_id=MARC)
    work_job(world.line, undo_kinds(mass), made.id, lambda: 600.0)
    return world.stored(made)


def told(world: ExchangeWorld) -> dict[str, tuple[Any, Any]]:
    alive = [record for record in world.all() if not record.deleted_at]
    return {r.values["email"][:3]: (r.values["lastname"], r.values["city"]) for r in alive}


def test_what_it_changed_is_as_before_and_what_it_made_is_in_the_bin(world: ExchangeWorld) -> None:
    job = world.run(FILE, columns=COLUMNS, match="email", tags=["Feria"])
    assert told(world) == {"ana": ("Roca", "Soria"), "eva": ("Gil", "Soria"), "new": ("Nova", "Soria")}
    undone = undo(world, job)
    assert (undone.state, undone.outcome["changed"], undone.outcome["failed"]) == ("finished", 3, 0)
    assert told(world) == {"ana": ("Antes", "Lugo"), "eva": ("Antes", "Lugo")}
    assert {tag for record in world.all() if not record.deleted_at for tag in record.tags} == set()
    assert job.to_json()["module"] == "contacts" and job.outcome["undo_until"]


def test_what_was_changed_since_is_left_alone_and_counted(world: ExchangeWorld) -> None:
    job = world.run(FILE, columns=COLUMNS, match="email")
    ana, new = world.by_email("ana@x.example").ref, world.by_email("new@x.example").ref
    update_record(world.writer, ana, {"city": "Teruel"}, cause=BY_MARC)
    update_record(world.writer, new, {"lastname": "Novísima"}, cause=BY_MARC)
    undone = undo(world, job)
    assert (undone.outcome["changed"], undone.outcome["failed"]) == (1, 2)
    left = {e["id"]: (e["rule"], e["fields"]) for e in undone.outcome["errors"]}
    assert left == {ana.id: ("changed_since", "city"), new.id: ("changed_since", "lastname")}
    assert told(world) == {"ana": ("Antes", "Teruel"), "eva": ("Antes", "Lugo"), "new": ("Novísima", "Soria")}


def test_a_record_named_twice_is_as_before_the_first(world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_rows, "ROWS", 1)
    text = "email;lastname;city\n" + "".join(f"{who}@x.example;{n};Soria\n" for n in "AB" for who in ("ana", "new"))
    job = world.run(text, columns=COLUMNS, match="email")
    assert job.turn > 3
    assert told(world)["ana"] == ("B", "Soria")
    assert undo(world, job).outcome["failed"] == 0
    assert told(world) == {"ana": ("Antes", "Lugo"), "eva": ("Antes", "Lugo")}


@pytest.mark.parametrize("resumed", [True, False])
def test_killed_half_way_nothing_is_lost(world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch, resumed: bool) -> None:
    job = world.begin(world.upload(FILE), columns=COLUMNS, match="email")
    write, written = work_row, list[str]()

    def dying(here: Any, draft: Any, hands: Any) -> Any:
        if hands.records._rehearsal:
            return write(here, draft, hands)
        if written:
            raise KeyboardInterrupt
        written.append(draft.named)
        return write(here, draft, hands)

    with monkeypatch.context() as patch:
        patch.setattr(import_rows, "work_row", dying)
        with pytest.raises(KeyboardInterrupt):
            world.work(job)
    assert told(world) == {"ana": ("Roca", "Soria"), "eva": ("Antes", "Lugo")}
    if resumed:
        job = world.work(job)
        assert told(world)["new"] == ("Nova", "Soria")
    else:
        fail_job(world.line, job.id, "gone")
    undo(world, world.stored(job))
    assert told(world) == {"ana": ("Antes", "Lugo"), "eva": ("Antes", "Lugo")}


def test_what_is_noted_of_somebody_goes_when_they_are_erased() -> None:
    house = House(PostOffice())
    world, post = ExchangeWorld(), house.post
    values = {"lastname": "Antes", "email": "ana@x.example", "city": "calle-secreta"}
    ref = create_record(post.writer, "contacts", values, cause=BY_MARC, owner=MARC).ref
    world.importer = replace(world.importer, writer=post.writer, log=house.log)
    world.line, world.definer = post.job_line, replace(world.definer, definitions=post.definitions)
    world.jobs = post.jobs
    world.renew()
    house.project()
    job = world.run(FILE, columns=COLUMNS, match="email")
    house.project()
    rows = house.log.read(job.id, note_of(UNDO_NOTE, 0))
    assert rows and "calle-secreta" in repr(rows)
    house.erase(ref)
    rows = house.log.read(job.id, note_of(UNDO_NOTE, 0))
    assert rows and len(rows) == 2 and "calle-secreta" not in repr(rows)
