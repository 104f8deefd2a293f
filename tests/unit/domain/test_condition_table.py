"""Every operator on every field, with every operand of a pool, over every value of a pool: here and in DuckDB."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gotero.domain import condition as conditions
from gotero.domain.condition import OPERATORS, Condition, operators_of
from gotero.domain.condition.periods import PERIODS
from gotero.domain.modules import SYSTEM_FIELDS, Field
from tests.unit.domain.condition_world import MODULES, OPTIONS, OTHER_IDS, OTHERS, THINGS, Lake, a_view

WORDS = [
    "a",
    "Ab",
    "aB",
    "ba",
    "a_b",
    "50%",
    "Ñandú",
    "ñANDÚ",
    "ΣΑΣ",
    "σας",
    "İs",
    "is",
    "Straße",
    "strasse",
    "日本",
]
DAYS = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2027-11-22", "1988-02-29", "2027-02-28", "1985-03-01"]
INSTANTS = [
    "2026-11-20T22:59:59.999Z",
    "2026-11-20T23:00:00.000Z",
    "2026-11-20T23:30:00.000Z",
    "2026-11-21T22:59:59.999Z",
    "2026-11-21T23:00:00.000Z",
    "2026-11-21T23:30:00.000Z",
    "2026-11-21T23:30:00.001Z",
    "2026-11-22T23:30:00.000Z",
    "2026-11-22T23:00:00.000Z",
]
AMOUNTS = ["0.00", "0.10", "0.30", "12.50", "-3.25", "9.50", "10.00", "1000000.00"]
POOLS: dict[str, list[Any]] = {
    "phone": ["+34963123456", "+34600000000", "+5255123"],
    "integer": [-3, 0, 1, 2, 10, 2**53 - 1],
    "decimal": AMOUNTS,
    "currency": AMOUNTS,
    "percent": AMOUNTS,
    "boolean": [True, False],
    "date": DAYS,
    "datetime": INSTANTS,
    "time": ["00:00", "09:00", "09:30", "23:59"],
    "picklist": list(OPTIONS),
    "multipicklist": [["Twitter"], ["Twitter", "Web Site"], ["Trade Show"], list(OPTIONS), []],
    "relation": list(OTHER_IDS),
}
TAGS = [["VIP"], ["vip", "Ñ"], ["ñ"], []]
#: Just after midnight of the 22nd in Madrid; and the last day of February, of a common and of a leap year.
NOWS = [
    datetime(2026, 11, 21, 23, 30, tzinfo=UTC),
    datetime(2027, 2, 28, 12, tzinfo=UTC),
    datetime(2028, 2, 28, 12, tzinfo=UTC),
]
MADRID = ZoneInfo("Europe/Madrid")
PATHS = [(f.id, f) for f in (*THINGS.fields, *SYSTEM_FIELDS)] + [(f"other.{f.id}", f) for f in OTHERS.fields]


def pool(field: Field) -> list[Any]:
    if field.type == "longtext":
        return [*WORDS, "x\ny"]
    return TAGS if field.id == "tags" else POOLS.get(field.type, WORDS)


def rows(fields: tuple[Field, ...], count: int) -> list[dict[str, Any]]:
    """Row i holds the i-th value of each field's pool; beyond its pool a field is missing, or empty."""
    made = []
    for index in range(count):
        values: dict[str, Any] = {}
        for field in fields:
            if index < len(pool(field)):
                values[field.id] = pool(field)[index]
            elif field.type in ("text", "picklist") and index % 2:
                values[field.id] = ""
        made.append(values)
    return made


def operands(field: Field, kind: str) -> list[Any]:
    values = pool(field)
    if field.type == "multipicklist":
        values = ["VIP", "ñ"] if field.id == "tags" else list(OPTIONS)
    if field.type == "datetime":
        values = [*values, "2026-11-21", "2026-11-22"]
    pools: dict[str, list[Any]] = {
        "none": [None],
        "value": values,
        "part": ["a", "B", "%", "_", "ñ", "σ", "twi", "i", "3 4"],
        "range": [[low, high] for low in values[:3] for high in values],
        "values": [values[:1], values[1:3], values],
        "pattern": ["a", "^a", "b$", "a.b", "[a-b]{2}", "ñ|σ", r"\d", r"^\w+$", r"\s", "."],
        "days": [0, 1, 2, 365],
        "hours": [0, 1, 24],
        "month_day": ["02-28", "02-29", "11-21"],
        "period": list(PERIODS),
        "years": [0, 1, 38, 150],
        "ages": [[0, 0], [40, 36], [0, 150]],
    }
    return pools[kind]


def conditions_on(path: str, field: Field) -> Iterator[Condition]:
    for name in operators_of(field):
        if OPERATORS[name].past is None:
            for operand in operands(field, OPERATORS[name].operand):
                if isinstance(operand, str) and operand.strip() != operand:
                    continue
                leaf = {"field": path, "op": name, "value": operand}
                yield conditions.parse(leaf, THINGS, MODULES, context="filter")


@pytest.fixture(scope="module")
def others() -> dict[str, dict[str, Any]]:
    made = rows((*OTHERS.fields, *SYSTEM_FIELDS), 20)
    return {f"{index:026d}": {**row, "id": f"{index:026d}"} for index, row in enumerate(made, start=1)}


@pytest.fixture(scope="module")
def things(others: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Each points to another one; the last but one to nothing that is there, the last to nothing."""
    made = rows((*THINGS.fields, *SYSTEM_FIELDS), len(others) + 2)
    pointed = [*others, "0" * 25 + "z", None]
    return [{**row, "id": str(i), "other": other} for i, (row, other) in enumerate(zip(made, pointed, strict=True))]


@pytest.fixture(scope="module")
def lake(things: list[dict[str, Any]], others: dict[str, dict[str, Any]]) -> Lake:
    lake = Lake()
    lake.fill("others", list(others.values()))
    lake.fill("things", things)
    return lake


@pytest.mark.parametrize(("path", "field"), PATHS, ids=[path for path, _ in PATHS])
def test_every_operator_means_the_same_here_and_in_the_lake(
    lake: Lake, things: list[dict[str, Any]], others: dict[str, Any], path: str, field: Field
) -> None:
    asked = list(conditions_on(path, field))
    for now in NOWS if path in ("date", "birthday", "datetime") else NOWS[:1]:
        found = lake.verdicts(asked, now, MADRID)
        for thing in things:
            view = a_view(thing, others, now, MADRID)
            here = [conditions.decide(condition, view) for condition in asked]
            wrong = [
                (condition.to_json(), thing.get(path), in_lake)
                for condition, mine, in_lake in zip(asked, here, found[thing["id"]], strict=True)
                if mine is not in_lake
            ]
            assert wrong == []
