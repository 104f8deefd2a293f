"""The delay calculator: wall clocks, gaps, overlaps, month ends, anniversaries, windows."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotero.domain import delay
from gotero.domain.delay import Offset, Window
from gotero.domain.errors import InvalidError

MADRID = ZoneInfo("Europe/Madrid")
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "Europe/Madrid",
            "Atlantic/Canary",
            "America/New_York",
            "America/Mexico_City",
            "America/Asuncion",
            "Africa/Casablanca",
            "Asia/Tokyo",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "Pacific/Apia",
        )
    ]
)
INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC))
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
DAYS = st.integers(1, 4000)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "offset", "due"),
    [
        ("2026-03-28T09:00", Offset(days=1), "2026-03-29T08:00"),  # clocks forward: the hour stays 10:00
        ("2026-10-24T08:00", Offset(days=1), "2026-10-25T09:00"),  # clocks back: 10:00 again
        ("2026-03-28T01:30", Offset(days=1), "2026-03-29T01:30"),  # 02:30 does not exist: 03:30
        ("2026-10-24T00:30", Offset(days=1), "2026-10-25T00:30"),  # 02:30 twice: the first
        ("2026-03-28T09:00", Offset(hours=24), "2026-03-29T09:00"),  # hours are elapsed time
        ("2026-01-31T09:00", Offset(months=1), "2026-02-28T09:00"),
        ("2028-01-31T09:00", Offset(months=1), "2028-02-29T09:00"),
        ("2026-03-31T08:00", Offset(months=-1), "2026-02-28T09:00"),
        ("2026-11-21T21:30", Offset(days=40, hours=1, minutes=-5), "2026-12-31T22:25"),
        ("2026-11-21T21:30", Offset(), "2026-11-21T21:30"),
    ],
)
def test_shifts_by_the_wall_clock_of_madrid(start: str, offset: Offset, due: str) -> None:
    assert delay.shift(utc(start), offset, MADRID) == utc(due)


def test_no_offset_keeps_the_second_of_two_equal_local_times() -> None:
    second_half_past_two = utc("2026-10-25T01:30")
    assert delay.shift(second_half_past_two, Offset(), MADRID) == second_half_past_two


@given(INSTANTS, DAYS, ZONES)
def test_days_keep_the_local_time_unless_the_clocks_skip_it(start: datetime, days: int, zone: ZoneInfo) -> None:
    local = start.astimezone(zone)
    landed = delay.shift(start, Offset(days=days), zone).astimezone(zone)
    wanted = datetime.combine(local.date() + timedelta(days=days), local.time())
    existing = wanted.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wanted
    if existing:
        assert landed.replace(tzinfo=None) == wanted
    else:
        assert landed.replace(tzinfo=None) > wanted


@given(INSTANTS, DAYS, DAYS, ZONES)
def test_more_days_are_never_sooner(start: datetime, one: int, other: int, zone: ZoneInfo) -> None:
    few, many = sorted((one, other))
    assert delay.shift(start, Offset(days=few), zone) <= delay.shift(start, Offset(days=many), zone)


@given(INSTANTS, st.integers(0, 500_000), ZONES)
def test_hours_and_minutes_are_elapsed_time(start: datetime, minutes: int, zone: ZoneInfo) -> None:
    offset = Offset(hours=minutes // 60, minutes=minutes % 60)
    assert delay.shift(start, offset, zone) - start == timedelta(minutes=minutes)


@given(INSTANTS, TIMES, ZONES)
def test_the_next_time_of_day_is_the_first_one_not_before(start: datetime, at: time, zone: ZoneInfo) -> None:
    found = delay.next_time_of_day(start, at, zone)
    local = found.astimezone(zone)
    assert start <= found <= start + timedelta(days=2, hours=1)
    assert local.time() == at or delay.at_local(local.date(), at, zone) == found or local.time() > at
    before = delay.at_local(local.date() - timedelta(days=1), at, zone)
    assert before < start or before == found


def test_a_birthday_on_29_february_is_kept_on_the_28th_in_common_years() -> None:
    born = date(1988, 2, 29)
    coming = delay.anniversaries(born, utc("2026-11-21T21:30"), Offset(), time(9), MADRID)
    assert [d.astimezone(MADRID).isoformat() for d in islice(coming, 3)] == [
        "2027-02-28T09:00:00+01:00",
        "2028-02-29T09:00:00+01:00",
        "2029-02-28T09:00:00+01:00",
    ]


@given(st.dates(date(1900, 1, 1), date(2060, 1, 1)), INSTANTS, st.integers(-800, 800), TIMES, ZONES)
def test_anniversaries_come_once_a_year_from_now_on(
    born: date, since: datetime, days: int, at: time, zone: ZoneInfo
) -> None:
    offset = Offset(days=days)
    first, second = islice(delay.anniversaries(born, since, offset, at, zone), 2)
    assert first >= since
    assert timedelta(days=363) < second - first < timedelta(days=368)
    anchor = (first - timedelta(days=days)).astimezone(zone).date()
    assert abs((anchor - delay.anniversary(born, anchor.year)).days) % 365 <= 2
    assert first.astimezone(zone).year >= born.year + (days // 365) - 1
    # None was missed: the one a year before was already past, or was the day of birth itself.
    year = delay.anniversary(born, anchor.year).year
    previous = delay.at_local(delay.anniversary(born, year - 1) + timedelta(days=days), at, zone)
    assert previous < since or year - 1 <= born.year


@given(INSTANTS, TIMES, TIMES, st.frozensets(st.integers(0, 6)), ZONES)
def test_a_window_moves_an_instant_into_it_and_never_back(
    at: datetime, start: time, stop: time, weekdays: frozenset[int], zone: ZoneInfo
) -> None:
    window = Window(start, stop, weekdays)
    opened = window.next_open(at, zone)
    local = opened.astimezone(zone)
    assert at <= opened <= at + timedelta(days=9)
    assert not weekdays or local.isoweekday() % 7 in weekdays or opened == delay.at_local(local.date(), start, zone)
    opening = delay.at_local(local.date(), min(start, stop), zone)
    assert opened == opening or min(start, stop) <= local.time() < max(start, stop)
    assert window.next_open(opened, zone) == opened or opened == opening


@pytest.mark.parametrize("text", ["9:00", "24:00", "09:60", "０９:００", "", "09:00:00", None, 9])
def test_refuses_what_is_no_time_of_day(text: object) -> None:
    with pytest.raises(InvalidError) as refused:
        delay.read_time(text)
    assert refused.value.errors[0].rule == "time"


@pytest.mark.parametrize("text", ["2026-02-29", "20260101", "2026-1-1", "2026-W01-1", "", None, 20260101])
def test_refuses_what_is_no_date(text: object) -> None:
    with pytest.raises(InvalidError) as refused:
        delay.read_day(text)
    assert refused.value.errors[0].rule == "date"


@pytest.mark.parametrize(
    ("names", "zone"),
    [
        (("Asia/Tokyo", "Europe/Madrid"), "Asia/Tokyo"),
        ((None, "Europe/Madrid"), "Europe/Madrid"),
        (("Bad/Timezone", "Europe/Madrid"), "Europe/Madrid"),
        (("../etc/passwd", "Europe"), "UTC"),
        (("", None), "UTC"),
    ],
)
def test_the_first_zone_that_is_one_counts(names: tuple[str | None, ...], zone: str) -> None:
    assert delay.zone_of(*names).key == zone
