"""Clocks of zones: when a time of the day comes, and when quiet hours end.

Clocks that change leave a time out, which then comes with the jump, or show it twice, of which the first counts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from mailweave.rules.checked import QuietHours
from mailweave.values.instants import to_datetime, to_instant
from mailweave.values.zones import zone_named


def at_clock(day: int, minute: int, zone: str) -> int:
    """The first moment (microseconds) of a day at which clocks show a time, or one behind it.

    >>> from mailweave.values.instants import iso
    >>> day = date(2026, 3, 29).toordinal()  # clocks of Paris jump from 2:00 to 3:00
    >>> iso(at_clock(day, 150, "Europe/Paris")), iso(at_clock(day, 200, "Europe/Paris"))
    ('2026-03-29T01:00:00Z', '2026-03-29T01:20:00Z')
    """
    wall = _wall(day, minute)
    first, second = _moments(wall, zone_named(zone))
    return _jump(second, first, wall, zone_named(zone)) if second < first else first


def _wall(day: int, minute: int) -> datetime:
    return datetime.combine(date.fromordinal(day), datetime.min.time()) + timedelta(minutes=minute)


def _moments(wall: datetime, zone: tzinfo) -> tuple[int, int]:
    """The moments that a time of the clocks may mean; in a gap the second lies before the first (PEP 495)."""
    first, second = (to_instant(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)) for fold in (0, 1))
    return first, second


def _jump(low: int, high: int, wall: datetime, zone: tzinfo) -> int:
    """The first moment behind `low` at which clocks show `wall` or more."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shown(middle, zone) >= wall else (middle, high)
    return high


def shown(at: int, zone: tzinfo) -> datetime:
    """What clocks show."""
    return to_datetime(at).astimezone(zone).replace(tzinfo=None)


def day_of(at: int, zone: str) -> int:
    """The day that calendars show, as a number."""
    return shown(at, zone_named(zone)).toordinal()


def out_of_quiet(at: int, quiet: QuietHours | None, zone: str) -> int:
    """The first moment from `at` on that is not in quiet hours."""
    while quiet is not None and _is_quiet(at, quiet, zone):
        at = _end(at, quiet, zone)
    return at


def _is_quiet(at: int, quiet: QuietHours, zone: str) -> bool:
    clock = shown(at, zone_named(zone))
    minute = clock.hour * 60 + clock.minute
    if quiet.start < quiet.stop:
        return quiet.start <= minute < quiet.stop
    return minute >= quiet.start or minute < quiet.stop


def _end(at: int, quiet: QuietHours, zone: str) -> int:
    """When clocks next show the end; for the second time, where they have shown it and went back."""
    clock = shown(at, zone_named(zone))
    day = clock.toordinal() + (clock.hour * 60 + clock.minute >= quiet.stop)
    end = at_clock(day, quiet.stop, zone)
    return end if end > at else max(_moments(_wall(day, quiet.stop), zone_named(zone)))
