"""One language, three readers: for any records and any condition, deciding, explaining and the lake's SQL agree."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gotero.domain import condition as conditions
from gotero.domain.condition import OPERATORS, Condition, operators_of
from gotero.domain.condition.periods import PERIODS
from gotero.domain.errors import InvalidError
from gotero.domain.modules import SYSTEM_FIELDS, Field
from tests.unit.domain.condition_world import MODULES, OPTIONS, OTHER_IDS, OTHERS, THINGS, Lake, a_view

TEXTS = st.sampled_from(
    [
        "Twitter",
        "twitter",
        "TWITTER feed",
        "Ñandú",
        "ÑANDÚ",
        "ΣΑΣ",
        "σας",
        "İstanbul",
        "a",
        "ab",
        "a_b",
        "50%",
        "%",
        "_",
        "x'; DROP TABLE things; --",
        '"',
        "two\nlines",
        "Straße",
        "STRASSE",
        "日本",
        "100",
        "+34963123456",
    ]
) | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=4)
DATES = st.dates(datetime(2023, 1, 1).date(), datetime(2029, 12, 31).date()).map(lambda d: d.isoformat()) | (
    st.sampled_from(["2026-11-20", "2026-11-21", "2026-11-22", "1988-02-29", "1985-11-21", "2028-02-28", "2027-02-28"])
)
INSTANTS = st.datetimes(datetime(2026, 11, 19), datetime(2026, 11, 24)).map(
    lambda d: d.isoformat(timespec="milliseconds") + "Z"
) | st.sampled_from(["2026-11-20T23:00:00.000Z", "2026-11-21T22:59:59.999Z", "2026-11-21T12:00:00.000Z"])
NUMBERS = st.integers(-3, 3)
AMOUNTS = st.sampled_from(["0.00", "0.10", "12.50", "-3.25", "1000000.00", "0.30", "2"])
BY_TYPE: Mapping[str, st.SearchStrategy[Any]] = {
    "integer": NUMBERS,
    "decimal": AMOUNTS,
    "currency": AMOUNTS,
    "percent": AMOUNTS,
    "boolean": st.booleans(),
    "date": DATES,
    "datetime": INSTANTS,
    "time": st.sampled_from(["00:00", "09:00", "09:30", "23:59"]),
    "picklist": st.sampled_from(OPTIONS),
    "multipicklist": st.lists(st.sampled_from(OPTIONS), max_size=3, unique=True),
    "relation": st.sampled_from(OTHER_IDS),
}
PATTERNS = st.sampled_from(
    ["twi", "^t", "r$", "a|b", "[a-z]{2}", r"\d+", "(a|aa)+$", r"\w+_\w", ".", "^$", "ñ", "σ", r"\s", "[^a]", "a.?b"]
)
NOW = st.sampled_from(
    [
        datetime(2026, 11, 21, 12, tzinfo=UTC),
        datetime(2026, 11, 21, 23, 30, tzinfo=UTC),
        datetime(2027, 2, 28, 12, tzinfo=UTC),
        datetime(2028, 2, 28, 12, tzinfo=UTC),
        datetime(2028, 2, 29, 12, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ]
)
ZONES = st.sampled_from(["UTC", "Europe/Madrid", "Asia/Tokyo", "America/Havana", "Pacific/Apia"]).map(ZoneInfo)
PRESENT = {id for id, operator in OPERATORS.items() if operator.past is None}


def values_of(field: Field) -> st.SearchStrategy[Any]:
    return BY_TYPE.get(field.type, TEXTS)


def rows(module: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Values of some of the fields; the others are missing, or empty in one way or another."""
    system = {
        "number": st.sampled_from(["CON-1", "CON-2"]),
        "owner": st.sampled_from(["u1", "u2"]),
        "tags": st.lists(st.sampled_from(["VIP", "vip", "Ñ"]), max_size=2),
        "created_at": INSTANTS,
        "updated_at": INSTANTS,
        "created_by": st.just("u1"),
    }
    fields = {f.id: values_of(f) | st.none() for f in module.fields}
    texts = {f.id: values_of(f) | st.sampled_from([None, ""]) for f in module.fields if f.type in ("text", "picklist")}
    return st.fixed_dictionaries({}, optional={**fields, **texts, **system})


def operands(field: Field, kind: str) -> st.SearchStrategy[Any]:
    one = values_of(field)
    if field.type == "multipicklist":
        one = st.sampled_from(OPTIONS) if field.options else st.sampled_from(["VIP", "ñ"])
    if field.type == "datetime":
        one = one | DATES
    return {
        "none": st.none(),
        "value": one,
        "part": TEXTS,
        "range": st.lists(one, min_size=2, max_size=2),
        "values": st.lists(one, min_size=1, max_size=3),
        "pattern": PATTERNS,
        "days": st.integers(0, 3),
        "hours": st.integers(0, 30),
        "month_day": st.sampled_from(["02-28", "02-29", "11-21"]),
        "period": st.sampled_from(list(PERIODS)),
        "years": st.integers(0, 60),
        "ages": st.lists(st.integers(0, 60), min_size=2, max_size=2),
    }[kind]


PATHS = [(f.id, f) for f in (*THINGS.fields, *SYSTEM_FIELDS)] + [(f"other.{f.id}", f) for f in OTHERS.fields]


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    path, field = draw(st.sampled_from(PATHS))
    name = draw(st.sampled_from([id for id in operators_of(field) if id in PRESENT]))
    return {"field": path, "op": name, "value": draw(operands(field, OPERATORS[name].operand))}


CONDITIONS = st.recursive(
    leaves(),
    lambda inner: (
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"any": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"not": inner})
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def lake() -> Lake:
    return Lake()


def parsed(data: dict[str, Any]) -> Condition:
    try:
        return conditions.parse(data, THINGS, MODULES, context="filter")
    except InvalidError:
        assume(False)
        raise


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    data=CONDITIONS,
    things=st.lists(rows(THINGS), min_size=1, max_size=4),
    others=st.lists(rows(OTHERS), max_size=3),
    now=NOW,
    zone=ZONES,
)
def test_deciding_explaining_and_the_lake_agree(
    lake: Lake, data: dict[str, Any], things: list[Any], others: list[Any], now: datetime, zone: ZoneInfo
) -> None:
    condition = parsed(data)
    known = {id: {**row, "id": id} for id, row in zip(OTHER_IDS, others, strict=False)}
    stored = [{**row, "id": str(index)} for index, row in enumerate(things)]
    lake.fill("others", list(known.values()))
    lake.fill("things", stored)

    in_sql = lake.verdicts([condition], now, zone)

    again = conditions.parse(condition.to_json(), THINGS, MODULES, context="filter")
    for thing in stored:
        view = a_view(thing, known, now, zone)
        verdict = conditions.decide(condition, view)
        assert conditions.explain(condition, view)["verdict"] is verdict
        assert in_sql[thing["id"]] == [verdict]
        assert conditions.decide(again, view) is verdict, "its own JSON says the same"


@given(data=CONDITIONS, thing=rows(THINGS), changed=st.sampled_from(THINGS.fields), new=st.data(), now=NOW)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_field_that_is_not_read_never_matters(
    data: dict[str, Any], thing: dict[str, Any], changed: Field, new: st.DataObject, now: datetime
) -> None:
    condition = parsed(data)
    before = conditions.decide(condition, a_view(thing, {}, now, UTC))
    other = {**thing, changed.id: new.draw(values_of(changed) | st.none())}
    if changed.id in conditions.fields_read(condition) | conditions.relations_read(condition):
        return
    assert conditions.decide(condition, a_view(other, {}, now, UTC)) is before


@given(leaf=leaves(), thing=rows(THINGS), now=NOW, zone=ZONES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_negative_operator_is_its_positive_one_the_other_way_round(
    leaf: dict[str, Any], thing: dict[str, Any], now: datetime, zone: ZoneInfo
) -> None:
    opposite = {
        "is": "is_not",
        "is_one_of": "is_none_of",
        "contains": "does_not_contain",
        "starts_with": "does_not_start_with",
        "ends_with": "does_not_end_with",
        "is_not_empty": "is_empty",
    }.get(leaf["op"])
    assume(opposite is not None)
    view = a_view(thing, {}, now, zone)
    positive, negative = parsed(leaf), parsed({**leaf, "op": opposite})
    assert conditions.decide(positive, view) is not conditions.decide(negative, view)
