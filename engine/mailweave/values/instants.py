"""Instants and dates: microseconds since 1970 in UTC, and days since 0001-01-01.

A moment without a zone is nobody's moment: it is refused, never guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from mailweave.values.durations import microseconds
from mailweave.values.refused import Refused

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FIRST: Final = microseconds(datetime(1, 1, 2, tzinfo=UTC) - EPOCH)
LAST: Final = microseconds(datetime(9999, 12, 31, tzinfo=UTC) - EPOCH)

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)?",
    re.ASCII,
)


def to_instant(value: object) -> int:
    """A moment as microseconds, from a datetime with a zone or from ISO 8601 text with an offset.

    Digits beyond the microsecond are cut off. Raises Refused.

    >>> to_instant("1970-01-01T01:00+01:00"), to_instant(datetime(1970, 1, 2, tzinfo=UTC))
    (0, 86400000000)
    """
    moment = _parsed(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise Refused("is not an instant: give ISO 8601 text or a datetime, with a zone")
    if moment.utcoffset() is None:
        raise Refused("is an instant without a zone")
    found = microseconds(moment - EPOCH)
    if not FIRST <= found <= LAST:
        raise Refused("is an instant outside the years 1 to 9999")
    return found


def _parsed(text: str) -> datetime:
    if not _INSTANT.fullmatch(text):
        raise Refused("is not an instant in ISO 8601")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refused("is not an instant in ISO 8601") from None


def to_datetime(at: int) -> datetime:
    """Microseconds as a datetime in UTC."""
    return EPOCH + timedelta(microseconds=at)


def iso(at: int) -> str:
    """Microseconds as ISO 8601 text.

    >>> iso(0), iso(1)
    ('1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000001Z')
    """
    return to_datetime(at).isoformat().replace("+00:00", "Z")


def to_day(value: object) -> int:
    """A date as a day number, from a date or from ISO 8601 text. Raises Refused.

    >>> to_day("0001-01-01"), to_day(date(1, 1, 2))
    (1, 2)
    """
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value).toordinal()
        except ValueError:
            raise Refused("is a date that no calendar has") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal()
    raise Refused("is not a date: give ISO 8601 text or a date")


def dated(text: str) -> tuple[int, str]:
    """The day number of a date in ISO 8601 text, and the text in its one form. Raises Refused.

    >>> dated("0001-01-02")
    (2, '0001-01-02')
    """
    day = to_day(text)
    return day, date.fromordinal(day).isoformat()


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def to_zone(value: object) -> str:
    """The name of a zone of the IANA data base. Raises Refused.

    >>> to_zone("Europe/Paris")
    'Europe/Paris'
    """
    if isinstance(value, ZoneInfo):
        value = value.key
    if not isinstance(value, str):
        raise Refused("is not the name of a zone")
    if value not in _zones():
        raise Refused("is a zone that the IANA data base does not know")
    return value


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of a name that `to_zone` has let through."""
    return ZoneInfo(name)
