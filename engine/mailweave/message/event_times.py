"""When an event is, as texts say it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from mailweave.values.durations import to_duration
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.zones import zone_named

When: TypeAlias = datetime | date
"""An instant in UTC, or a day, which is nobody's zone."""

_WHEN = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)? ?(Z|UTC|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
_FIRST, _LAST = 1583, 9900  # years that calendars and zones know


def moment(text: str, zone: str) -> When:
    """When a text says: a day, an instant with an offset, or a time of day in `zone`. Raises InvalidValue.

    Of a time that is there twice the first one is meant, and one that is not there is read by the offset before the gap
    (RFC 5545, 3.3.5).

    >>> moment("2026-03-01T09:30", "Europe/Paris").isoformat(), moment("2026-03-01", "UTC").isoformat()
    ('2026-03-01T08:30:00+00:00', '2026-03-01')
    >>> moment("2026-03-01 09:30:00 +0200", "UTC").isoformat()
    '2026-03-01T07:30:00+00:00'
    """
    found = _WHEN.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        day = date.fromisoformat(found[1])
        if not _FIRST <= day.year <= _LAST:
            raise ValueError
        if found[2] is None:
            return day
        clock = time.fromisoformat(found[2])
        offset = "+00:00" if found[3] in ("Z", "UTC") else found[3]
        if offset is None:
            return datetime.combine(day, clock, zone_named(zone)).astimezone(UTC)
        return datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(UTC)
    except ValueError:
        raise InvalidValue("is no moment such as 2026-03-01T09:30, 2026-03-01T09:30Z or 2026-03-01") from None


def lasting(text: str) -> timedelta:
    """How long a text says, in whole seconds. Raises InvalidValue.

    >>> lasting("90 minutes"), lasting("PT36H")
    (datetime.timedelta(seconds=5400), datetime.timedelta(days=1, seconds=43200))
    """
    found = to_duration(text)
    if not 0 < found <= to_duration("520 weeks") or found % 1_000_000:
        raise InvalidValue("is no duration from 1 second to 520 weeks")
    return timedelta(microseconds=found)
