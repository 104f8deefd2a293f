"""Deciding a condition: what each operator says of each kind of value."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gotero.domain import condition as conditions
from gotero.domain.condition import View
from gotero.domain.modules import MODULES
from tests.unit.domain.condition_leaves import ACCOUNT, CONTACTS, MADRID, NOW, leaf


def decide(leaf: Any, values: dict[str, Any], now: datetime = NOW, **view: Any) -> bool:
    condition = conditions.parse(leaf, CONTACTS)
    return conditions.decide(condition, View(values, now, MADRID, **view))


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        (leaf("leadsource", "is", "Twitter"), {"leadsource": "Twitter"}, True),
        (leaf("leadsource", "is", "Twitter"), {"leadsource": "Trade Show"}, False),
        (leaf("leadsource", "is", "Twitter"), {}, False),
        (leaf("lastname", "is", "NÚÑEZ"), {"lastname": "Núñez"}, True),
        (leaf("lastname", "is", "Nu\u0301n\u0303ez"), {"lastname": "Núñez"}, True),
        (leaf("lastname", "is", "Nunez"), {"lastname": "Núñez"}, False),
        (leaf("lastname", "does_not_start_with", "Go"), {"lastname": "Gxñi"}, True),
        (leaf("lastname", "does_not_start_with", "Go"), {"lastname": "Goñi"}, False),
        (leaf("lastname", "does_not_end_with", "ñi"), {"lastname": "Goñi"}, False),
        (leaf("lastname", "contains", "a,b"), {"lastname": "a"}, False),
        (leaf("phone", "contains", "963 12-34"), {"phone": "+34963123456"}, True),
        (leaf("do_not_email", "is", False), {}, True),
        (leaf("do_not_email", "is_not", True), {}, True),
        (leaf("tags", "is", "vip"), {"tags": ["VIP", "x"]}, True),
        (leaf("tags", "is_none_of", ["vip", "y"]), {"tags": ["x"]}, True),
        (leaf("owner", "is", "u1"), {"owner": "u1"}, True),
        (leaf("leadsource", "is_one_of", ["Twitter", "Web Site"]), {"leadsource": "Web Site"}, True),
        ({"all": []}, {}, True),
        ({"any": []}, {}, False),
        ({}, {}, True),
        (None, {}, True),
        ({"not": leaf("leadsource", "is", "Twitter")}, {}, True),
    ],
)
def test_deciding(condition: Any, values: dict[str, Any], expected: bool) -> None:
    assert decide(condition, values) is expected


@pytest.mark.parametrize(
    "negative",
    [
        leaf("city", "is_not", "Valencia"),
        leaf("city", "does_not_contain", "Val"),
        leaf("city", "is_none_of", ["Valencia"]),
        leaf("leadsource", "is_not", "Twitter"),
        leaf("account.industry", "is_not", "Banking"),
        leaf("birthday", "is_not", "1985-11-21"),
    ],
)
def test_negative_operators_include_records_whose_field_is_empty(negative: Any) -> None:
    assert decide(negative, {}) is True
    assert decide(negative, {"city": "", "leadsource": None, "account": ACCOUNT}) is True


@pytest.mark.parametrize(
    "positive",
    [
        leaf("birthday", "before", "2000-01-01"),
        leaf("birthday", "more_than_days_ago", 0),
        leaf("birthday", "less_than_or_equal_to", "2100-01-01"),
        leaf("city", "matches", ".*"),
        leaf("birthday", "is_today"),
    ],
)
def test_comparisons_never_hold_for_an_empty_field(positive: Any) -> None:
    assert decide(positive, {}) is False


@pytest.mark.parametrize(
    ("op", "value", "birthday", "expected"),
    [
        ("between", ["2026-01-01", "2026-01-31"], "2026-01-01", True),
        ("between", ["2026-01-31", "2026-01-01"], "2026-01-31", True),
        ("between", ["2026-01-01", "2026-01-31"], "2026-02-01", False),
        ("before", "2026-01-01", "2026-01-01", False),
        ("after", "2026-01-01", "2026-01-02", True),
        ("less_than_days_ago", 1, "2026-11-20", True),
        ("less_than_days_ago", 1, "2026-11-19", False),
        ("less_than_days_ago", 1, "2026-11-22", False),
        ("more_than_days_ago", 1, "2026-11-20", True),
        ("in_less_than", 2, "2026-11-23", True),
        ("in_more_than", 2, "2026-11-22", False),
        ("days_ago", 2, "2026-11-19", True),
        ("days_later", 2, "2026-11-23", True),
        ("monthday", "11-21", "1970-11-21", True),
    ],
)
def test_dates_include_both_ends(op: str, value: Any, birthday: str, expected: bool) -> None:
    assert decide(leaf("birthday", op, value), {"birthday": birthday}) is expected


def test_today_is_the_day_in_the_zone_of_the_view() -> None:
    just_after_midnight_in_madrid = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert decide(leaf("created_at", "is_today"), {"created_at": "2026-11-21T22:59:59.999Z"})
    assert not decide(
        leaf("created_at", "is_today"), {"created_at": "2026-11-21T22:59:59.999Z"}, just_after_midnight_in_madrid
    )
    assert decide(leaf("created_at", "is", "2026-11-21"), {"created_at": "2026-11-20T23:00:00.000Z"})
    assert decide(leaf("created_at", "after", "2026-11-20"), {"created_at": "2026-11-20T23:00:00.000Z"})


@pytest.mark.parametrize(
    ("birthday", "now", "expected"),
    [
        ("1985-11-21", NOW, True),
        ("1985-11-20", NOW, False),
        ("1988-02-29", datetime(2027, 2, 28, 12, tzinfo=UTC), True),
        ("1988-02-29", datetime(2028, 2, 28, 12, tzinfo=UTC), False),
        ("1988-02-29", datetime(2028, 2, 29, 12, tzinfo=UTC), True),
        ("1988-02-28", datetime(2028, 2, 29, 12, tzinfo=UTC), False),
    ],
)
def test_a_birthday_is_today_every_year_and_on_28_february_where_the_29th_is_missing(
    birthday: str, now: datetime, expected: bool
) -> None:
    assert decide(leaf("birthday", "is_today"), {"birthday": birthday}, now) is expected


def test_an_ordinary_date_is_today_only_in_its_own_year() -> None:
    condition = conditions.parse(leaf("due_date", "is_today"), MODULES["invoices"])
    assert conditions.decide(condition, View({"due_date": "2026-11-21"}, NOW, MADRID))
    assert not conditions.decide(condition, View({"due_date": "2025-11-21"}, NOW, MADRID))


@pytest.mark.parametrize(
    ("op", "hours", "instant", "expected"),
    [
        ("less_than_hours_before", 1, "2026-11-21T21:30:00.000Z", True),
        ("less_than_hours_before", 1, "2026-11-21T21:29:59.999Z", False),
        ("less_than_hours_later", 1, "2026-11-21T23:30:00.000Z", True),
        ("more_than_hours_before", 1, "2026-11-21T21:30:00.000Z", True),
        ("more_than_hours_later", 1, "2026-11-21T23:29:59.999Z", False),
    ],
)
def test_hours_count_from_this_very_instant(op: str, hours: int, instant: str, expected: bool) -> None:
    assert decide(leaf("updated_at", op, hours), {"updated_at": instant}) is expected


@pytest.mark.parametrize(
    ("op", "value", "before", "after", "expected"),
    [
        ("has_changed", None, {"leadsource": "Twitter"}, {"leadsource": "Web Site"}, True),
        ("has_changed", None, {"leadsource": "Twitter"}, {"leadsource": "Twitter"}, False),
        ("has_changed", None, {}, {"leadsource": ""}, False),
        ("has_changed", None, None, {"leadsource": "Twitter"}, True),
        ("has_changed", None, None, {}, False),
        ("has_changed_to", "Twitter", {"leadsource": "Web Site"}, {"leadsource": "Twitter"}, True),
        ("has_changed_to", "Twitter", {"leadsource": "Twitter"}, {"leadsource": "Twitter"}, False),
        ("has_changed_to", "Twitter", None, {"leadsource": "Twitter"}, True),
        ("was", "Twitter", {"leadsource": "Twitter"}, {}, True),
        ("was", "Twitter", None, {"leadsource": "Twitter"}, False),
    ],
)
def test_operators_that_look_at_the_value_before(
    op: str, value: Any, before: dict[str, Any] | None, after: dict[str, Any], expected: bool
) -> None:
    assert decide(leaf("leadsource", op, value), after, previous=before) is expected


def test_a_related_record_is_read_through_its_relation() -> None:
    condition = leaf("account.industry", "is", "Banking")
    assert decide(condition, {}, related={"account": {"industry": "Banking"}})
    assert not decide(condition, {}, related={"account": None})
    assert not decide(condition, {})


def test_the_message_condition_of_the_second_use_case() -> None:
    data = {"all": [leaf("clicked", "greater_than", 0), leaf("last_url", "contains", "twitter")]}
    condition = conditions.parse(data, MODULES["messages"])
    clicked = {"clicked": 1, "last_url": "https://Twitter.com/huertaturia"}
    assert conditions.decide(condition, View(clicked, NOW))
    assert not conditions.decide(condition, View({**clicked, "clicked": 0}, NOW))
    assert conditions.fields_read(condition) == {"clicked", "last_url"}


def test_money_compares_as_a_number_and_not_as_a_text() -> None:
    condition = conditions.parse(leaf("total", "greater_than", "9.5"), MODULES["invoices"])
    assert conditions.decide(condition, View({"total": "10.00"}, NOW))
    assert not conditions.decide(condition, View({"total": "9.50"}, NOW))
    assert not conditions.decide(condition, View({"total": "not money"}, NOW))


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Asia/Tokyo", "America/Lima", "UTC"])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (leaf("created_at", "less_than_or_equal_to", "9999-12-31"), True),
        (leaf("created_at", "between", ["0001-01-01", "9999-12-31"]), True),
        (leaf("created_at", "is", "9999-12-31"), False),
        (leaf("created_at", "before", "0001-01-01"), False),
        (leaf("created_at", "after", "0001-01-01"), True),
        ({"activity": "opened", "since": "0001-01-01", "until": "9999-12-31"}, False),
    ],
)
def test_the_last_day_of_the_calendar_is_a_day_like_any_other(asked: Any, expected: bool, zone: str) -> None:
    """Whoever writes "no end" so must not stop every change of every contact."""
    condition = conditions.parse(asked, CONTACTS)
    view = View({"created_at": "2026-11-21T21:30:00.000Z"}, NOW, ZoneInfo(zone))
    assert conditions.decide(condition, view) is expected
    assert conditions.to_sql(condition, now=NOW, zone=ZoneInfo(zone))
