"""What values mean in Python's own types: the arithmetic and the calendar of the naive interpreter.

Decimal, date, datetime and timedelta; missing and unknown are None. Written to be obviously right, not fast.
"""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias
from unicodedata import normalize

from mailweave.rules.typed import Comparison, Function, Operator
from mailweave.schema.model import EventType
from mailweave.schema.types import (
    Bool,
    Date,
    Duration,
    Enum,
    Field,
    Instant,
    Int,
    Key,
    ListOf,
    Money,
    Number,
    Ratio,
    SetOf,
    Text,
    Type,
    Zone,
)
from mailweave.values.calendar import CalendarWindow
from mailweave.values.durations import to_duration

Natural: TypeAlias = Any
"""A value in Python's own type for it; None is missing, and unknown for a condition."""

Record: TypeAlias = dict[str, Natural]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# ---- three-valued logic


def kleene_not(value: bool | None) -> bool | None:
    return None if value is None else not value


def kleene_and(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    if any(value is False for value in found):
        return False
    return None if any(value is None for value in found) else True


def known(values: list[Natural], then: Callable[..., Natural]) -> Natural:
    """None when something is missing, else what `then` makes of the values."""
    return None if any(value is None for value in values) else then(*values)


# ---- operators


def compare(left: Natural, op: Comparison, right: Natural, type: Type) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(type, Enum) and op not in ("==", "!="):
        left, right = type.members.index(left), type.members.index(right)
    match op:
        case "==":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case ">=":
            return bool(left >= right)


def calculate(left: Natural, op: Operator, right: Natural, type: Type) -> Natural:
    match op:
        case "+":
            return within_type(left + right, type)
        case "-":
            return within_type(left - right, type)
        case "*":
            return within_type(left * right, type)
        case "/":
            return divided(left, right)


def divided(left: Natural, right: Natural) -> float | None:
    if right == 0:
        return None
    if isinstance(left, float):
        quotient = left / right
    elif isinstance(left, timedelta):
        quotient = float(Fraction(microseconds(left), microseconds(right)))
    else:
        quotient = float(Fraction(left) / Fraction(right))
    return quotient if math.isfinite(quotient) else None


def within_type(value: Natural, type: Type) -> Natural:
    """A result, or None when its type does not hold it."""
    match type:
        case Int():
            return value if -(2**63) <= value < 2**63 else None
        case Money():
            return value if abs(value) < 10**14 else None
        case Duration():
            return value if -(2**63) <= microseconds(value) < 2**63 else None
        case Number() | Ratio():
            return value if math.isfinite(value) else None
        case Text() | Key() | Bool() | Date() | Instant() | Zone() | Enum() | SetOf() | ListOf():
            raise TypeError(f"nothing is calculated in {type}")


def aggregate(function: Function, values: list[Natural], type: Type, result: Type) -> Natural:
    """An aggregate over known values; of first and last, only those of one moment are left."""
    match function:
        case "count":
            return len(values)
        case "distinct":
            return len(set(values))
        case "sum":
            return summed(values, type)
        case "avg":
            return averaged(values, type, result)
        case "min":
            return min(values, key=rank(type), default=None)
        case "max" | "first" | "last":
            return max(values, key=rank(type), default=None)


def rank(type: Type) -> Callable[[Natural], Natural]:
    return type.members.index if isinstance(type, Enum) and type.ordered else lambda value: value


def summed(values: list[Natural], type: Type) -> Natural:
    if isinstance(type, Number | Ratio):
        try:
            return within_type(math.fsum(values), type)
        except OverflowError:
            return None
    zero: Natural = (
        timedelta(0) if isinstance(type, Duration) else Decimal(0) if isinstance(type, Money) else 0
    )
    return within_type(sum(values, zero), type)


def averaged(values: list[Natural], type: Type, result: Type) -> Natural:
    if not values:
        return None
    if isinstance(result, Money):
        exact = Fraction(sum(values)) / len(values) * 10_000
        return Decimal(round(exact)).scaleb(-4)  # round() is half to even
    if isinstance(type, Number | Ratio):
        total = summed(values, type)
        return None if total is None else total / len(values)
    if isinstance(type, Duration):
        exact = Fraction(sum(map(microseconds, values)), len(values))
        return timedelta(microseconds=round(exact))
    return float(Fraction(sum(values), len(values)))


def glob_matches(pattern: str, text: str) -> bool:
    """fnmatch, whose brackets are plain characters here."""
    plain = "".join(f"[{char}]" if char == "[" else char for char in pattern)
    return re.fullmatch(fnmatch.translate(plain), text) is not None


# ---- calendars


def calendar_days(window: CalendarWindow, today: date) -> tuple[date, date]:
    """The first and the last day of a calendar window, found by walking from unit to unit."""
    first, last = unit_around(today, window.unit)
    for _ in range(window.count - 1):
        if window.last:
            first = unit_around(first - timedelta(days=1), window.unit)[0]
        else:
            last = unit_around(last + timedelta(days=1), window.unit)[1]
    return first, last


def unit_around(day: date, unit: str) -> tuple[date, date]:
    """The first and the last day of the day, week, month or year that holds a day."""
    one = timedelta(days=1)
    same: Callable[[date], object] = {
        "day": lambda each: each,
        "week": lambda each: each.isocalendar()[:2],
        "month": lambda each: (each.year, each.month),
        "year": lambda each: each.year,
    }[unit]
    first = last = day
    while same(first - one) == same(day):
        first -= one
    while same(last + one) == same(day):
        last += one
    return first, last


def anniversary(born: date, today: date) -> date:
    day = today
    while not returns_on(born, day):
        day += timedelta(days=1)
    return day


def returns_on(born: date, day: date) -> bool:
    if (day.month, day.day) == (born.month, born.day):
        return True
    ends_february = (day + timedelta(days=1)).month == 3 and day.month == 2
    return (born.month, born.day) == (2, 29) and ends_february and day.day == 28


# ---- reading


def microseconds(value: timedelta) -> int:
    return value // timedelta(microseconds=1)


def natural(type: Type, value: Any) -> Natural:
    """A literal of the checked text, held in the engine's normal form, as Python's own type."""
    if value is None:
        return None
    match type:
        case Money():
            return Decimal(value).scaleb(-4)
        case Instant():
            return _EPOCH + timedelta(microseconds=value)
        case Duration():
            return timedelta(microseconds=value)
        case Date():
            return date.fromordinal(value)
        case Text() | Key() | Bool() | Int() | Number() | Ratio() | Zone() | Enum() | SetOf() | ListOf():
            return value


def read_field(field: Field, value: Any) -> Natural:
    if value is not None:
        return read(field.type, value)
    if field.default is not None:
        return natural(field.type, field.default)
    if field.optional:
        return None
    return {SetOf: frozenset(), ListOf: []}.get(field.type.__class__)


def read(type: Type, value: Any) -> Natural:
    """Valid plain data as Python's own type."""
    if value is None:
        return None
    match type:
        case Money():
            return Decimal(str(value).split(" ")[0])
        case Instant():
            return instant(value)
        case Date():
            return date.fromisoformat(value) if isinstance(value, str) else value
        case Number() | Ratio():
            return float(value)
        case Duration():
            return timedelta(microseconds=to_duration(value))
        case SetOf(item=item):
            return frozenset(read(item, each) for each in value)
        case ListOf(fields=fields):
            return [{f.name: read_field(f, each.get(f.column or f.name)) for f in fields} for each in value]
        case Text() | Key() | Bool() | Int() | Duration() | Zone() | Enum():
            return normalize("NFC", value) if isinstance(value, str) else value


def read_event(event: EventType, given: Mapping[str, Any]) -> Record:
    fields = {
        name: read_field(field, given.get(field.column or name)) for name, field in event.fields.items()
    }
    return {**fields, "at": instant(given["at"])}


def instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
