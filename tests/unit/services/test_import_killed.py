"""An import that is killed, started twice or overtaken: every row is there once."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from gotero.domain.errors import ConflictError
from gotero.domain.job import Job
from gotero.domain.record import Record
from gotero.services import import_rows
from gotero.services.import_rows import import_step
from gotero.services.save_record import create_record
from gotero.services.work_job import go_on
from tests.unit.services.exchange_world import ExchangeWorld
from tests.unit.services.import_files import counts, imported, people, plain, refused
from tests.unit.services.office import BY_MARC, MARC


@pytest.fixture
def world() -> ExchangeWorld:
    return ExchangeWorld()


class Killed(Exception):
    """The worker is gone."""


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
