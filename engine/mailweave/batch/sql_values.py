"""Values as SQL reads them, by the types that the rules declare, and whether that is sure to be what Python reads.

A reading is two pieces of SQL: a value, and a condition under which the value is what admission would make of the same
datum, should it admit it. Where the condition does not hold, Python decides. So the conditions are narrow: a form that
nobody writes need not be proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mailweave.batch.list_import import quoted
from mailweave.schema import types as t

# quotients and averages of such numbers, and of sums of them, are exact in a double
LARGEST_WHOLE: Final = 10**9
LARGEST_MONEY: Final = 10**7
_FIRST, _LAST = "1900-01-01", "2150-01-01"  # spans between such moments are exact in a double
_DATE: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INSTANT: Final = (
    _DATE + "[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])"
)
_MONEY: Final = r"-?[0-9]{1,14}([.][0-9]{1,4})?"


@dataclass(frozen=True, slots=True)
class Reading:
    """SQL for a value, NULL where it is missing, and for whether it is sure."""

    value: str
    sure: str = "TRUE"

    def where(self, *conditions: str) -> Reading:
        """The same, sure only where the conditions hold too, or where there is no value."""
        return Reading(self.value, " AND ".join([self.sure, *conditions]))


def sql_type(type: t.Type) -> str:
    """The type of a value in a query."""
    match type:
        case t.Int():
            return "BIGINT"
        case t.Number() | t.Ratio():
            return "DOUBLE"
        case t.Money():
            return "DECIMAL(18, 4)"
        case t.Bool():
            return "BOOLEAN"
        case t.Date():
            return "DATE"
        case t.Instant():
            return "TIMESTAMPTZ"
        case t.SetOf(item=item):
            return f"{sql_type(item)}[]"
        case t.ListOf(fields=fields):
            return (
                "STRUCT("
                + ", ".join(f"{quoted(f.column or f.name)} {sql_type(f.type)}" for f in fields)
                + ")[]"
            )
        case t.Text() | t.Key() | t.Enum() | t.Zone():
            return "VARCHAR"
        case t.Duration():
            return "BIGINT"


def nothing(type: t.Type, datum: str = "") -> Reading:
    """A datum that SQL does not read; sure only where there is none."""
    return Reading(f"CAST(NULL AS {sql_type(type)})", f"{datum} IS NULL" if datum else "TRUE")


def text(datum: str, type: t.Type) -> Reading:
    """A datum that is a text, by a type whose values Python reads from texts."""
    match type:
        case t.Text() | t.Key() | t.Enum() | t.Zone():
            return Reading(datum, f"coalesce({ascii_only(datum)} OR nfc_normalize({datum}) = {datum}, TRUE)")
        case t.Date():
            return written(datum, type, _DATE, in_years)
        case t.Instant():
            return written(datum, type, _INSTANT, in_years)
        case t.Money():
            return written(datum, type, _MONEY, lambda value: bounded(value, LARGEST_MONEY))
        case _:  # Python reads no text for it
            return nothing(type, datum)


def written(datum: str, type: t.Type, pattern: str, read: Any) -> Reading:
    """A text of one form, or none."""
    value = read(f"TRY_CAST({datum} AS {sql_type(type)})")
    fits = f"regexp_full_match({datum}, '{pattern}') AND {value.value} IS NOT NULL AND {value.sure}"
    return Reading(value.value, f"({datum} IS NULL OR ({fits}))")


def bounded(value: str, largest: int) -> Reading:
    """A number, sure up to a size."""
    return Reading(value, f"coalesce({value} BETWEEN -{largest} AND {largest}, TRUE)")


def in_years(value: str) -> Reading:
    """A moment or day, sure in years that people write."""
    return Reading(value, f"coalesce({value} BETWEEN '{_FIRST}' AND '{_LAST}', TRUE)")


def ascii_only(value: str) -> str:
    """Whether a text has no letters but those of ASCII."""
    return f"strlen({value}) = length({value})"


def prefixes(path: tuple[str, ...]) -> list[str]:
    """The names of columns that may hold what stands under a path, the outermost first.

    >>> prefixes(("scores", "churn", "value"))
    ['scores', 'scores.churn', 'scores.churn.value']
    """
    return [".".join(path[:depth]) for depth in range(1, len(path) + 1)]


def literal(value: str) -> str:
    """A text, quoted."""
    return "'" + value.replace("'", "''") + "'"
