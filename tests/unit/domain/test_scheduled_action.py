"""When a scheduled action is due, and what is refused when one is written down."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gotero.domain import action, plan, scheduled_action
from gotero.domain.errors import InvalidError
from gotero.domain.record import Record
from gotero.domain.scheduled_action import due_for, parse_when

NOW = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
TODAY = NOW.date()


def contact(**values: str) -> Record:
    at = "2026-02-03T10:15:00.000Z"
    return Record("contacts", "c1", "CON-1", "user1", values, at, "user1", at)


def due(when: dict[str, Any], recipient: Record, at: datetime = NOW, subject: Record | None = None) -> str | None:
    found, zone = due_for(parse_when(when, TODAY), recipient, subject, at, "Europe/Madrid")
    return found.astimezone(zone).isoformat() if found else None


@pytest.mark.parametrize(
    ("when", "instant"),
    [
        ({"on": "assignment"}, "2026-11-21T22:30:00+01:00"),
        ({"on": "assignment", "offset": {"days": 10}}, "2026-12-01T22:30:00+01:00"),
        ({"on": "assignment", "offset": {"days": 40}}, "2026-12-31T22:30:00+01:00"),
        ({"on": "assignment", "offset": {"days": 10}, "at": "09:00"}, "2026-12-01T09:00:00+01:00"),
        ({"on": "assignment", "at": "09:00"}, "2026-11-22T09:00:00+01:00"),
        ({"on": "assignment", "at": "23:00"}, "2026-11-21T23:00:00+01:00"),
        ({"on": "assignment", "offset": {"days": 200}}, "2027-06-09T22:30:00+02:00"),
        ({"on": "date", "date": "2027-01-01", "at": "09:00"}, "2027-01-01T09:00:00+01:00"),
        ({"on": "date", "date": "2027-01-01"}, "2027-01-01T09:00:00+01:00"),
    ],
)
def test_dates_and_assignments(when: dict[str, Any], instant: str) -> None:
    assert due(when, contact()) == instant


@pytest.mark.parametrize(
    ("birthday", "instant"),
    [
        ("1985-03-14", "2027-03-14T09:00:00+01:00"),
        ("1988-02-29", "2027-02-28T09:00:00+01:00"),
        ("2026-04-20", "2027-04-20T09:00:00+02:00"),  # born last spring
        ("1985-11-21", "2027-11-21T09:00:00+01:00"),  # today, but 09:00 has gone by
        ("1985-11-22", "2026-11-22T09:00:00+01:00"),
        ("2026-12-01", "2027-12-01T09:00:00+01:00"),  # the day itself is no anniversary
    ],
)
def test_the_next_birthday(birthday: str, instant: str) -> None:
    when = {"on": "field", "field": "birthday", "count": "next_anniversary", "at": "09:00"}
    assert due(when, contact(birthday=birthday)) == instant


def test_the_second_birthday_with_us_is_the_one_after_the_next() -> None:
    when = {"on": "field", "field": "birthday", "count": "nth_anniversary", "n": 2}
    assert due(when, contact(birthday="1985-03-14")) == "2028-03-14T09:00:00+01:00"


def test_a_literal_date_is_taken_as_it_is() -> None:
    when = {"on": "field", "field": "birthday", "count": "as_is", "offset": {"days": 365}}
    assert due(when, contact(birthday="1985-03-14")) == "1986-03-14T09:00:00+01:00"


def test_a_week_before_the_birthday_that_comes_next() -> None:
    when = {"on": "field", "field": "birthday", "count": "next_anniversary", "offset": {"days": -7}}
    assert due(when, contact(birthday="1985-11-25")) == "2027-11-18T09:00:00+01:00"


def test_counts_from_when_the_record_was_made_keeping_its_hour() -> None:
    when = {"on": "field", "field": "created_at", "count": "nth_anniversary", "n": 1}
    assert due(when, contact()) == "2027-02-03T11:15:00+01:00"


def test_counts_from_a_date_of_the_subject() -> None:
    invoice = Record("invoices", "i1", "INV-1", "user1", {"due_date": "2026-11-30"}, "", "", "")
    when = {"on": "field", "field": "subject.due_date", "offset": {"days": 7}}
    assert due(when, contact(), subject=invoice) == "2026-12-07T09:00:00+01:00"
    assert due(when, contact()) is None


@pytest.mark.parametrize("birthday", ["", "soon", "0001-01-01", "9999-12-31"])
def test_without_a_usable_date_there_is_no_instant(birthday: str) -> None:
    when = {"on": "field", "field": "birthday", "offset": {"days": -800} if birthday < "1" else {"days": 800}}
    assert due(when, contact(birthday=birthday)) is None


def test_a_month_beyond_the_calendar_is_no_instant() -> None:
    when = {"on": "field", "field": "birthday", "offset": {"months": 12}}
    assert due(when, contact(birthday="9999-12-31")) is None


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("Europe/Madrid", "2027-01-01T08:00:00+00:00"),
        ("Atlantic/Canary", "2027-01-01T09:00:00+00:00"),
        ("America/Mexico_City", "2027-01-01T15:00:00+00:00"),
        ("Asia/Tokyo", "2027-01-01T00:00:00+00:00"),
        ("Nowhere/Land", "2027-01-01T08:00:00+00:00"),
    ],
)
def test_nine_o_clock_is_each_recipients_own(zone: str, instant: str) -> None:
    when = parse_when({"on": "date", "date": "2027-01-01", "at": "09:00"}, TODAY)
    found, _ = due_for(when, contact(time_zone=zone), None, NOW, "Europe/Madrid")
    assert found and found.isoformat() == instant


ACTION = {"name": "Bienvenida 1", "kind": "mail", "class": "marketing", "params": {"template_id": "t"}}
SCHEDULED = {"reference": "Bienvenida +10", "action_id": "a", "when": {"on": "assignment", "offset": {"days": 10}}}
PLAN = {"name": "Bienvenida", "status": "active", "scheduled_actions": ["s"]}


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"name": None}, "name", "required"),
        ({"name": 5}, "name", "text"),
        ({"kind": "fax"}, "kind", "choice"),
        ({"class": "spam"}, "class", "choice"),
        ({"params": None}, "params.template_id", "required"),
        ({"params": []}, "params", "object"),
        ({"params": {"template_id": "t", "cc": "x"}}, "params.cc", "unknown_key"),
        ({"when": {}}, "when", "unknown_key"),
    ],
)
def test_refuses_broken_actions(changes: dict[str, Any], path: str, rule: str) -> None:
    with pytest.raises(InvalidError) as refused:
        action.parse({**ACTION, **changes})
    assert (path, rule) in [(e.path, e.rule) for e in refused.value.errors]


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"reference": ""}, "reference", "required"),
        ({"status": "paused"}, "status", "choice"),
        ({"sender": "anyone@example.com"}, "sender", "choice"),
        ({"sender": "user:"}, "sender", "choice"),
        ({"when": None}, "when", "required"),
        ({"when": "tomorrow"}, "when", "object"),
        ({"when": {"on": "moon"}}, "when.on", "choice"),
        ({"when": {"on": "date"}}, "when.date", "required"),
        ({"when": {"on": "date", "date": "2027-02-29"}}, "when.date", "date"),
        ({"when": {"on": "date", "date": "2027-01-01", "at": "9"}}, "when.at", "time"),
        ({"when": {"on": "date", "date": "2027-01-01", "offset": {}}}, "when.offset", "unknown_key"),
        ({"when": {"on": "assignment", "offset": {"days": -1}}}, "when.offset", "past"),
        ({"when": {"on": "date", "date": "2999-01-01"}}, "when.date", "too_far"),
        ({"when": {"on": "assignment", "offset": {"months": 973}}}, "when.offset", "too_long_after"),
        ({"when": {"on": "assignment", "offset": {"days": "10"}}}, "when.offset.days", "integer"),
        ({"when": {"on": "assignment", "offset": {"days": 10**9}}}, "when.offset.days", "limit"),
        ({"when": {"on": "assignment", "offset": {"weeks": 1}}}, "when.offset.weeks", "unknown_key"),
        ({"when": {"on": "field"}}, "when.field", "required"),
        ({"when": {"on": "field", "field": "birthday", "n": 0}}, "when.n", "limit"),
        ({"when": {"on": "field", "field": "birthday", "count": "yearly"}}, "when.count", "choice"),
    ],
)
def test_refuses_broken_scheduled_actions(changes: dict[str, Any], path: str, rule: str) -> None:
    with pytest.raises(InvalidError) as refused:
        scheduled_action.parse({**SCHEDULED, **changes}, TODAY)
    assert (path, rule) in [(e.path, e.rule) for e in refused.value.errors]


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"status": "between"}, "from", "required"),
        ({"status": "between", "from": "2027-01-02", "to": "2027-01-01"}, "to", "ends_before"),
        ({"status": "between", "from": "2026-12-01", "to": "2999-12-31"}, "to", "too_far"),
        ({"from": "soon"}, "from", "date"),
        ({"scheduled_actions": []}, "scheduled_actions", "required"),
        ({"scheduled_actions": [7]}, "scheduled_actions[0]", "text"),
        ({"steps": []}, "steps", "unknown_key"),
    ],
)
def test_refuses_broken_plans(changes: dict[str, Any], path: str, rule: str) -> None:
    with pytest.raises(InvalidError) as refused:
        plan.parse({**PLAN, **changes}, TODAY)
    assert (path, rule) in [(e.path, e.rule) for e in refused.value.errors]


@pytest.mark.parametrize(
    "when",
    [
        {"on": "date", "date": "2027-01-01", "at": "08:30"},
        {"on": "assignment", "offset": {"days": 10}, "at": "09:00"},
        {"on": "assignment", "offset": {}},
        {"on": "field", "field": "birthday", "count": "nth_anniversary", "n": 3, "offset": {"months": -1}},
    ],
)
def test_what_is_stored_reads_back_the_same(when: dict[str, Any]) -> None:
    parsed = scheduled_action.parse({**SCHEDULED, "sender": "user:u1", "when": when}, TODAY)
    assert parsed.to_json()["when"] == when
    assert scheduled_action.ScheduledAction.from_json(parsed.to_json()) == parsed
    assert action.Action.from_json(action.parse(ACTION).to_json()) == action.parse(ACTION)
    window = plan.parse({**PLAN, "status": "between", "from": "2026-12-01", "to": "2026-12-24"}, TODAY)
    assert plan.Plan.from_json(window.to_json()) == window
