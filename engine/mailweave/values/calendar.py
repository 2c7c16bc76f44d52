"""Calendar windows: whole local days, weeks from Monday, months and years of a zone.

A day may have 23 or 25 hours, or no midnight; 29 February exists every four years or so.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal, TypeAlias

from mailweave.values.durations import microseconds
from mailweave.values.instants import EPOCH, to_datetime
from mailweave.values.zones import zone_named

Unit: TypeAlias = Literal["day", "week", "month", "year"]

# a day within what datetime holds, so that each is still a moment in every zone
_FIRST, _LAST = date.min.toordinal() + 1, date.max.toordinal() - 1


@dataclass(frozen=True, slots=True)
class CalendarWindow:
    """So many whole units, ending (`last`) or starting (not `last`) with the one that holds today."""

    count: int
    unit: Unit
    last: bool


@lru_cache(maxsize=4096)
def today(now: int, zone: str) -> int:
    """The day number of a moment (microseconds) in a zone."""
    return to_datetime(now).astimezone(zone_named(zone)).toordinal()


@lru_cache(maxsize=4096)
def days(window: CalendarWindow, now: int, zone: str) -> tuple[int, int]:
    """The first and the last day of a window, both included.

    >>> week = CalendarWindow(1, "week", True)
    >>> first, last = days(week, 0, "UTC")  # 1970-01-01 was a Thursday
    >>> date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()
    ('1969-12-29', '1970-01-04')
    """
    day, steps = today(now, zone), window.count - 1
    if window.last:
        return _start(day, window.unit, -steps), _start(day, window.unit, 1) - 1
    return _start(day, window.unit, 0), _start(day, window.unit, window.count) - 1


@lru_cache(maxsize=4096)
def bounds(window: CalendarWindow, now: int, zone: str) -> tuple[int, int]:
    """The moments (microseconds) from which and up to which, exclusively, a window reaches."""
    first, last = days(window, now, zone)
    return day_start(first, zone), day_start(last + 1, zone)


def _start(day: int, unit: Unit, steps: int) -> int:
    """The first day of the unit that lies `steps` after the one that holds `day`."""
    if unit == "day":
        return _clamped(day + steps)
    if unit == "week":
        return _clamped(day - (day - 1) % 7 + 7 * steps)
    on = date.fromordinal(day)
    months = on.year * 12 + (on.month - 1 if unit == "month" else 0) + steps * (1 if unit == "month" else 12)
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        return _FIRST if year < date.min.year else _LAST
    return date(year, month + 1, 1).toordinal()


def _clamped(day: int) -> int:
    return max(_FIRST, min(day, _LAST))


@lru_cache(maxsize=4096)
def day_start(day: int, zone: str) -> int:
    """The first moment (microseconds) at which the calendar of a zone shows `day` or a later day.

    That is midnight, but for days whose midnight the clocks skip, and for days that a zone left out.
    """
    local = date.fromordinal(_clamped(day))
    tz = zone_named(zone)
    wall = datetime(local.year, local.month, local.day)
    at = microseconds(wall.replace(tzinfo=UTC) - EPOCH) - microseconds(_offset(wall, tz))
    return at if _shown(at, zone) == wall else _first_at(at, wall, zone)


def _offset(wall: datetime, tz: tzinfo) -> timedelta:
    offset = wall.replace(tzinfo=tz).utcoffset()
    return offset if offset is not None else timedelta(0)


def _shown(at: int, zone: str) -> datetime:
    return to_datetime(at).astimezone(zone_named(zone)).replace(tzinfo=None)


def _first_at(near: int, wall: datetime, zone: str) -> int:
    """Midnight was skipped: the jump lies within a day and a half before `near`."""
    low, high = near - 129_600_000_000, near
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _shown(middle, zone) >= wall else (middle, high)
    return high


def anniversary(day: int, on: int) -> int:
    """The next return of a date's day and month on or after the day `on`; 29 February returns on the 28th.

    >>> born = date(2000, 2, 29).toordinal()
    >>> date.fromordinal(anniversary(born, date(2026, 2, 28).toordinal())).isoformat()
    '2026-02-28'
    >>> date.fromordinal(anniversary(born, date(2027, 3, 1).toordinal())).isoformat()
    '2028-02-29'
    """
    born, current = date.fromordinal(day), date.fromordinal(on)
    this_year = _returned(born, current.year)
    return this_year if this_year >= on else _returned(born, min(current.year + 1, date.max.year))


def _returned(born: date, year: int) -> int:
    leaps = born.month == 2 and born.day == 29 and not isleap(year)
    return date(year, born.month, 28 if leaps else born.day).toordinal()
