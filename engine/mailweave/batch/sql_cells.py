"""Cells of tables that hold texts alone, as SQL reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailweave.batch.list_import import quoted
from mailweave.batch.sql_lines import Lines
from mailweave.batch.sql_values import (
    LARGEST_WHOLE,
    Reading,
    bounded,
    nothing,
    prefixes,
    sql_type,
    text,
    written,
)
from mailweave.schema import types as t
from mailweave.schema.cell import TRUTHS

_WHOLE: Final = "-?[0-9]{1,18}"
_DECIMAL: Final = r"-?[0-9]{1,15}([.][0-9]{1,15})?"


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns of texts. A member has a column of its own, or stands in the JSON of its record."""

    alias: str
    columns: frozenset[str]

    @property
    def sure(self) -> str:
        return "TRUE"

    def read(self, path: tuple[str, ...], type: t.Type) -> Reading:
        name, above = ".".join(path), prefixes(path)[:-1]
        inside = [column for column in above if column in self.columns]
        if name in self.columns and not inside:
            return cell(f"{self.alias}.{quoted(name)}", type)
        if inside == [path[0]] and name not in self.columns:
            datum = f"{self.alias}.{quoted(path[0])}"
            lines = Lines(f"CASE WHEN json_valid({datum}) THEN {datum} END")
            found = lines.read(path[1:], type)
            return Reading(found.value, f"({datum} IS NULL OR ({lines.sure} AND {found.sure}))")
        if inside:  # which one counts, and whether it is a record, is for Python to say
            absent = " AND ".join(f"{self.alias}.{quoted(one)} IS NULL" for one in inside)
            if name not in self.columns:
                return Reading(f"CAST(NULL AS {sql_type(type)})", f"({absent})")
            own = cell(f"{self.alias}.{quoted(name)}", type)
            return own.where(f"({absent})")
        return nothing(type)

    def is_record(self, path: tuple[str, ...]) -> str:
        if path[0] not in self.columns:
            return "TRUE"
        datum = f"{self.alias}.{quoted(path[0])}"
        lines = Lines(f"CASE WHEN json_valid({datum}) THEN {datum} END")
        whole = f"coalesce(json_type({lines.document}) = 'OBJECT', FALSE) AND {lines.is_record(path[1:])}"
        return f"({datum} IS NULL OR ({whole}))"


def cell(datum: str, type: t.Type) -> Reading:
    """A text as `cells` reads it."""
    match type:
        case t.Bool():
            truths = " ".join(f"WHEN '{word}' THEN {str(truth).upper()}" for word, truth in TRUTHS.items())
            value = f"CASE lower({datum}) {truths} END"
            return Reading(value, f"({datum} IS NULL OR {value} IS NOT NULL)")
        case t.Int():
            return written(datum, type, _WHOLE, lambda value: bounded(value, LARGEST_WHOLE))
        case t.Number() | t.Ratio():
            return written(datum, type, _DECIMAL, Reading)
        case t.SetOf(item=t.Text() | t.Key() | t.Enum() | t.Zone()):
            document = f"CASE WHEN json_valid({datum}) THEN {datum} END"
            found = Lines(document).texts((), type, "FALSE")
            return Reading(found.value, f"({datum} IS NULL OR coalesce({found.sure}, FALSE))")
        case _:  # no form of its own
            return text(datum, type)
