"""Staged data as SQL reads them by their declared types, and whether that is sure to be what Python reads.

A reading is two pieces of SQL: a value, and a condition under which the value is what admission would make of the same
datum, should it admit it. Where the condition does not hold, Python decides. So the conditions are narrow: a form that
nobody writes need not be proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from mailweave.batch.cells import TRUTHS
from mailweave.batch.intake import RAW, Form, json_path, quoted
from mailweave.schema.types import (
    Bool,
    Date,
    Enum,
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

LARGEST_WHOLE: Final = (
    10**9
)  # quotients and averages of such numbers, and of sums of them, are exact in a double
LARGEST_MONEY: Final = 10**7
_FIRST, _LAST = "1900-01-01", "2150-01-01"  # spans between such moments are exact in a double
_DATE: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INSTANT: Final = (
    _DATE + "[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])"
)
_MONEY: Final = r"-?[0-9]{1,14}([.][0-9]{1,4})?"
_WHOLE: Final = "-?[0-9]{1,18}"
_DECIMAL: Final = r"-?[0-9]{1,15}([.][0-9]{1,15})?"
_SMALL_WHOLES: Final = frozenset({"tinyint", "smallint", "integer", "utinyint", "usmallint"})
_WHOLES: Final = _SMALL_WHOLES | {"bigint", "uinteger"}


@dataclass(frozen=True, slots=True)
class Reading:
    """SQL for a value, NULL where it is missing, and for whether it is sure."""

    value: str
    sure: str = "TRUE"

    def where(self, *conditions: str) -> Reading:
        """The same, sure only where the conditions hold too, or where there is no value."""
        return Reading(self.value, " AND ".join([self.sure, *conditions]))


class Rows(Protocol):
    """Rows of one form. `read`: the datum at a path of columns and members, by a type."""

    def read(self, path: tuple[str, ...], type: Type) -> Reading: ...

    @property
    def sure(self) -> str:
        """What must hold of a whole row."""
        ...


def rows_of(form: Form, columns: Mapping[str, Any], alias: str) -> Rows:
    """The rows of a table with this alias, which has these columns."""
    if form == "lines":
        # a line that is no JSON was staged as an empty text
        return Lines(f"nullif({alias}.{quoted(RAW)}, '')")
    if form == "cells":
        return Cells(alias, frozenset(columns))
    return Columns(alias, columns)


def sql_type(type: Type) -> str:
    """The type of a value in a query."""
    match type:
        case Int():
            return "BIGINT"
        case Number() | Ratio():
            return "DOUBLE"
        case Money():
            return "DECIMAL(18, 4)"
        case Bool():
            return "BOOLEAN"
        case Date():
            return "DATE"
        case Instant():
            return "TIMESTAMPTZ"
        case SetOf(item=item):
            return f"{sql_type(item)}[]"
        case ListOf(fields=fields):
            return (
                "STRUCT("
                + ", ".join(f"{quoted(f.column or f.name)} {sql_type(f.type)}" for f in fields)
                + ")[]"
            )
        case Text() | Key() | Enum() | Zone():
            return "VARCHAR"
        case _:
            return "BIGINT"


def nothing(type: Type, datum: str = "") -> Reading:
    """A datum that SQL does not read; sure only where there is none."""
    return Reading(f"CAST(NULL AS {sql_type(type)})", f"{datum} IS NULL" if datum else "TRUE")


# ---- a value of its own type


@dataclass(frozen=True, slots=True)
class Columns:
    """Parquet and DuckDB: each column has a type."""

    alias: str
    columns: Mapping[str, Any]

    @property
    def sure(self) -> str:
        return "TRUE"

    def read(self, path: tuple[str, ...], type: Type) -> Reading:
        kinds, datum = self.columns, self.alias
        for name in path:
            if name not in kinds:
                return nothing(type)
            kind, datum = kinds[name], f"{datum}.{quoted(name)}"
            kinds = dict(kind.children) if kind.id == "struct" else {}
        return typed(datum, kind, type)


def typed(datum: str, kind: Any, type: Type) -> Reading:
    """A datum whose type DuckDB knows."""
    if kind.id == "varchar":
        return text(datum, type)
    match type:
        case Int() if kind.id in _WHOLES:
            return _bounded(f"CAST({datum} AS BIGINT)", LARGEST_WHOLE)
        case Number() | Ratio() if kind.id in _SMALL_WHOLES | {"double", "float"}:
            return Reading(f"CAST({datum} AS DOUBLE)")
        case Money() if _is_amount(kind):
            own = _bounded(f"TRY_CAST({datum} AS DECIMAL(18, 4))", LARGEST_MONEY)
            return own.where(f"({datum} IS NULL OR {own.value} IS NOT NULL)")
        case Bool() if kind.id == "boolean":
            return Reading(datum)
        case Date() if kind.id == "date":
            return _in_years(datum)
        case Instant() if kind.id == "timestamp with time zone":
            return _in_years(datum)
        case SetOf(item=Text() | Key() | Enum() | Zone()) if _is_list(kind, "varchar"):
            return Reading(
                datum, f"coalesce(list_count({datum}) = len({datum}) AND {_ascii(_joined(datum))}, TRUE)"
            )
        case ListOf(fields=fields) if kind.id == "list":
            return _records(datum, dict(kind.children)["child"], type, fields)
        case Key() if kind.id in _WHOLES:
            return Reading(f"CAST({datum} AS VARCHAR)")
        case _:
            return nothing(type, datum)


def _is_amount(kind: Any) -> bool:
    if str(kind.id) in _SMALL_WHOLES:
        return True
    return kind.id == "decimal" and int(dict(kind.children)["scale"]) <= 4


def _is_list(kind: Any, item: str) -> bool:
    return kind.id == "list" and str(dict(kind.children)["child"].id) == item


def _records(datum: str, item: Any, type: Type, fields: Any) -> Reading:
    """A list of records whose every field has the very type that a query reads."""
    own = dict(item.children) if item.id == "struct" else {}
    plain = ("BIGINT", "DOUBLE", "DECIMAL(18, 4)", "BOOLEAN", "VARCHAR")
    named = [(f.column or f.name, sql_type(f.type).replace(" ", "")) for f in fields]
    if any(kind.replace(" ", "") not in {p.replace(" ", "") for p in plain} for _, kind in named):
        return nothing(type, datum)
    if any(name not in own or str(own[name]).replace(" ", "") != kind for name, kind in named):
        return nothing(type, datum)
    if any(f.minimum is not None or f.maximum is not None or f.default is not None for f in fields):
        return nothing(type, datum)
    if any(isinstance(f.type, Int | Money) for f in fields):
        names = [f.column or f.name for f in fields if isinstance(f.type, Int | Money)]
        largest = " AND ".join(
            f"coalesce(t.{quoted(n)} BETWEEN -{LARGEST_MONEY} AND {LARGEST_MONEY}, TRUE)" for n in names
        )
        small = f"len(list_filter({datum}, lambda t: NOT ({largest}))) = 0"
    else:
        small = "TRUE"
    whole = f"list_count({datum}) = len({datum})"
    return Reading(datum, f"coalesce({whole} AND {small} AND {_ascii(f'CAST({datum} AS VARCHAR)')}, TRUE)")


# ---- a text


def text(datum: str, type: Type) -> Reading:
    """A datum that is a text, by a type whose values Python reads from texts."""
    match type:
        case Text() | Key() | Enum() | Zone():
            return Reading(datum, f"coalesce({_ascii(datum)} OR nfc_normalize({datum}) = {datum}, TRUE)")
        case Date():
            return _written(datum, type, _DATE, _in_years)
        case Instant():
            return _written(datum, type, _INSTANT, _in_years)
        case Money():
            return _written(datum, type, _MONEY, lambda value: _bounded(value, LARGEST_MONEY))
        case _:
            return nothing(type, datum)


def _written(datum: str, type: Type, pattern: str, read: Any) -> Reading:
    """A text of one form, or none."""
    value = read(f"TRY_CAST({datum} AS {sql_type(type)})")
    fits = f"regexp_full_match({datum}, '{pattern}') AND {value.value} IS NOT NULL AND {value.sure}"
    return Reading(value.value, f"({datum} IS NULL OR ({fits}))")


def _bounded(value: str, largest: int) -> Reading:
    return Reading(value, f"coalesce({value} BETWEEN -{largest} AND {largest}, TRUE)")


def _in_years(value: str) -> Reading:
    return Reading(value, f"coalesce({value} BETWEEN '{_FIRST}' AND '{_LAST}', TRUE)")


def _ascii(value: str) -> str:
    return f"strlen({value}) = length({value})"


def _joined(items: str) -> str:
    return f"array_to_string({items}, '')"


# ---- a member of a JSON document


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of JSON; `document`: SQL for a line."""

    document: str

    @property
    def sure(self) -> str:
        """Of a member that stands there twice, Python takes the last and DuckDB the first."""
        keys = f"json_keys({self.document})"
        return f"len({keys}) = len(list_distinct({keys}))"

    def read(self, path: tuple[str, ...], type: Type) -> Reading:
        checks = [self.only_once(path[:depth]) for depth in range(1, len(path))]
        return self.member(path, type).where(*checks)

    def only_once(self, path: tuple[str, ...]) -> str:
        """Whether an inner object has each of its members once."""
        keys = f"json_keys({self.document}, {_literal(json_path(*path))})"
        return f"coalesce(len({keys}) = len(list_distinct({keys})), TRUE)"

    def member(self, path: tuple[str, ...], type: Type) -> Reading:
        """A member, by the type of its JSON."""
        at = _literal(json_path(*path))
        kind = f"json_type({self.document}, {at})"
        plain = f"json_extract_string({self.document}, {at})"
        absent = f"coalesce({kind} = 'NULL', TRUE)"
        match type:
            case Bool():
                value = f"CASE {plain} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"
                return Reading(value, f"({absent} OR {kind} = 'BOOLEAN')")
            case Int():
                own = _bounded(f"TRY_CAST({plain} AS BIGINT)", LARGEST_WHOLE)
                return Reading(own.value, f"({absent} OR ({kind} IN ('BIGINT', 'UBIGINT') AND {own.sure}))")
            case Number() | Ratio():
                sure = f"{kind} IN ('BIGINT', 'UBIGINT', 'DOUBLE') AND length({plain}) <= 17"
                return Reading(f"TRY_CAST({plain} AS DOUBLE)", f"({absent} OR ({sure}))")
            case SetOf(item=Text() | Key() | Enum() | Zone()):
                return self._texts(path, type, absent)
            case Text() | Key() | Enum() | Zone() | Date() | Instant() | Money():
                own = text(plain, type)
                escaped = f"contains(CAST(json_extract({self.document}, {at}) AS VARCHAR), chr(92))"
                return Reading(
                    own.value, f"({absent} OR ({kind} = 'VARCHAR' AND NOT {escaped} AND {own.sure}))"
                )
            case _:
                return Reading(f"CAST(NULL AS {sql_type(type)})", absent)

    def _texts(self, path: tuple[str, ...], type: Type, absent: str) -> Reading:
        items = f"json_extract({self.document}, {_literal(json_path(*path))})"
        value = f"TRY_CAST({items} AS VARCHAR[])"
        kinds = f"json_type({self.document}, {_literal(json_path(*path) + '[*]')})"
        plain = f"{_ascii(f'CAST({items} AS VARCHAR)')} AND NOT contains(CAST({items} AS VARCHAR), chr(92))"
        texts = f"len(list_filter({kinds}, lambda k: k <> 'VARCHAR')) = 0"
        return Reading(value, f"({absent} OR (json_type({items}) = 'ARRAY' AND {texts} AND {plain}))")


# ---- a cell


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns of texts. A member has a column of its own, or stands in the JSON of its record."""

    alias: str
    columns: frozenset[str]

    @property
    def sure(self) -> str:
        return "TRUE"

    def read(self, path: tuple[str, ...], type: Type) -> Reading:
        name = ".".join(path)
        above = [".".join(path[:depth]) for depth in range(1, len(path))]
        inside = [column for column in above if column in self.columns]
        if name in self.columns and not inside:
            return cell(f"{self.alias}.{quoted(name)}", type)
        if len(inside) == 1 and name not in self.columns:
            datum = f"{self.alias}.{quoted(inside[0])}"
            lines = Lines(f"CASE WHEN json_valid({datum}) THEN {datum} END")
            found = lines.read(path[len(inside[0].split(".")) :], type)
            return Reading(found.value, f"({datum} IS NULL OR ({lines.sure} AND {found.sure}))")
        if inside:  # both: which one counts is for Python to say
            return Reading(f"CAST(NULL AS {sql_type(type)})", "FALSE")
        return nothing(type)


def cell(datum: str, type: Type) -> Reading:
    """A text as `cells` reads it."""
    match type:
        case Bool():
            truths = " ".join(f"WHEN '{word}' THEN {str(truth).upper()}" for word, truth in TRUTHS.items())
            value = f"CASE lower({datum}) {truths} END"
            return Reading(value, f"({datum} IS NULL OR {value} IS NOT NULL)")
        case Int():
            return _written(datum, type, _WHOLE, lambda value: _bounded(value, LARGEST_WHOLE))
        case Number() | Ratio():
            return _written(datum, type, _DECIMAL, Reading)
        case SetOf(item=Text() | Key() | Enum() | Zone()):
            document = f"CASE WHEN json_valid({datum}) THEN {datum} END"
            found = Lines(document)._texts((), type, "FALSE")
            return Reading(found.value, f"({datum} IS NULL OR coalesce({found.sure}, FALSE))")
        case _:
            return text(datum, type)


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
