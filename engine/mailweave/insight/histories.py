"""What recipients did before a moment and after it, from the lists of a batch: features and targets of models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from mailweave.batch.list_import import OWNER, RAW, Given, ListImport, inside, quoted
from mailweave.batch.locations import locate
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.responses import Flags
from mailweave.schema.model import Schema, key_column
from mailweave.schema.types import Int, Money, Number

if TYPE_CHECKING:
    import duckdb

WINDOWS: Final = (30, 90, 365)
"""Days that events are counted in."""
NEVER: Final = 3650.0
"""Days since the last event of a kind, for whom there is none."""


class Features(NamedTuple):
    """Names of columns, and a row for each recipient, all of it known before `cut`."""

    names: tuple[str, ...]
    rows: Numbers
    cut: datetime


class Histories:
    """Lists of recipients and events in one connection. keys: the recipients, in order. until: behind the last event.
    diagnostics: that events of these recipients do not read, if some do not."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        schema: Schema,
        profiles: Sequence[str],
        events: Sequence[str],
    ) -> None:
        self._connection = connection
        self.diagnostics: tuple[Diagnostic, ...] = ()
        connection.execute("SET TimeZone = 'UTC'")
        key = key_column(schema)
        lists = ListImport(connection)
        self.profiles = lists.take(locate(profiles), "mw_profiles", key, digested=False)
        given = lists.take(locate(events), "mw_events", OWNER, digested=False)
        for column, says in (
            (OWNER, "says whose it is"),
            ("type", "says what happened"),
            ("at", "says when"),
        ):
            given.require(column, says)
        self._refuse_torn()
        self.key = column_of(self.profiles, key)
        connection.execute(
            f"CREATE TEMP TABLE people AS SELECT row_number() OVER (ORDER BY key) - 1 AS place, key FROM "
            f"(SELECT DISTINCT CAST({self.key} AS VARCHAR) AS key FROM {self.profiles.sql}) WHERE key <> ''"
        )
        self._amounts = {
            name: field
            for name, event in schema.events.items()
            if (
                field := next(
                    (n for n, f in event.fields.items() if isinstance(f.type, Money | Number | Int)), ""
                )
            )
        }
        self._types = tuple(name for name in schema.events if name != "sent")
        self._take(given)
        found = connection.execute("SELECT key FROM people ORDER BY place").fetchall()
        self.keys: tuple[str, ...] = tuple(key for (key,) in found)
        (last,) = connection.execute("SELECT max(moment) FROM happened").fetchall()[0]
        if not self.keys or last is None:
            what = "no event of a declared type belongs to a recipient of the list"
            raise MailweaveError([diagnose("MW882", place=given.shown, what=what)])
        self.until = last.astimezone(UTC) + timedelta(seconds=1)

    def _refuse_torn(self) -> None:
        """Lines that are no JSON cannot be written again: the list would lack them."""
        if self.profiles.form != "lines":
            return
        query = f"SELECT count(*) FROM {self.profiles.sql} WHERE {RAW} = ''"
        (torn,) = self._connection.execute(query).fetchall()[0]
        if torn:
            what = (
                f"{torn:,} lines are no JSON, and would be missing from the list that is written: mend them"
            )
            raise MailweaveError([diagnose("MW882", place=self.profiles.shown, what=what)])

    def _take(self, given: Given) -> None:
        """The relation `happened`: place, type, moment, amount."""
        texts = {name: f"CAST({column_of(given, name)} AS VARCHAR)" for name in (OWNER, "type", "at")}
        cases = (
            f"WHEN '{name}' THEN TRY_CAST({column_of(given, field)} AS DOUBLE)"
            for name, field in self._amounts.items()
        )
        amount = f"CASE {texts['type']} {' '.join(cases)} END" if self._amounts else "0.0"
        listed = ", ".join(f"'{name}'" for name in self._types)
        self._connection.execute(
            f"CREATE TEMP TABLE happened AS SELECT place, {texts['type']} AS type, "
            f"{moment_of(given)} AS moment, CASE WHEN isfinite({amount}) THEN {amount} ELSE 0.0 END AS amount "
            f"FROM {once(given)} JOIN people ON {texts[OWNER]} = key "
            f"WHERE {texts['type']} IN ({listed})"
        )
        counted = "SELECT count(*), count(*) FILTER (WHERE moment IS NULL) FROM happened"
        of, unread = self._connection.execute(counted).fetchall()[0]
        self._connection.execute("DELETE FROM happened WHERE moment IS NULL")
        if unread:
            what = f"{unread:,} have no moment that reads, and are not counted"
            self.diagnostics = (diagnose("MW798", place=given.shown, what=what, of=f"{of:,}"),)

    def features(self, cut: datetime) -> Features:
        """Counts by type and window, days since the last, sums of amounts, days since the first of all."""
        named = dict(self._columns(cut))
        query = f"SELECT place, {', '.join(named.values())} FROM happened WHERE moment < {_at(cut)} GROUP BY place"
        found = self._connection.execute(query).fetchnumpy()
        rows = np.zeros((len(self.keys), len(named)))
        for column, name in enumerate(named):
            rows[:, column] = NEVER if name.startswith("days since") else 0.0
            values = np.ma.filled(found[list(found)[column + 1]], rows[0, column])
            rows[found["place"], column] = values.astype(np.float64)
        return Features(tuple(named), rows, cut)

    def _columns(self, cut: datetime) -> Iterator[tuple[str, str]]:
        ago = f"date_diff('second', moment, {_at(cut)}) / 86400.0"
        yield "days since the first event", f"max({ago})"
        for kind in self._types:
            of = f"FILTER (WHERE type = '{kind}'"
            yield f"days since the last {kind}", f"coalesce(min({ago}) {of}), {NEVER})"
            for days in WINDOWS:
                yield f"{kind} in {days} days", f"count(*) {of} AND {ago} <= {days})"
            if kind in self._amounts:
                yield (
                    f"{kind}.{self._amounts[kind]} in 365 days",
                    f"coalesce(sum(amount) {of} AND {ago} <= 365), 0)",
                )

    def did(self, kind: str, start: datetime | None, end: datetime) -> Flags:
        """Who did it from a moment until before another."""
        since = "" if start is None else f" AND moment >= {_at(start)}"
        query = f"SELECT DISTINCT place FROM happened WHERE type = ? AND moment < {_at(end)}{since}"
        flags = np.zeros(len(self.keys), dtype=np.bool_)
        flags[[place for (place,) in self._connection.execute(query, [kind]).fetchall()]] = True
        return flags

    def purchases(self, kind: str, end: datetime, start: datetime | None = None) -> Mapping[str, Numbers]:
        """Place, days before `end` and amount of all that happened of a kind, by the day; from `start` on."""
        since = "" if start is None else f" AND moment >= {_at(start)}"
        query = (
            f"SELECT place, CAST(date_diff('day', date_trunc('day', moment), {_at(end)}) AS DOUBLE) AS days, "
            f"sum(amount) AS amount FROM happened WHERE type = ? AND moment < {_at(end)}{since} "
            "GROUP BY ALL ORDER BY ALL"
        )
        return dict(self._connection.execute(query, [kind]).fetchnumpy())


def once(given: Given) -> str:
    """SQL of a list of events, those that have one `id` (or `event_id`) and are of one recipient once."""
    owner, *ids = (f"CAST({column_of(given, name)} AS VARCHAR)" for name in (OWNER, "id", "event_id"))
    named = ", ".join(f"nullif({one}, '')" for one in ids)
    return (
        f"(SELECT * FROM (SELECT *, row_number() OVER () AS mw_row FROM {given.sql}) QUALIFY row_number() OVER "
        f"(PARTITION BY {owner}, coalesce({named}, 'row ' || mw_row) ORDER BY mw_row) = 1)"
    )


def moment_of(given: Given) -> str:
    """SQL of the moment of an event; NULL for what is none, or lies outside of the years that calendars have."""
    at = f"TRY_CAST(CAST({column_of(given, 'at')} AS VARCHAR) AS TIMESTAMPTZ)"
    return f"CASE WHEN isfinite({at}) AND year({at}) BETWEEN 1 AND 9998 THEN {at} END"


def column_of(given: Given, name: str) -> str:
    """SQL of a column of a list, NULL where it has none."""
    if given.form == "lines":
        return inside(name)
    known = next((column for column in given.columns if column.lower() == name.lower()), None)
    return "NULL" if known is None else quoted(known)


def _at(moment: datetime) -> str:
    return f"'{moment.astimezone(UTC).isoformat()}'::TIMESTAMPTZ"


def write_scored(
    connection: duckdb.DuckDBPyConnection, histories: Histories, columns: Mapping[str, Any], file: str
) -> None:
    """The list of recipients with columns more, for `mailweave batch --profiles`: lines of JSON where the list is some, or
    the name of the file ends so; else Parquet. Raises duckdb.Error."""
    import pyarrow as pa

    added = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    connection.register("mw_added", pa.table({"mw_key": list(histories.keys), **added}))
    source = f"{histories.profiles.sql} AS p LEFT JOIN mw_added ON CAST({histories.key} AS VARCHAR) = mw_key"
    if histories.profiles.form == "lines":
        pairs = ", ".join(f"'{name}', {quoted(name)}" for name in columns)
        patched = f"CAST(json_merge_patch({_without(columns)}, json_object({pairs})) AS VARCHAR)"
        is_object = f"CASE WHEN json_valid({RAW}) THEN json_type({RAW}) END = 'OBJECT'"
        rows = f"CASE WHEN {is_object} THEN {patched} ELSE {RAW} END"  # a batch says what is wrong with it
        form = "FORMAT csv, HEADER false, QUOTE '', DELIMITER E'\\x01'"
    else:
        kept = (name for name in histories.profiles.columns if name not in columns)
        rows = ", ".join(map(quoted, (*kept, *columns)))
        form = "FORMAT json" if file.endswith(".jsonl") else "FORMAT parquet"
    where = file.replace("'", "''")
    connection.execute(f"COPY (SELECT {rows} FROM {source} ORDER BY mw_key) TO '{where}' ({form})")


def _without(columns: Iterable[str]) -> str:
    """SQL of a line without what it says of `scores.churn` in the record `scores`: said twice, a batch would refuse it."""
    line = f"TRY_CAST({RAW} AS JSON)"
    for record, name in sorted({tuple(column.split(".")[:2]) for column in columns}):
        patch = f"json_object('{record}', json_object('{name}', NULL))"
        has = f"CASE WHEN json_valid({RAW}) THEN json_type({RAW}, '$.{record}') END = 'OBJECT'"
        line = f"CASE WHEN {has} THEN json_merge_patch({line}, {patch}) ELSE {line} END"
    return line
