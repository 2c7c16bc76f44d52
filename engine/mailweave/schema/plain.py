"""Values of declared types: from their normal form to plain JSON, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from mailweave.schema import types as t
from mailweave.schema.model import Value
from mailweave.values import durations, instants, money, texts, zones
from mailweave.values.invalid_value import InvalidValue

_PLAIN: Mapping[type[t.Type], Callable[[Any], Any]] = {
    t.Money: lambda value: str(money.to_decimal(value)),
    t.Date: lambda value: date.fromordinal(value).isoformat(),
    t.Instant: instants.iso,
    t.Duration: lambda value: iso_duration(value),
}


def plain(value: Value, type_: t.Type) -> Any:
    """A value as callers give it: money as decimal text, times in ISO 8601."""
    return _PLAIN.get(type(type_), lambda same: same)(value)


def iso_duration(value: int) -> str:
    """Microseconds in ISO 8601.

    >>> iso_duration(14 * durations.DAY), iso_duration(90 * durations.SECOND), iso_duration(1)
    ('P14D', 'PT90S', 'PT0.000001S')
    """
    days, rest = divmod(abs(value), durations.DAY)
    sign = "-" if value < 0 else ""
    if not rest:
        return f"{sign}P{days}D"
    seconds, micros = divmod(abs(value), durations.SECOND)
    return f"{sign}PT{seconds}.{micros:06d}S" if micros else f"{sign}PT{seconds}S"


def normal(value: object, type_: t.Type) -> Value:
    """A plain value in its normal form. Raises InvalidValue.

    >>> normal("2.50", t.Money("USD")), normal(3, t.Number())
    (25000, 3.0)
    """
    match type_:
        case t.Money(currency=currency):
            return money.to_units(value, currency)
        case t.Date():
            return instants.to_day(value)
        case t.Instant():
            return instants.to_instant(value)
        case t.Duration():
            return durations.to_duration(value)
        case t.Zone():
            return zones.to_zone(value)
        case t.Bool() if isinstance(value, bool):
            return value
        case t.Int() if isinstance(value, int) and not isinstance(value, bool):
            return value
        case t.Number() | t.Ratio() if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        case t.Enum(members=members) if isinstance(value, str) and value in members:
            return value
        case t.Text() | t.Key():
            return texts.to_text(value)
        case _:  # a value that is none of its type
            raise InvalidValue(f"is not of type {type_}")
