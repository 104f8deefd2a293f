"""The instant at which the time alone turns a verdict, against stepping through the time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.condition import Condition, View, next_flip
from gotero.domain.condition.periods import PERIODS
from tests.unit.domain.condition_leaves import CONTACTS
from tests.unit.domain.condition_world import MODULES, THINGS

#: Around changes of the clocks, one of them at midnight, and a leap day.
STARTS = (
    datetime(2026, 3, 28, 20, 17, tzinfo=UTC),
    datetime(2026, 10, 24, 21, 59, tzinfo=UTC),
    datetime(2026, 3, 7, 22, 1, tzinfo=UTC),
    datetime(2028, 2, 27, 12, 30, tzinfo=UTC),
    datetime(2027, 2, 27, 23, 30, tzinfo=UTC),
)
ZONES = tuple(ZoneInfo(name) for name in ("UTC", "Europe/Madrid", "America/Havana", "Asia/Kolkata"))
AGES = st.integers(44, 49)
DAYS = ("less_than_days_ago", "more_than_days_ago", "in_less_than", "in_more_than", "days_ago", "days_later")
HOURS = ("less_than_hours_before", "less_than_hours_later", "more_than_hours_before", "more_than_hours_later")


def leaf(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


def a_condition(data: Any) -> Condition:
    return conditions.parse(data, THINGS, MODULES, context="filter")


LEAVES = st.one_of(
    st.builds(leaf, st.sampled_from(["date", "datetime", "other.since"]), st.sampled_from(DAYS), st.integers(0, 3)),
    st.builds(leaf, st.just("datetime"), st.sampled_from(HOURS), st.integers(0, 40)),
    st.builds(leaf, st.sampled_from(["date", "birthday", "datetime"]), st.just("is_today")),
    st.builds(leaf, st.sampled_from(["date", "datetime"]), st.just("is_in"), st.sampled_from(list(PERIODS))),
    st.builds(leaf, st.just("birthday"), st.sampled_from(["age_is", "age_at_least", "age_at_most"]), AGES),
    st.builds(leaf, st.just("birthday"), st.just("age_between"), st.lists(AGES, min_size=2, max_size=2)),
    st.just(leaf("boolean", "is", value=True)),
    st.just(leaf("date", "is_empty")),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=5,
)


@st.composite
def views(draw: st.DrawFn) -> View:
    now = draw(st.sampled_from(STARTS)) + timedelta(minutes=draw(st.integers(0, 600)))

    def near() -> datetime:
        return now + timedelta(minutes=draw(st.integers(-4 * 1440, 4 * 1440)))

    def day() -> str:
        return near().date().isoformat()

    values: dict[str, Any] = {"date": day(), "birthday": f"1980-{day()[5:]}", "datetime": instant.write(near())}
    values["boolean"] = draw(st.booleans())
    kept = {name: value for name, value in values.items() if draw(st.integers(0, 5))}
    related = {"other": {"since": day()} if draw(st.booleans()) else None}
    return View(kept, now, draw(st.sampled_from(ZONES)), related=related)


@settings(max_examples=60, deadline=None)
@given(CONDITIONS, views())
def test_it_is_the_first_instant_at_which_the_verdict_is_another(data: Any, view: View) -> None:
    condition = a_condition(data)
    told = next_flip(condition, view)
    verdict = condition.holds(view)
    window = timedelta(hours=48)
    steps = (view.now + timedelta(minutes=m, milliseconds=ms) for m in range(48 * 60 + 1) for ms in (0, 1))
    found = next((at for at in steps if condition.holds(replace(view, now=at)) != verdict), None)
    if found is None:
        assert told is None or told > view.now + window
    else:
        assert told == found


def birthdays(value: str, now: str, *, also: dict[str, Any] | None = None, **more: Any) -> list[str | None]:
    """The next four instants at which somebody enters or leaves "birthday today", in Madrid."""
    parts = [leaf("birthday", "is_today"), *([also] if also else [])]
    condition = a_condition({"all": parts})
    view = View({"birthday": value, **more}, instant.read(now), ZoneInfo("Europe/Madrid"))
    told: list[str | None] = []
    for _ in range(4):
        at = next_flip(condition, view)
        told.append(instant.write(at) if at else None)
        if at is None:
            break
        view = replace(view, now=at)
    return told


def test_a_birthday_comes_every_year_at_the_local_midnight() -> None:
    assert birthdays("1980-07-04", "2026-11-21T09:00:00.000Z") == [
        "2027-07-03T22:00:00.000Z",
        "2027-07-04T22:00:00.000Z",
        "2028-07-03T22:00:00.000Z",
        "2028-07-04T22:00:00.000Z",
    ]


def test_a_leap_day_is_the_28th_in_common_years() -> None:
    assert birthdays("1980-02-29", "2027-01-01T00:00:00.000Z") == [
        "2027-02-27T23:00:00.000Z",
        "2027-02-28T23:00:00.000Z",
        "2028-02-28T23:00:00.000Z",
        "2028-02-29T23:00:00.000Z",
    ]


def test_a_birthday_after_something_far_away_is_found() -> None:
    late = leaf("date", "more_than_days_ago", 40 * 366)
    assert birthdays("1980-07-04", "2026-11-21T09:00:00.000Z", also=late, date="2026-11-21")[0] == (
        "2067-07-03T22:00:00.000Z"
    )


@pytest.mark.parametrize("values", [{"birthday": "1980-07-04"}, {"birthday": "1980-07-04", "boolean": False}, {}])
def test_what_the_time_cannot_turn_has_no_instant(values: dict[str, Any]) -> None:
    condition = a_condition({"all": [leaf("birthday", "is_today"), leaf("boolean", "is", value=True)]})
    assert next_flip(condition, View(values, STARTS[0])) is None


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("op", [op for op in DAYS if op != "more_than_days_ago"])
def test_an_end_that_nobody_means_never_comes(op: str, zone: ZoneInfo) -> None:
    """9999-12-31 is written for "no end": days around it are none of the calendar's, and no error either."""
    both = a_condition({"all": [leaf("date", op, 30), leaf("date", "is_in", "tomorrow")]})
    view = View({"date": "9999-12-31"}, STARTS[0], zone)
    assert next_flip(both, view) is None
    assert next_flip(a_condition(leaf("date", op, 30)), view) is None


def test_a_provider_whose_clock_went_wrong_breaks_no_verdict() -> None:
    opened = conditions.parse({"activity": "opened", "times": {"at_least": 2}, "within_days": 30}, CONTACTS)
    message = {"facts": {"opened": ["2026-03-20T10:00:00.000Z", "9999-12-31T20:00:00.000Z"]}}
    view = View({}, STARTS[0], UTC, many={"messages": [message]})
    assert next_flip(opened, view) == datetime(2026, 4, 20, tzinfo=UTC)
