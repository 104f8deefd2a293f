"""Other people's hostile cells, through an import and out through an export again."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from gotero.domain.exchange import formula
from gotero.services.export_records import Order, export_key, start_export
from tests.unit.services.exchange_world import USER, ExchangeWorld

CASES = Path(__file__).parents[3] / "shared" / "cases"
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−")


def cases(name: str, key: str) -> list[Any]:
    file = CASES / name
    if not file.exists():
        pytest.skip(f"{name} is not here")
    return list(json.loads(file.read_text(encoding="utf-8"))[key])


def table(cells: list[str]) -> bytes:
    """A file with one cell a row, the address beside it."""
    head = b"email;lastname;description\r\n"
    rows = ([f"p{n}@correo.example", "X", cell] for n, cell in enumerate(cells))
    return head + formula.write_rows(rows, ";")


def exported(world: ExchangeWorld) -> list[list[str]]:
    world.project()
    job = start_export(
        world.exporter, world.line, Order("contacts", columns=("email", "description")), USER, "es", None
    )
    world.work(job)
    text = world.files.stored[export_key(job.id)].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


def test_no_exported_cell_begins_a_formula_and_every_one_comes_back() -> None:
    cells = [case["cell"] for case in cases("csv_injection.json", "cells")]
    for cell in cells:
        safe = formula.neutral(cell)
        assert not safe.strip(" ").startswith(TRIGGERS), cell
        assert formula.original(safe) == cell
    world = ExchangeWorld()
    job = world.run(
        table([formula.neutral(cell) for cell in cells]), columns=["email", "lastname", "description"], match="email"
    )
    assert job.outcome["new"] + job.outcome["refused"] == len(cells)
    out = exported(world)
    assert len(out) == job.outcome["new"]
    assert [cell for row in out for cell in row if cell.strip(" ").startswith(TRIGGERS)] == []


def test_naughty_strings_are_kept_as_they_are_or_refused_by_name() -> None:
    strings = [str(each) for each in cases("naughty_strings.json", "strings")]
    world = ExchangeWorld()
    job = world.run(table(strings), columns=["email", "lastname", "description"], match="email")
    assert job.state == "finished"
    assert job.outcome["new"] + job.outcome["refused"] == len(strings)
    assert set(job.outcome["reasons"]) <= {"description:control_characters", "description:unicode"}
    for n, string in enumerate(strings):
        found = [r for r in world.all() if r.values["email"] == f"p{n}@correo.example"]
        kept = found[0].values.get("description", "") if found else None
        assert kept is None or kept.strip() in (string.strip(), formula.original(string).strip()) or not kept


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le"])
def test_naughty_strings_in_other_encodings_never_break_a_job(encoding: str) -> None:
    strings = [str(each) for each in cases("naughty_strings.json", "strings")]
    world = ExchangeWorld()
    data = table(strings).decode().encode(encoding, "replace")
    job = world.run(data, columns=["email", "lastname", "description"], match="email", encoding=encoding, separator=";")
    assert (job.state, job.outcome["new"] + job.outcome["refused"]) == ("finished", len(strings))
