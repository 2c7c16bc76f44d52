"""Columns of Spark as the rules' types, and whether SQL is sure to read in them what Python reads.

A column of its own type is read; of any other only its absence is sure. Rows that are not sure are left to Python, so
the conditions are narrow: a form that nobody writes need not be proved. They are those of `mailweave.batch.sql_values`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mailweave.batch.sql_values import LARGEST_MONEY, LARGEST_WHOLE
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
from mailweave.values.money import to_decimal

if TYPE_CHECKING:
    from pyspark.sql import Column
    from pyspark.sql.types import DataType

_SMALL = frozenset({"tinyint", "smallint", "int"})
_FIRST, _LAST = "1900-01-01", "2150-01-01"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, NULL where it is missing, and whether it is sure; that is never NULL."""

    value: Column
    sure: Column


def read(column: Column | None, kind: DataType | None, type: Type) -> Reading:
    """A column of one of Spark's types, or one that is not there, as a type of the rules."""
    from pyspark.sql import functions as f

    if column is None or kind is None:
        return Reading(f.lit(None).cast(sql_type(type)), f.lit(True))
    name = kind.simpleString()
    match type:
        case Text() | Enum() | Zone() if name == "string":
            return _known(column, _ascii(column))
        case Key() if name == "string" or name in _SMALL or name == "bigint":
            text = column.cast("string")
            return _known(text, _ascii(text))
        case Int() if name in _SMALL or name == "bigint":
            return _within(column.cast("bigint"), LARGEST_WHOLE)
        case Number() | Ratio() if name in _SMALL or name in ("double", "float"):
            value = column.cast("double")
            return _known(value, ~f.isnan(value) & ~value.isin(float("inf"), float("-inf")))
        case Money() if name in _SMALL or _is_amount(name):
            value = column.cast("decimal(38,4)")
            fits = value.between(-LARGEST_MONEY, LARGEST_MONEY)
            return Reading(f.when(fits, value.cast("decimal(18,4)")), column.isNull() | fits)
        case Bool() if name == "boolean":
            return Reading(column, f.lit(True))
        case Date() if name == "date":
            return _known(column, column.between(_FIRST, _LAST))
        case Instant() if name == "timestamp":
            return _known(column, column.between(f.lit(_FIRST).cast(name), f.lit(_LAST).cast(name)))
        case SetOf(item=Text() | Key() | Enum() | Zone()) if name == "array<string>":
            return _known(column, f.forall(column, lambda item: item.isNotNull() & _ascii(item)))
        case _:  # a pair that is not sure to be read as Python reads it
            return Reading(f.lit(None).cast(sql_type(type)), column.isNull())


def sql_type(type: Type) -> str:
    """The type of a value in a query."""
    match type:
        case Number() | Ratio():
            return "double"
        case Money():
            return "decimal(18,4)"
        case Bool():
            return "boolean"
        case Date():
            return "date"
        case Instant():
            return "timestamp"
        case SetOf(item=item):
            return f"array<{sql_type(item)}>"
        case ListOf(fields=fields):
            inside = ", ".join(f"`{field.column or field.name}`: {sql_type(field.type)}" for field in fields)
            return f"array<struct<{inside}>>"
        case Text() | Key() | Enum() | Zone():
            return "string"
        case Int() | Duration():
            return "bigint"


def admissible(reading: Reading, field: Field) -> Column:
    """Whether admission takes a field of an event, as far as that is easy to say; else Python decides."""
    from pyspark.sql import functions as f

    value, is_absent = reading.value, reading.value.isNull()
    found = reading.sure
    if not (field.optional or field.default is not None or isinstance(field.type, SetOf | ListOf)):
        found = found & ~is_absent
    match field.type:
        case Enum(members=members):
            found = found & (is_absent | value.isin(*members))
        case Ratio():
            found = found & (is_absent | value.between(0.0, 1.0))
        case Zone() | Date() | ListOf():
            found = found & is_absent
        case _:  # every value of its type may stand there
            pass
    for limit, is_least in ((field.minimum, True), (field.maximum, False)):
        if limit is not None:
            end: Any = _limit(field.type, limit)
            fits = f.lit(False) if end is None else (value >= end if is_least else value <= end)
            found = found & (is_absent | fits)
    return f.coalesce(found, f.lit(False))


def _limit(type: Type, limit: object) -> object:
    match type:
        case Int() | Number() | Ratio():
            return limit
        case Money():
            assert isinstance(limit, int)
            return to_decimal(limit)
        case _:  # no limit that SQL is sure to compare
            return None


def _known(value: Column, is_sure: Column) -> Reading:
    from pyspark.sql import functions as f

    return Reading(value, f.coalesce(value.isNull() | is_sure, f.lit(False)))


def _within(value: Column, largest: int) -> Reading:
    return _known(value, value.between(-largest, largest))  # abs() of the least number stops a query


def _is_amount(name: str) -> bool:
    """Whether a decimal has at most four places, and keeps its digits as decimal(38,4)."""
    if not name.startswith("decimal("):
        return False
    precision, scale = map(int, name.removeprefix("decimal(").removesuffix(")").split(","))
    return scale <= 4 and precision - scale <= 34


def _ascii(text: Column) -> Column:
    from pyspark.sql import functions as f

    return f.octet_length(text) == f.char_length(text)
