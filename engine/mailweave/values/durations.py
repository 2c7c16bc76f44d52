"""Durations: whole microseconds. A day is 24 hours; months and years are no durations."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from mailweave.values.invalid_value import InvalidValue, mistyped

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


_SPOKEN: Final = re.compile(r"([0-9]{1,12}) (second|minute|hour|day|week)s?", re.ASCII)
_ISO: Final = re.compile(
    r"P(?:([0-9]{1,12})W)?(?:([0-9]{1,12})D)?"
    r"(?:T(?:([0-9]{1,12})H)?(?:([0-9]{1,12})M)?(?:([0-9]{1,12})S)?)?(?<![PT])",
    re.ASCII,
)
_LARGEST: Final = 2**63 - 1

_ADVICE: Final = "give a timedelta, `14 days` or ISO 8601"


def to_duration(value: object) -> int:
    """A duration as microseconds, from a timedelta, from `14 days` or from ISO 8601 (`P14D`, `PT36H`).

    Raises InvalidValue.

    >>> to_duration("14 days") == to_duration("P2W") == to_duration(timedelta(days=14)) == 14 * DAY
    True
    """
    if isinstance(value, timedelta):
        return microseconds(value)
    if not isinstance(value, str):
        raise mistyped(value, "a duration", advice=_ADVICE)
    found = _written(value)
    if found is None:
        raise InvalidValue(f"is not a duration: {_ADVICE}")
    if found > _LARGEST:
        raise InvalidValue("is a longer duration than 64 bits hold")
    return found


def _written(text: str) -> int | None:
    spoken = _SPOKEN.fullmatch(text)
    if spoken:
        return int(spoken[1]) * UNITS[spoken[2]]
    parts = _ISO.fullmatch(text)
    sizes = (WEEK, DAY, HOUR, MINUTE, SECOND)
    return sum(int(n or 0) * size for n, size in zip(parts.groups(), sizes, strict=True)) if parts else None
