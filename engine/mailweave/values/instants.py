"""Instants and dates: microseconds since 1970 in UTC, and days since 0001-01-01.

A moment without a zone is nobody's moment: it is refused, never guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from mailweave.values.durations import microseconds
from mailweave.values.invalid_value import InvalidValue, mistyped

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FIRST: Final = microseconds(datetime(1, 1, 2, tzinfo=UTC) - EPOCH)
LAST: Final = microseconds(datetime(9999, 12, 31, tzinfo=UTC) - EPOCH)

_ADVICE: Final = "give ISO 8601 text or a date"
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)?",
    re.ASCII,
)


def to_instant(value: object) -> int:
    """A moment as microseconds, from a datetime with a zone or from ISO 8601 text with an offset.

    Digits beyond the microsecond are cut off. Raises InvalidValue.

    >>> to_instant("1970-01-01T01:00+01:00"), to_instant(datetime(1970, 1, 2, tzinfo=UTC))
    (0, 86400000000)
    """
    moment = _parsed(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise mistyped(value, "an instant", advice="give ISO 8601 text or a datetime, with a zone")
    if moment.tzinfo is None:
        raise InvalidValue("is an instant without a zone")
    found = _since_epoch(moment)
    if not FIRST <= found <= LAST:
        raise InvalidValue("is an instant outside the years 1 to 9999")
    return found


def _since_epoch(moment: datetime) -> int:
    try:
        return microseconds(moment - EPOCH)
    except (
        TypeError,
        ValueError,
        ArithmeticError,
        AttributeError,
    ):  # pandas.NaT, a zone that answers nothing
        raise InvalidValue("is an instant without a zone") from None


def _parsed(text: str) -> datetime:
    if not _INSTANT.fullmatch(text):
        raise InvalidValue("is not an instant in ISO 8601")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue("is not an instant in ISO 8601") from None


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
    """A date as a day number, from a date or from ISO 8601 text. Raises InvalidValue.

    >>> to_day("0001-01-01"), to_day(date(1, 1, 2))
    (1, 2)
    """
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value).toordinal()
        except ValueError:
            raise InvalidValue("is a date that no calendar has") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal()
    if isinstance(value, str):
        raise InvalidValue(f"is not a date: {_ADVICE}")
    raise mistyped(value, "a date", advice=_ADVICE)


def dated(text: str) -> tuple[int, str]:
    """The day number of a date in ISO 8601 text, and the text in its one form. Raises InvalidValue.

    >>> dated("0001-01-02")
    (2, '0001-01-02')
    """
    day = to_day(text)
    return day, date.fromordinal(day).isoformat()
