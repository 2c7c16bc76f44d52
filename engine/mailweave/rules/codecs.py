"""Data at the border: a value as it comes in JSON or Python, its normal form, and back again.

A reader raises `InvalidValue` with a reason that speaks of the value and never quotes it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias

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
from mailweave.values.durations import spoken, to_duration
from mailweave.values.instants import iso, to_day, to_instant
from mailweave.values.invalid_value import InvalidValue, mistyped
from mailweave.values.missing import MISSING, is_missing
from mailweave.values.money import to_decimal, to_units
from mailweave.values.numbers import LARGEST, SMALLEST
from mailweave.values.texts import to_text
from mailweave.values.zones import to_zone

Normal: TypeAlias = Any
"""A value in its normal form (see mailweave.values)."""

Reader: TypeAlias = Callable[[object], Normal]
Writer: TypeAlias = Callable[[Normal], object]


QUANTITIES: Final = (Int, Number, Ratio, Money, Date, Instant, Duration)


def is_quantity(type: Type) -> bool:
    """Whether values of a type are numbers inside: compared with `<`, missing as NaN."""
    return isinstance(type, QUANTITIES)


def missing(type: Type) -> Normal:
    """What a missing value of a type looks like inside."""
    return MISSING if is_quantity(type) else None


# ---- one reader for each type


def reader(type: Type) -> Reader:
    """The function that reads values of a type."""
    match type:
        case Enum():
            return _enum_reader(type)
        case Money():
            return lambda value: to_units(value, type.currency)
        case SetOf():
            return _set_reader(reader(type.item))
        case ListOf():
            return _list_reader(type.fields)
        case _:  # a KeyError for a type without a reader
            return _SIMPLE[type.__class__]


def _bool(value: object) -> bool:
    if value is True or value is False:
        return value
    raise mistyped(value, "true or false", "is neither true nor false")


def _int(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise mistyped(value, "a whole number")
    if not SMALLEST <= value <= LARGEST:
        raise InvalidValue("is a whole number past 64 bits")
    return value


def _number(value: object) -> float:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(_int(value))
    if not isinstance(value, float):
        raise mistyped(value, "a number")
    if not math.isfinite(value):
        raise InvalidValue("is not a finite number")
    return value


def _ratio(value: object) -> float:
    found = _number(value)
    if not 0.0 <= found <= 1.0:
        raise InvalidValue("is not between 0 and 1")
    return found


_SIMPLE: Final[Mapping[type, Reader]] = {
    Text: to_text,
    Key: to_text,
    Bool: _bool,
    Int: _int,
    Number: _number,
    Ratio: _ratio,
    Date: to_day,
    Instant: to_instant,
    Duration: to_duration,
    Zone: to_zone,
}


def _enum_reader(type: Enum) -> Reader:
    members = {name: name for name in type.members}

    def read(value: object) -> Normal:
        if not isinstance(value, str):
            raise mistyped(value, "a member of its enum")
        found = members.get(value)
        if found is None:
            raise InvalidValue("is not a member of its enum")
        return found

    return read


def _set_reader(item: Reader) -> Reader:
    def read(value: object) -> Normal:
        if not isinstance(value, list | tuple | set | frozenset):
            written = 'write it as `["oak", "linen"]`' if isinstance(value, str) else ""
            raise mistyped(value, "a list of items", advice=written)
        return frozenset(map(item, value))

    return read


def _list_reader(fields: Iterable[Field]) -> Reader:
    record = record_reader(fields)

    def read(value: object) -> Normal:
        if not isinstance(value, list | tuple):
            raise mistyped(value, "a list of records")
        return tuple(map(record, value))

    return read


def record_reader(fields: Iterable[Field]) -> Callable[[object], tuple[Normal, ...]]:
    """The function that reads a mapping into a tuple, one place for each field."""
    named = tuple((field.name, field.column or field.name, field_reader(field)) for field in fields)
    readers = tuple((column, read) for _, column, read in named)

    def read(value: object) -> tuple[Normal, ...]:
        if not isinstance(value, Mapping):
            raise mistyped(value, "a record", "holds an item that is no record")
        get = value.get
        try:
            return tuple([read(get(column)) for column, read in readers])
        except InvalidValue:  # rare: read once more, to say which field it was
            return tuple([_at(name, column, read, value) for name, column, read in named])

    return read


def _at(name: str, column: str, read: Reader, record: Mapping[Any, object]) -> Normal:
    try:
        return read(record.get(column))
    except InvalidValue as refusal:
        raise refusal.at(f".{name}") from None


def field_reader(field: Field, *, partial: bool = False) -> Reader:
    """The function that reads a declared field: absence, default and bounds included.

    With `partial` even a required field may be absent; it then reads as missing.
    """
    read, within = reader(field.type), _bounds(field)
    stands_for = absent(field, partial)

    def read_field(value: object) -> Normal:
        if value is not None:
            return read(value)
        if stands_for is REQUIRED:
            raise InvalidValue("is required, and absent")
        return stands_for

    def read_bounded(value: object) -> Normal:
        return read_field(value) if value is None else within(read(value))

    return read_field if within is _same else read_bounded


REQUIRED: Final = object()
"""The mark of a field that must be there."""


def absent(field: Field, partial: bool) -> Normal:
    """What an absent field reads as. Without `?`, an absent collection is empty."""
    if field.default is not None:
        return field.default
    if field.optional:
        return missing(field.type)
    if isinstance(field.type, SetOf):
        return frozenset()
    if isinstance(field.type, ListOf):
        return ()
    return missing(field.type) if partial else REQUIRED


def _bounds(field: Field) -> Reader:
    low, high = field.minimum, field.maximum
    if low is None and high is None:
        return _same
    if isinstance(field.type, Enum):
        return _ranked(field.type, low, high)

    def within(value: Normal) -> Normal:
        if (low is not None and value < low) or (high is not None and value > high):
            raise InvalidValue("is out of its bounds")
        return value

    return within


def _ranked(type: Enum, low: Normal, high: Normal) -> Reader:
    """Bounds of an ordered enum: its members from `low` to `high`."""
    first = 0 if low is None else type.members.index(low)
    last = len(type.members) if high is None else type.members.index(high) + 1
    allowed = frozenset(type.members[first:last])

    def within(value: Normal) -> Normal:
        if value not in allowed:
            raise InvalidValue("is out of its bounds")
        return value

    return within


# ---- and back


def writer(type: Type) -> Writer:
    """The function that turns a normal form into plain JSON types, money into Decimal; None for missing."""
    match type:
        case SetOf(item=item):
            one = writer(item)
            return lambda value: None if value is None else sorted(map(one, value), key=_order)
        case ListOf(fields=fields):
            record = record_writer(fields)
            return lambda value: None if value is None else [record(each) for each in value]
        case _:  # what has no writer is plain inside
            write = WRITERS.get(type.__class__)
            if write is not None:
                return lambda value: None if is_missing(value) else write(value)
            return _same_quantity if is_quantity(type) else _same


def _same_quantity(value: Normal) -> object:
    return None if is_missing(value) else value


def _same(value: Normal) -> Normal:
    return value


def _order(value: object) -> tuple[str, Any]:
    return (value.__class__.__name__, value)


WRITERS: Final[Mapping[type, Writer]] = {
    Money: lru_cache(maxsize=65_536)(to_decimal),
    Date: lru_cache(maxsize=4_096)(lambda day: date.fromordinal(day).isoformat()),
    Instant: iso,
    Duration: spoken,
}


def record_writer(fields: Iterable[Field]) -> Callable[[Iterable[Normal]], dict[str, object]]:
    """The function that turns a record into a mapping of plain values; what is missing is left out."""
    named = tuple((field.name, writer(field.type)) for field in fields)

    def write(record: Iterable[Normal]) -> dict[str, object]:
        written = {name: write(value) for (name, write), value in zip(named, record, strict=True)}
        if None in written.values():
            return {name: value for name, value in written.items() if value is not None}
        return written

    return write
