"""Durations: whole microseconds. A day is 24 hours; months and years are no durations."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY

UNITS: Final = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK}


def microseconds(value: timedelta) -> int:
    """A timedelta as whole microseconds, exactly."""
    return (value.days * 86_400 + value.seconds) * SECOND + value.microseconds


def spoken(value: int) -> str:
    """A duration in the largest unit that divides it.

    >>> spoken(14 * DAY), spoken(90 * MINUTE), spoken(WEEK), spoken(1)
    ('2 weeks', '90 minutes', '1 week', '0.000001 seconds')
    """
    for name in ("week", "day", "hour", "minute", "second"):
        size = UNITS[name]
        if value % size == 0:
            count = value // size
            return f"{count} {name}" if abs(count) == 1 else f"{count} {name}s"
    return f"{value / SECOND:.6f}".rstrip("0") + " seconds"
