"""The delay calculator against what other projects' test suites say; skipped where their cases are not at hand."""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gotero.domain import delay
from gotero.domain.delay import Window

FILE = Path(__file__).parents[4] / "shared" / "cases" / "schedule_cases.json"
CASES: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {}
pytestmark = pytest.mark.skipif(not CASES, reason="../shared/cases/schedule_cases.json is not here")


def _cases(part: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES.get(part, [])]


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


@pytest.mark.parametrize("case", _cases("windows"))
def test_windows(case: dict[str, Any]) -> None:
    zone = delay.zone_of(case["contact_tz"], case["system_default_tz"])
    at = datetime.fromisoformat(case["scheduled_at_utc"]).replace(tzinfo=UTC)
    if case["at_hour"]:
        at = delay.next_time_of_day(at, time.fromisoformat(case["at_hour"]), zone)
    window = Window(
        _time(case["window_start"]), _time(case["window_end"]), frozenset(case["allowed_weekdays_0_sunday"])
    )
    assert f"{window.next_open(at, zone).astimezone(zone):%Y-%m-%d %H:%M}" == case["expected_local"]


@pytest.mark.parametrize("case", _cases("next_local_time"))
def test_next_local_time(case: dict[str, Any]) -> None:
    now = datetime.fromisoformat(case["now"])
    found = delay.next_time_of_day(now, time(case["hour"], case["minute"]), ZoneInfo(case["tz"]))
    assert found == datetime.fromisoformat(case["expected_utc"])


def test_one_hour_of_the_day_in_the_zone_of_each_contact() -> None:
    group = CASES["group"]
    scheduled, zone = group["scheduled"].rsplit(" ", 1)
    at = datetime.fromisoformat(scheduled).replace(tzinfo=ZoneInfo(zone))
    for expected in group["expected"]:
        for contact in expected["contacts"]:
            own = delay.zone_of(group["contacts"][contact], group["system_default_tz"])
            found = delay.next_time_of_day(at, time.fromisoformat(group["at_hour"]), own)
            assert own.key == expected["tz"]
            assert f"{found.astimezone(own):%Y-%m-%d %H:%M}" == expected["local"]


@pytest.mark.parametrize("probe", CASES.get("dst_probes", []), ids=lambda p: f"{p['tz']}-{p['local']}")
def test_times_that_the_clocks_skip_or_repeat(probe: dict[str, Any]) -> None:
    zone = ZoneInfo(probe["tz"])
    local = datetime.fromisoformat(probe["local"])
    found = delay.at_local(local.date(), local.time(), zone)
    shown = found.astimezone(zone).replace(tzinfo=None)
    assert (shown > local) if probe["nonexistent"] else (shown == local)
    if probe["ambiguous"]:
        assert found < local.replace(tzinfo=zone, fold=1).astimezone(UTC)
