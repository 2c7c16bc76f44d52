"""Dates, read from what data holds. No clock, no zone of the machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from mailweave.liquid.date_texts import read_date

_LONGEST = 60  # characters of a text that may be a date
_PLAUSIBLE = 1e11  # seconds from 1970; beyond, a number is no time


def moment(value: Any, zone: tzinfo | None) -> datetime | None:
    """The date and time that a value stands for; None when it is none.

    Texts, dates, and seconds since 1970 are read. An instant with a zone is shown in `zone`; a text
    that leaves the year or the day open is no date, for only a clock could fill it.

    >>> moment("2026-11-22", None)
    datetime.datetime(2026, 11, 22, 0, 0)
    >>> moment("10:30", None) is None
    True
    """
    if isinstance(value, datetime):
        return value.astimezone(zone) if zone and value.tzinfo else value
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    if type(value) is int:
        return _since_1970(value, zone)
    return _read(value.strip(), zone) if isinstance(value, str) and len(value) <= _LONGEST else None


def of_day(value: str) -> datetime | None:
    """`moment` of a text like 2026-11-22, which no zone can move."""
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return moment(value, None)


def _since_1970(seconds: int, zone: tzinfo | None) -> datetime | None:
    if abs(seconds) > _PLAUSIBLE:
        return None
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone or UTC)


def _read(value: str, zone: tzinfo | None) -> datetime | None:
    if value.isascii() and value.isdigit() and len(value) != 8:
        return _since_1970(int(value), zone) if len(value) < 12 else None
    found = read_date(value)
    return found.astimezone(zone) if found and zone and found.tzinfo else found
