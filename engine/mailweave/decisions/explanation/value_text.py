"""Values as people write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from mailweave.schema.types import Money, Type

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def worded(value: Any, type: Type) -> str:
    """A known value in words; durations exactly, largest unit first.

    >>> from mailweave.schema.types import Duration
    >>> worded(timedelta(days=120, minutes=5), Duration())
    '120 days 5 minutes'
    >>> worded(Decimal("900.0000"), Money("USD"))
    '900.00 USD'
    """
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{_amount(value)} {type.currency}" if isinstance(type, Money) else str(value)
        case datetime() | date():
            return value.isoformat().replace("+00:00", "Z")
        case timedelta():
            return _duration(value)
        case frozenset() | list() | tuple():
            return "(" + ", ".join(sorted(map(str, value))) + ")" if value else "empty"
        case str():
            return value
        case _:  # numbers
            return repr(value)


def _amount(value: Decimal) -> str:
    plain = f"{value:.4f}"
    return plain[:-2] if plain.endswith("00") else plain


def _duration(value: timedelta) -> str:
    if value < timedelta(0):
        return f"-{_duration(-value)}"
    seconds, parts = value.days * 86_400 + value.seconds, []
    for name, size in _UNITS:
        count, seconds = divmod(seconds, size)
        parts += [_counted(count, name)] if count else []
    rest = f"{seconds}.{value.microseconds:06d}".rstrip("0") if value.microseconds else str(seconds)
    if rest != "0" or not parts:
        parts.append(f"{rest} second{'' if rest == '1' else 's'}")
    return " ".join(parts)


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")
