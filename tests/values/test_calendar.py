"""Calendar windows against a search that knows nothing of offsets: it looks at the clock of the zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.values.calendar import CalendarWindow, anniversary, bounds, day_start, days, today
from mailweave.values.durations import DAY, HOUR, MINUTE
from mailweave.values.instants import to_instant

# zones with a skipped midnight, a skipped day, half an hour of DST, a jump at 00:01, far offsets
ZONES = (
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Pacific/Kiritimati",
)


@pytest.fixture(autouse=True, scope="module")
def _pinned_data() -> Iterator[None]:
    """The oracle's zones are those of the package too, not of this machine."""
    machine = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(())
    ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(machine)
    ZoneInfo.clear_cache()


def searched(day: date, zone: str) -> int:
    """The first minute at which the clock shows `day` or later."""
    tz, at = ZoneInfo(zone), datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=40)
    while (at + timedelta(hours=1)).astimezone(tz).date() < day:
        at += timedelta(hours=1)
    while at.astimezone(tz).date() < day:
        at += timedelta(minutes=1)
    return to_instant(at)


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        ("Europe/Paris", "2026-03-29", "2026-03-28T23:00Z"),
        ("Europe/Paris", "2026-03-30", "2026-03-29T22:00Z"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00Z"),  # midnight skipped
        ("America/Havana", "2026-03-08", "2026-03-08T05:00Z"),
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00Z"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z"),  # the day left out
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00Z"),
        ("America/St_Johns", "2010-11-07", "2010-11-07T02:30Z"),  # shows 00:00 twice
    ],
)
def test_a_day_starts_when_the_clock_first_shows_it(zone: str, day: str, starts: str) -> None:
    assert day_start(date.fromisoformat(day).toordinal(), zone) == to_instant(starts)


@given(st.dates(date(1980, 1, 1), date(2037, 12, 31)), st.sampled_from(ZONES))
def test_day_start_is_found_by_search_too(day: date, zone: str) -> None:
    assert day_start(day.toordinal(), zone) == searched(day, zone)


@pytest.mark.parametrize("year", range(1990, 2030))
@pytest.mark.parametrize("zone", ZONES)
def test_the_nights_on_which_clocks_jump(zone: str, year: int) -> None:
    tz, hour = ZoneInfo(zone), timedelta(hours=1)
    at = datetime(year, 1, 1, tzinfo=UTC)
    while at.year == year:
        if at.astimezone(tz).utcoffset() != (at + 6 * hour).astimezone(tz).utcoffset():
            for day in {at.astimezone(tz).date(), (at + 30 * hour).astimezone(tz).date()}:
                assert day_start(day.toordinal(), zone) == searched(day, zone)
        at += 6 * hour


@pytest.mark.parametrize(
    ("window", "now", "first", "last"),
    [
        (CalendarWindow(1, "day", True), "2026-11-22T12:00Z", "2026-11-22", "2026-11-22"),
        (CalendarWindow(7, "day", True), "2026-11-22T12:00Z", "2026-11-16", "2026-11-22"),
        (CalendarWindow(7, "day", False), "2026-11-22T12:00Z", "2026-11-22", "2026-11-28"),
        (CalendarWindow(1, "week", True), "2026-11-22T12:00Z", "2026-11-16", "2026-11-22"),
        (CalendarWindow(2, "week", False), "2026-11-22T12:00Z", "2026-11-16", "2026-11-29"),
        (CalendarWindow(2, "month", True), "2024-03-31T12:00Z", "2024-02-01", "2024-03-31"),
        (CalendarWindow(1, "month", False), "2024-02-29T12:00Z", "2024-02-01", "2024-02-29"),
        (CalendarWindow(12, "month", False), "2026-11-22T12:00Z", "2026-11-01", "2027-10-31"),
        (CalendarWindow(1, "year", True), "2026-11-22T12:00Z", "2026-01-01", "2026-12-31"),
        (CalendarWindow(2, "year", True), "2026-11-22T12:00Z", "2025-01-01", "2026-12-31"),
        (CalendarWindow(9999, "year", True), "2026-11-22T12:00Z", "0001-01-02", "2026-12-31"),
    ],
)
def test_windows_are_whole_units(window: CalendarWindow, now: str, first: str, last: str) -> None:
    found = days(window, to_instant(now), "UTC")
    assert found == (date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())


def test_today_is_the_recipients_own() -> None:
    now = to_instant("2026-11-22T04:30Z")
    assert today(now, "America/New_York") + 1 == today(now, "Europe/Paris")


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)], ids=str
)
def test_a_day_in_paris_has_as_many_hours_as_it_has(day: str, hours: int) -> None:
    start, end = bounds(CalendarWindow(1, "day", True), to_instant(f"{day}T12:00Z"), "Europe/Paris")
    assert end - start == hours * HOUR


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1980, 1, 1), datetime(2037, 1, 1)),
    st.integers(1, 40),
    st.sampled_from(("day", "week", "month", "year")),
    st.booleans(),
)
def test_now_lies_within_every_window(zone: str, now: datetime, count: int, unit: str, last: bool) -> None:
    at = to_instant(now.replace(tzinfo=UTC))
    window = CalendarWindow(count, unit, last)  # type: ignore[arg-type]  # sampled from the units
    first, final = days(window, at, zone)
    assert first <= today(at, zone) <= final
    start, end = bounds(window, at, zone)
    # a clock that shows 00:00 twice may show the evening before after its midnight
    assert start <= at < end + 2 * MINUTE
    assert end - start < 367 * DAY * (count + 1)


LEAP_DAYS = st.sampled_from(range(1904, 2021, 4)).map(lambda year: date(year, 2, 29))
ENDS_OF_FEBRUARY = st.builds(
    lambda year, days: date(year, 2, 26) + timedelta(days), st.integers(2020, 2040), st.integers(0, 5)
)


@given(
    st.dates(date(1900, 1, 1), date(2020, 1, 1)) | LEAP_DAYS,
    st.dates(date(2020, 1, 1), date(2040, 1, 1)) | ENDS_OF_FEBRUARY,
)
def test_an_anniversary_is_the_first_such_day_from_today_on(born: date, on: date) -> None:
    def returns(day: date) -> bool:
        leap = born.month == 2 and born.day == 29
        short = leap and day.year % 4 != 0 and (day.month, day.day) == (2, 28)
        return short or (day.month, day.day) == (born.month, born.day)

    day = on
    while not returns(day):
        day += timedelta(days=1)
    assert anniversary(born.toordinal(), on.toordinal()) == day.toordinal()
