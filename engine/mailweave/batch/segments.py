"""How many people are in which segment, counted in DuckDB by the query of the rules.

The list is grouped by what the rules say of its recipients; everything else is counted from these groups, and
choosing is left to the one selector, which reads their masks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from mailweave.batch.intake import OWNER, Given, Intake, quoted
from mailweave.batch.places import locate
from mailweave.batch.readings import Cells
from mailweave.batch.views import EventView, ProfileView
from mailweave.campaign import Campaign
from mailweave.decisions.compile import needs_of
from mailweave.decisions.eligibility import is_ready
from mailweave.decisions.selector import Selector
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.rules.admission import moment_of
from mailweave.rules.generated import Bits
from mailweave.rules.sql import Relations, segments_query, write
from mailweave.schema.model import Schema
from mailweave.schema.types import Instant

if TYPE_CHECKING:
    import duckdb

OPEN = "(decided per recipient)"
NONE = "(none)"


@dataclass(slots=True)
class Counts:
    """What was counted.

    recipients: rows of the list. unknown_zone: those in a zone that nobody knows, who are in no other number.
    skipped: by code. segments: members. tiers: by tier and member. overlaps: members of both of a pair.
    conflicts: by slot, those for whom more than one block is a candidate, of those who get mail. blocks: by slot,
    who gets what; `(decided per recipient)` where sends, lists or expressions decide.
    """

    recipients: int = 0
    unknown_zone: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    segments: Counter[str] = field(default_factory=Counter)
    tiers: dict[str, Counter[str]] = field(default_factory=dict)
    overlaps: Counter[tuple[str, str]] = field(default_factory=Counter)
    conflicts: Counter[str] = field(default_factory=Counter)
    blocks: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def mailed(self) -> int:
        """Those whom no `skip` keeps from being mailed."""
        return self.recipients - self.unknown_zone - self.skipped.total()

    def rows(self) -> Iterator[tuple[str, str, str, int, float]]:
        """Kind, name, second name, recipients, and their share."""
        everybody, mailed = self.recipients or 1, self.mailed or 1
        for name, n in self.segments.items():
            yield "segment", name, "", n, n / everybody
        for tier, members in self.tiers.items():
            for member, n in members.items():
                yield "tier", tier, member, n, n / everybody
        for (one, other), n in self.overlaps.most_common():
            yield "overlap", one, other, n, n / (min(self.segments[one], self.segments[other]) or 1)
        for code, n in self.skipped.items():
            yield "skip", code, "", n, n / everybody
        for slot, n in self.conflicts.items():
            yield "conflict", slot, "", n, n / mailed
        for slot, chosen in self.blocks.items():
            for block, n in chosen.most_common():
                yield "block", slot, block, n, n / mailed


def count_segments(
    campaign: Campaign,
    profiles: Sequence[str],
    events: Sequence[str] = (),
    *,
    now: datetime,
    members: Path | None = None,
) -> Counts:
    """Counts a list (see `batch.places` for how it is named). `members`: a Parquet file to write, one row for each
    recipient with what the rules say. Data that break the schema stop the count: `batch` says which they are.

    Raises MailweaveError.
    """
    try:
        import duckdb
    except ImportError:
        found = diagnose("MW022", place=profiles[0], what="counting segments", extra="batch")
        raise MailweaveError([found]) from None
    connection = duckdb.connect()
    try:
        return _counted(connection, campaign, profiles, events, now, members)
    except duckdb.Error as error:
        what = f"the list cannot be counted: {str(error).splitlines()[0]}"
        raise MailweaveError([diagnose("MW805", place=", ".join(profiles), what=what)]) from None
    finally:
        connection.close()


def _counted(
    connection: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    profiles: Sequence[str],
    events: Sequence[str],
    now: datetime,
    members: Path | None,
) -> Counts:
    schema, intake = campaign.decisions.program.schema, Intake(connection)
    given = intake.take(locate(profiles), "mw_profiles", campaign.key_column, digested=False)
    given.require(campaign.key_column, "the key of each recipient")
    people = _profiles(connection, given, schema, campaign.key_column)
    happened: frozenset[str] | None
    if events:
        seen = intake.take(locate(events), "mw_events", OWNER, digested=False)
        for column, what in ((OWNER, "the key of the recipient"), ("type", "the name of the event")):
            seen.require(column, what)
        happened = _events(connection, seen, schema)
    else:
        nothing = "SELECT '' AS profile, '' AS type, CAST(NULL AS TIMESTAMP) AS \"at\" WHERE FALSE"
        happened = _view(connection, "events", f"({nothing})", set())
    query = segments_query(
        campaign.decisions.document,
        now=now,
        context=campaign.context,
        conditions=needs_of(campaign.decisions.document).conditions,
        zones=_zones(connection, campaign, people),
        relations=Relations(profile_columns=people, event_columns=happened),
        key=campaign.key_column,
    )
    connection.execute(f"CREATE TEMP TABLE answers AS {write(query, 'duckdb')}")
    if members is not None:
        path = str(members).replace("'", "''")
        connection.execute(f"COPY (FROM answers ORDER BY 1) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    counts = Counts(recipients=_number(connection, "SELECT count(*) FROM profiles"))
    counts.unknown_zone = counts.recipients - _number(connection, "SELECT count(*) FROM answers")
    key = '"' + campaign.key_column.replace('"', '""') + '"'
    groups = connection.execute(f"SELECT * EXCLUDE ({key}), count(*) FROM answers GROUP BY ALL ORDER BY ALL")
    tally = _Tally(campaign, moment_of(now), counts)
    while rows := groups.fetchmany(10_000):
        for row in rows:
            tally.add(row[:-1], row[-1])
    return counts


class _Tally:
    """Adds groups of recipients of whom the rules say the same."""

    def __init__(self, campaign: Campaign, now: int, counts: Counts) -> None:
        self._decisions, self._now, self._counts = campaign.decisions, now, counts
        self._bits: Bits = campaign.decisions.program.bits
        self._selector = Selector(campaign.decisions.plan)
        counts.segments.update(dict.fromkeys(self._bits.segments, 0))
        counts.tiers = {name: Counter(dict.fromkeys(answers, 0)) for name, answers in self._bits.tiers}
        counts.conflicts.update(dict.fromkeys(campaign.decisions.plan.columns, 0))
        counts.blocks = {slot.name: Counter() for slot in campaign.decisions.slots}

    def add(self, row: Sequence[Any], n: int) -> None:
        counts, bits = self._counts, self._bits
        inside = [name for name, is_in in zip(bits.segments, row, strict=False) if is_in]
        counts.segments.update(dict.fromkeys(inside, n))
        counts.overlaps.update(dict.fromkeys(combinations(inside, 2), n))
        tiers = row[len(bits.segments) : len(bits.segments) + len(bits.tiers)]
        for (name, _), member in zip(bits.tiers, tiers, strict=True):
            counts.tiers[name][NONE if member is None else member] += n
        code = row[len(bits.segments) + len(bits.tiers)]
        if code is not None:
            counts.skipped[code] += n
            return
        self._choose(self._mask(row), n)

    def _mask(self, row: Sequence[Any]) -> int:
        """The row as the compiled program answers it, for somebody who is not skipped."""
        bits, at = self._bits, len(self._bits.segments)
        mask = sum(1 << place for place in range(at) if row[place])
        place = at
        for _, answers in bits.tiers:
            mask |= 1 << at + answers.index(row[place]) if row[place] is not None else 0
            at, place = at + len(answers), place + 1
        at += len(bits.skips)
        conditions = enumerate(row[place + 1 :])
        return mask | sum(1 << at + place for place, holds in conditions if holds)

    def _choose(self, mask: int, n: int) -> None:
        plan, counts = self._decisions.plan, self._counts
        for slot, column in plan.columns.items():
            ready = {
                cell.block
                for cell in column.cells
                if mask & cell.holds == cell.holds and is_ready(plan.blocks[cell.block], mask, self._now)
            }
            counts.conflicts[slot] += n if len(ready) > 1 else 0
        found = self._selector.mask_plan(mask, self._now)
        still_open = {column.column.slot.name for column in found.open}
        for slot, blocks in found.blocks.items():
            counts.blocks[slot].update(dict.fromkeys([OPEN] if slot in still_open else blocks, n))


# ---- the list


def _profiles(
    connection: duckdb.DuckDBPyConnection, given: Given, schema: Schema, key: str
) -> frozenset[str] | None:
    """The view `profiles`; returns its columns, None when it has all that are declared."""
    if given.form != "cells":
        instants = {f.column or name for name, f in schema.profile.items() if isinstance(f.type, Instant)}
        return _view(connection, "profiles", _typed(given), instants)
    view = ProfileView(schema, Cells("r", frozenset(given.columns)))
    columns = view.columns()
    if key not in {f.column or name for name, f in schema.profile.items()}:
        columns.insert(0, f"r.{quoted(key)}")
    _read_cells(connection, "profiles", given, columns, view.sure(schema.profile))
    return None


def _events(connection: duckdb.DuckDBPyConnection, given: Given, schema: Schema) -> frozenset[str] | None:
    """The view `events`; returns its columns, None when it has all that are declared."""
    if given.form != "cells":
        fields = [(n, f) for event in schema.events.values() for n, f in event.fields.items()]
        moments = {"at"} | {f.column or name for name, f in fields if isinstance(f.type, Instant)}
        return _view(connection, "events", _typed(given), moments)
    view = EventView(schema, Cells("r", frozenset(given.columns)), "r.type")
    _read_cells(connection, "events", given, [f"r.{OWNER}", *view.columns()], view.sure())
    return None


def _read_cells(
    connection: duckdb.DuckDBPyConnection, name: str, given: Given, columns: Sequence[str], sure: str
) -> None:
    doubtful = _number(connection, f"SELECT count(*) FROM {given.sql} r WHERE NOT {sure}")
    if doubtful:
        what = f"{doubtful} rows do not read as the rules declare: `mailweave batch` counts all the same"
        raise MailweaveError([diagnose("MW805", place=given.shown, what=what)])
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {', '.join(columns)} FROM {given.sql} r")


def _typed(given: Given) -> str:
    """SQL that reads a list in columns; lines of JSON by the types that DuckDB finds in them."""
    if given.form == "columns" or given.files is None:
        return given.sql
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in given.files)
    return f"read_json([{listed}], format = 'newline_delimited', union_by_name = true)"


def _view(connection: duckdb.DuckDBPyConnection, name: str, table: str, instants: set[str]) -> frozenset[str]:
    """A view with this name; instants that are texts are read. Returns its columns, and members of records."""
    found = connection.sql(f"SELECT * FROM {table}")
    columns = dict(zip(found.columns, found.types, strict=True))
    texts = [n for n in instants if n in columns and columns[n].id == "varchar"]
    quoted = ['"' + n.replace('"', '""') + '"' for n in texts]
    read = ", ".join(f"CAST({n} AS TIMESTAMPTZ) AS {n}" for n in quoted)
    replaced = f" REPLACE ({read})" if read else ""
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT *{replaced} FROM {table}")
    records = {n: kind.children for n, kind in columns.items() if kind.id == "struct"}
    return frozenset(columns) | {f"{n}.{member}" for n, inside in records.items() for member, _ in inside}


def _zones(
    connection: duckdb.DuckDBPyConnection, campaign: Campaign, columns: frozenset[str] | None
) -> list[str] | None:
    schema = campaign.decisions.program.schema
    if schema.timezone.attribute is None:
        return None
    field = schema.profile[schema.timezone.attribute]
    column = field.column or field.name
    default = [] if field.default is None else [str(field.default)]
    if columns is not None and column not in columns:
        return default
    quoted = '"' + column.replace('"', '""') + '"'
    found = connection.sql(f"SELECT DISTINCT {quoted} FROM profiles WHERE {quoted} IS NOT NULL").fetchall()
    return [*default, *(row[0] for row in found if row[0] in available_timezones())]


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def table(counts: Counts) -> Mapping[str, list[Any]]:
    """The counts as columns: kind, name, other, recipients, share."""
    names = ("kind", "name", "other", "recipients", "share")
    return dict(zip(names, map(list, zip(*counts.rows(), strict=True)), strict=True))
