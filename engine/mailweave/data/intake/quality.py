"""What a list looks like: how complete, how fresh, what stands out, which keys come twice. No value of a person is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mailweave.batch.list_import import json_path, quoted
from mailweave.batch.sql_values import sql_type
from mailweave.data.intake.reading_plan import Attribute, ReadingPlan
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.schema import types as t
from mailweave.values.instants import to_datetime, to_instant

if TYPE_CHECKING:
    import duckdb

FEW_VALUES: Final = 20
"""A column with fewer different values has no value that is suddenly frequent."""
SUDDEN: Final = 10
"""A value is suddenly frequent where it is so many times as frequent as the next one, and so often at least."""
FENCE: Final = 3.0
"""Outliers lie beyond so many times the distance of the quartiles (Tukey's outer fences)."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one attribute looks like, in counts of rows.

    outliers, sudden: rows far away from the others, rows of one value that is suddenly frequent. doubled: rows whose value
    stands in an earlier row; of keys, addresses and telephone numbers alone. newest: the latest day that is not after
    `now`, unless it is `pii`; later: rows after it. members: rows by member, of enums and truths that are not `pii`.
    """

    name: str
    missing: int
    outliers: int = 0
    sudden: int = 0
    doubled: int = 0
    newest: str | None = None
    later: int = 0
    members: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quality:
    """What a list looks like at `now`."""

    rows: int
    now: str
    columns: tuple[Column, ...]


def quality(path: Path, plan: ReadingPlan, now: datetime) -> Quality:
    """Looks a list of JSON lines over, as `load` wrote it. Works in a file beside it."""
    import duckdb

    at = to_datetime(to_instant(now))
    with duckdb.connect(
        str(path.with_suffix(".duckdb"))
    ) as connection:  # a file of its own: larger than memory
        connection.execute("SET TimeZone = 'UTC'")
        own = [one for one in plan.attributes if not one.parent]
        named = ", ".join(f"{_text(one.name)}: '{_sql_type(one.declared.type)}'" for one in own)
        consent = ", 'consent': 'JSON'" if len(own) < len(plan.attributes) else ""
        source = (
            f"read_json({_text(str(path))}, format = 'newline_delimited', columns = {{{named}{consent}}})"
        )
        connection.execute(f"CREATE TEMP TABLE rows_read AS SELECT * FROM {source}")
        rows = _count(connection, "TRUE")
        columns = tuple(_column(connection, one, rows, at) for one in plan.attributes if one.read is not None)
    return Quality(rows, at.isoformat().replace("+00:00", "Z"), columns)


def _column(connection: duckdb.DuckDBPyConnection, one: Attribute, rows: int, now: datetime) -> Column:
    name, type = quoted(one.name), one.declared.type
    if one.parent:
        value = f"json_extract_string(consent, {_text(json_path(one.name))})"
        return Column(
            f"consent.{one.name}", _count(connection, f"{value} IS NULL"), members=_members(connection, value)
        )
    found: dict[str, Any] = {"missing": _count(connection, f"{name} IS NULL")}
    if isinstance(type, t.Int | t.Number | t.Ratio | t.Money):
        found["outliers"] = _outliers(connection, name)
    if isinstance(type, t.Date | t.Instant):
        found |= _dated(connection, one, now)
    if isinstance(type, t.Enum | t.Bool):
        found["members"] = {} if one.declared.pii else _members(connection, name)
    elif not isinstance(type, t.Key | t.SetOf | t.ListOf):
        found["sudden"] = _sudden(connection, name)
    if one.read is not None and (isinstance(type, t.Key) or one.read.is_contact):
        found["doubled"] = _doubled(connection, name)
    return Column(one.name, **found)


def _doubled(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    return _number(connection, f"SELECT count({name}) - count(DISTINCT {name}) FROM rows_read")


def _outliers(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """Beyond Tukey's outer fences; where half of the rows are one value, the fences are none."""
    bounds = f"SELECT quantile_cont({name}, [0.25, 0.75]) AS q FROM rows_read"
    far = f"{name} < q[1] - {FENCE} * (q[2] - q[1]) OR {name} > q[2] + {FENCE} * (q[2] - q[1])"
    return _number(connection, f"SELECT count(*) FROM rows_read, ({bounds}) WHERE q[2] > q[1] AND ({far})")


def _sudden(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """How often the most frequent value stands there, if it does so out of line with the next ones."""
    counted = f"SELECT count(*) AS n FROM rows_read WHERE {name} IS NOT NULL GROUP BY {name}"
    query = f"SELECT count(*), max(n), max(n, 2)[2] FROM ({counted})"
    different, most, next_one = connection.execute(query).fetchall()[0]
    is_sudden = different >= FEW_VALUES and most >= SUDDEN * max(next_one, 1)
    return int(most) if is_sudden else 0


def _dated(connection: duckdb.DuckDBPyConnection, one: Attribute, now: datetime) -> dict[str, Any]:
    """The newest day that is not personal, and how many are still to come."""
    name, at = quoted(one.name), f"'{now.isoformat()}'::TIMESTAMPTZ"
    limit = f"({at} AT TIME ZONE 'UTC')::DATE" if isinstance(one.declared.type, t.Date) else at
    newest = f"max({name}) FILTER (WHERE {name} <= {limit})::VARCHAR"
    query = f"SELECT {newest}, count(*) FILTER (WHERE {name} > {limit}) FROM rows_read"
    day, later = connection.execute(query).fetchall()[0]
    return {"newest": None if day is None or one.declared.pii else day[:10], "later": int(later)}


def _members(connection: duckdb.DuckDBPyConnection, value: str) -> dict[str, int]:
    query = f"SELECT {value}::VARCHAR AS v, count(*) FROM rows_read WHERE {value} IS NOT NULL GROUP BY v ORDER BY v"
    return {str(member): int(count) for member, count in connection.execute(query).fetchall()}


def _count(connection: duckdb.DuckDBPyConnection, condition: str) -> int:
    return _number(connection, f"SELECT count(*) FROM rows_read WHERE {condition}")


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0] or 0)


def _sql_type(type: t.Type) -> str:
    """The type of a column of the list as JSON lines hold it: sets and lists are read whole, lengths as written."""
    if isinstance(type, t.SetOf | t.ListOf):
        return "JSON"
    return "VARCHAR" if isinstance(type, t.Duration) else sql_type(type)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


# ---- what of it a person should look at


def findings(
    seen: Quality, before: Quality | None, place: str, key: str, *, is_events: bool
) -> Iterator[Diagnostic]:
    """Warnings: keys that come twice (MW834), what stands out or differs from an earlier report (MW835).

    key: the column that names a recipient; events may have one several times.
    """
    for column in seen.columns:
        if column.doubled and column.name == key and not is_events:
            yield diagnose("MW834", place=place, column=column.name, doubled=f"{column.doubled:,}")
        yield from (
            diagnose("MW835", place=place, column=column.name, what=what)
            for what in _odd(column, seen, is_events)
        )
    if before is not None:
        yield from (
            diagnose("MW835", place=place, column=name, what=what) for name, what in _moved(seen, before)
        )


def _odd(column: Column, seen: Quality, is_events: bool) -> Iterator[str]:
    if column.missing == seen.rows and seen.rows:
        yield "it is empty in every row"
    if column.outliers:
        yield f"{column.outliers:,} rows lie far away from the others"
    if column.sudden:
        yield f"one value stands in {column.sudden:,} of {seen.rows:,} rows, far more often than any other"
    if column.later and is_events and column.name == "at":
        yield f"{column.later:,} rows are after `now`, and no rule sees them"


def _moved(seen: Quality, before: Quality) -> Iterator[tuple[str, str]]:
    """What has changed since an earlier report by more than a list does by itself."""
    if not seen.rows or not before.rows:
        return
    if not 0.7 <= seen.rows / before.rows <= 2:
        yield "*", f"there are {seen.rows:,} rows, and were {before.rows:,}"
    earlier = {column.name: column for column in before.columns}
    for column in seen.columns:
        then = earlier.get(column.name)
        if then is None:
            continue
        share, was = column.missing / seen.rows, then.missing / before.rows
        if abs(share - was) >= 0.05:
            yield column.name, f"missing in {share:.1%} of the rows, and was in {was:.1%}"
        for member in sorted({*column.members, *then.members}):
            share, was = (
                one.members.get(member, 0) / all.rows for one, all in ((column, seen), (then, before))
            )
            if abs(share - was) >= 0.1:
                yield column.name, f"`{member}` is {share:.1%} of the rows, and was {was:.1%}"
