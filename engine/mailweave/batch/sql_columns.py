"""Columns with types of their own (Parquet, DuckDB), as SQL reads them by the types of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mailweave.batch.list_import import quoted
from mailweave.batch.sql_cells import cell
from mailweave.batch.sql_values import (
    LARGEST_MONEY,
    LARGEST_WHOLE,
    Reading,
    ascii_only,
    bounded,
    in_years,
    nothing,
    prefixes,
    sql_type,
    text,
)
from mailweave.schema import types as t

_SMALL_WHOLES: Final = frozenset({"tinyint", "smallint", "integer", "utinyint", "usmallint"})
_WHOLES: Final = _SMALL_WHOLES | {"bigint", "uinteger"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Parquet and DuckDB: each column has a type."""

    alias: str
    columns: Mapping[str, Any]

    @property
    def sure(self) -> str:
        return "TRUE"

    def read(self, path: tuple[str, ...], type: t.Type) -> Reading:
        flat = [name for name in prefixes(path)[1:] if name in self.columns]
        if not flat:
            return self._nested(path, type)
        name = ".".join(path)
        if flat == [name] and path[0] not in self.columns:
            datum, kind = f"{self.alias}.{quoted(name)}", self.columns[name]
            return cell(datum, type) if kind.id == "varchar" else typed(datum, kind, type)
        # what they make together is for Python to say
        absent = [f"{self.alias}.{quoted(one)} IS NULL" for one in flat]
        return self._nested(path, type).where(*absent)

    def is_record(self, path: tuple[str, ...]) -> str:
        kinds, datum = self.columns, self.alias
        for name in path:
            if name not in kinds:
                break
            kind, datum = kinds[name], f"{datum}.{quoted(name)}"
            if kind.id != "struct":
                return f"{datum} IS NULL"
            kinds = dict(kind.children)
        return "TRUE"

    def _nested(self, path: tuple[str, ...], type: t.Type) -> Reading:
        kinds, datum = self.columns, self.alias
        for name in path:
            if name not in kinds:
                return nothing(type)
            kind, datum = kinds[name], f"{datum}.{quoted(name)}"
            kinds = dict(kind.children) if kind.id == "struct" else {}
        return typed(datum, kind, type)


def typed(datum: str, kind: Any, type: t.Type) -> Reading:
    """A datum whose type DuckDB knows."""
    if kind.id == "varchar":
        return text(datum, type)
    match type:
        case t.Int() if kind.id in _WHOLES:
            return bounded(f"CAST({datum} AS BIGINT)", LARGEST_WHOLE)
        case t.Number() | t.Ratio() if kind.id in _SMALL_WHOLES | {"double", "float"}:
            return Reading(f"CAST({datum} AS DOUBLE)")
        case t.Money() if _is_amount(kind):
            own = bounded(f"TRY_CAST({datum} AS DECIMAL(18, 4))", LARGEST_MONEY)
            return own.where(f"({datum} IS NULL OR {own.value} IS NOT NULL)")
        case t.Bool() if kind.id == "boolean":
            return Reading(datum)
        case t.Date() if kind.id == "date":
            return in_years(datum)
        case t.Instant() if kind.id == "timestamp with time zone":
            return in_years(datum)
        case t.SetOf(item=t.Text() | t.Key() | t.Enum() | t.Zone()) if _is_list(kind, "varchar"):
            return Reading(
                datum,
                f"coalesce(list_count({datum}) = len({datum}) AND {_ascii_items(datum)}, TRUE)",
            )
        case t.ListOf(fields=fields) if kind.id == "list":
            return _records(datum, dict(kind.children)["child"], type, fields)
        case t.Key() if kind.id in _WHOLES:
            return Reading(f"CAST({datum} AS VARCHAR)")
        case _:  # a pair that is not sure to be read as Python reads it
            return nothing(type, datum)


def _ascii_items(datum: str) -> str:
    return ascii_only(f"array_to_string({datum}, '')")


def _is_amount(kind: Any) -> bool:
    if str(kind.id) in _SMALL_WHOLES:
        return True
    return kind.id == "decimal" and int(dict(kind.children)["scale"]) <= 4


def _is_list(kind: Any, item: str) -> bool:
    return kind.id == "list" and str(dict(kind.children)["child"].id) == item


def _records(datum: str, item: Any, type: t.Type, fields: Any) -> Reading:
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
    if any(isinstance(f.type, t.Int | t.Money) for f in fields):
        names = [f.column or f.name for f in fields if isinstance(f.type, t.Int | t.Money)]
        largest = " AND ".join(
            f"coalesce(t.{quoted(n)} BETWEEN -{LARGEST_MONEY} AND {LARGEST_MONEY}, TRUE)" for n in names
        )
        small = f"len(list_filter({datum}, lambda t: NOT ({largest}))) = 0"
    else:
        small = "TRUE"
    whole = f"list_count({datum}) = len({datum})"
    return Reading(
        datum, f"coalesce({whole} AND {small} AND {ascii_only(f'CAST({datum} AS VARCHAR)')}, TRUE)"
    )
