"""What recipients did behind a mail: events joined to the rows that were sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from mailweave.batch.list_import import OWNER
from mailweave.decisions import Draw
from mailweave.diagnostics import ArgumentError, MailweaveError, diagnose
from mailweave.insight.event_names import spellings
from mailweave.insight.event_table import take_events
from mailweave.insight.purchase_counts import Numbers

if TYPE_CHECKING:
    import duckdb

Flags: TypeAlias = npt.NDArray[np.bool_]

OUTCOMES: Final = ("open", "click", "conversion")
MACHINES: Final = ("machine_open", "machine_click")
_MOST_TYPES: Final = 8  # of those that are not counted: so many are named


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted.

    conversion: the type of event that the mail was sent for; revenue: its property with an amount, of one currency.
    guards: types that must not become more. A type may have either of its names in mailweave.insight.event_names.
    days: how long behind the mail an event counts. until: what came later has not happened yet. Raises ArgumentError
    (MW797).
    """

    conversion: str = "purchase"
    revenue: str = "total"
    guards: tuple[str, ...] = ("complaint", "unsubscribe")
    days: float = 7.0
    until: datetime | None = None

    def __post_init__(self) -> None:
        if not 0 < self.days <= 3650:
            raise ArgumentError("MW797", "days", "a number above 0, at most 3650", f"{self.days:g}")
        names = ["open", "click", *MACHINES, "conversion", "revenue", self.conversion, *self.guards]
        names = [spellings(name)[0] for name in names]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ArgumentError(
                "MW797", "guards", "a conversion and guards of types of their own", f"`{twice}` twice"
            )

    @property
    def kinds(self) -> dict[str, str]:
        """Type of an event, by all its names, to the outcome that it is."""
        own = {"open": "open", "click": "click", self.conversion: "conversion", **{n: n for n in self.guards}}
        return {name: outcome for kind, outcome in own.items() for name in spellings(kind)}


@dataclass(frozen=True, slots=True)
class Responses:
    """The rows of an output and what came back, a place each.

    did: by outcome, whether they did it at least once. block_clicks: by block, whether they clicked in it. events: how
    many of the list were counted, and why the others were not. other_types: the most frequent that were not asked for.
    draws: by slot what could be drawn, as rows say it.
    """

    keys: Sequence[str]
    selections: Sequence[Mapping[str, tuple[str, ...]]]
    segments: Sequence[tuple[str, ...]]
    locales: Sequence[str | None]
    did: Mapping[str, Flags]
    revenue: Numbers
    block_clicks: Mapping[str, Flags]
    events: Mapping[str, int]
    other_types: tuple[str, ...]
    draws: Sequence[Mapping[str, Draw]] = ()


class Sent(Protocol):
    """What was sent, or to whom something began, a row for each key."""

    @property
    def sql(self) -> str:
        """Key, idempotency_key, selection, segments, locale, draws; began, the instant from which events count."""
        ...

    @property
    def mailed(self) -> str:
        """The mails: idempotency_key, and the place of the row in the relation `sent`, which has them all."""
        ...


def responses(sent: Sent, events: Sequence[str], asked: Question) -> Responses:
    """Reads both; places are in the order of the keys.

    An event belongs to the row whose `idempotency_key` it names, else to the one of its `profile`. Opens and clicks that
    are said to be a `machine`'s are apart. Raises MailweaveError for lists that cannot be read (MW793, MW805, MW809).
    """
    import duckdb

    try:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            rows = f"SELECT row_number() OVER (ORDER BY key) - 1 AS place, * FROM ({sent.sql})"
            connection.execute(f"CREATE TEMP TABLE sent AS {rows}")
            connection.execute(f"CREATE TEMP TABLE mailed AS {sent.mailed}")
            read = take_events(connection, events, asked.revenue)
            _own(connection, asked)
            return _joined(connection, asked, read)
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        raise MailweaveError([diagnose("MW793", place=", ".join(map(str, events)), what=what)]) from None


def _own(connection: duckdb.DuckDBPyConnection, asked: Question) -> None:
    """The relation `owned`: events of the asked types, the place of their row, whether they count."""
    end = f"s.began + to_microseconds({timedelta(days=asked.days) // timedelta(microseconds=1)})"
    if asked.until is not None:
        end = f"least({end}, '{asked.until.astimezone(UTC).isoformat()}'::TIMESTAMPTZ)"
    connection.execute("CREATE TEMP TABLE asked (kind VARCHAR, outcome VARCHAR)")
    connection.executemany("INSERT INTO asked VALUES (?, ?)", [list(pair) for pair in asked.kinds.items()])
    connection.execute(
        "CREATE TEMP TABLE owned AS SELECT s.place, h.*, a.outcome, "
        "CASE WHEN type IS NOT NULL THEN a.outcome IS NOT NULL END AS is_asked, "
        f"moment >= s.began AND moment < {end} AS is_within, "
        "coalesce(is_asked AND is_within, FALSE) AS counts "
        "FROM happened h LEFT JOIN asked a ON h.type = a.kind "
        "LEFT JOIN mailed m ON h.idempotency_key = m.idempotency_key "
        f"LEFT JOIN sent k ON h.idempotency_key IS NULL AND h.{OWNER} = k.key "
        "LEFT JOIN sent s ON s.place = coalesce(m.place, k.place)"
    )


def _joined(connection: duckdb.DuckDBPyConnection, asked: Question, read: int) -> Responses:
    rows = connection.execute(
        "SELECT key, selection, segments, locale, draws FROM sent ORDER BY place"
    ).fetchall()
    known = {text: _selection(text) for text in {row[1] for row in rows}}
    return Responses(
        [row[0] for row in rows],
        [known[row[1]] for row in rows],
        [tuple(row[2] or ()) for row in rows],
        [row[3] for row in rows],
        _did(connection, asked, len(rows)),
        _revenue(connection, len(rows)),
        _block_clicks(connection, len(rows)),
        _counts(connection, read),
        _other_types(connection),
        _drawn([row[4] for row in rows]),
    )


def _selection(text: str) -> Mapping[str, tuple[str, ...]]:
    return {slot: tuple(blocks) for slot, blocks in json.loads(text).items()}


def _drawn(texts: Sequence[str | None]) -> list[Mapping[str, Draw]]:
    known: dict[str | None, Mapping[str, Draw]] = {None: {}}
    for text in texts:
        if text not in known:
            known[text] = {slot: Draw(**draw) for slot, draw in json.loads(text or "{}").items()}
    return [known[text] for text in texts]


def _did(connection: duckdb.DuckDBPyConnection, asked: Question, rows: int) -> dict[str, Flags]:
    found = connection.execute(
        "SELECT DISTINCT place, outcome, is_machine FROM owned WHERE counts"
    ).fetchall()
    did = {name: np.zeros(rows, dtype=np.bool_) for name in (*OUTCOMES, *MACHINES, *asked.guards)}
    for place, name, is_machine in found:
        did[f"machine_{name}" if is_machine and name in ("open", "click") else name][place] = True
    return did


def _revenue(connection: duckdb.DuckDBPyConnection, rows: int) -> Numbers:
    """Sums in the order of the amounts, so that they do not depend on that of the list."""
    spent = np.zeros(rows)
    of_conversions = "counts AND outcome = 'conversion' AND isfinite(amount)"
    query = f"SELECT place, sum(amount ORDER BY amount) FROM owned WHERE {of_conversions} GROUP BY place"
    for place, amount in connection.execute(query).fetchall():
        spent[place] = amount
    return spent


def _block_clicks(connection: duckdb.DuckDBPyConnection, rows: int) -> dict[str, Flags]:
    of_readers = "counts AND outcome = 'click' AND NOT is_machine AND block <> ''"
    found: dict[str, Flags] = {}
    for block, place in connection.execute(
        f"SELECT DISTINCT block, place FROM owned WHERE {of_readers}"
    ).fetchall():
        found.setdefault(block, np.zeros(rows, dtype=np.bool_))[place] = True
    return found


def _counts(connection: duckdb.DuckDBPyConnection, read: int) -> dict[str, int]:
    """Every event of the list is in one of these, but for `events` itself; `no_amount` are counted, too."""
    of = {
        "unread": "type IS NULL OR (is_asked AND moment IS NULL)",
        "of_other_types": "NOT is_asked",
        "of_nobody": "is_asked AND moment IS NOT NULL AND place IS NULL",
        "outside_of_the_days": "is_asked AND place IS NOT NULL AND NOT is_within",
        "counted": "counts",
        "no_amount": "counts AND outcome = 'conversion' AND has_amount AND NOT coalesce(isfinite(amount), FALSE)",
    }
    told = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in of.values())
    numbers = connection.execute(f"SELECT count(*), {told} FROM owned").fetchall()[0]
    return {"events": read, "doubled": read - numbers[0], **dict(zip(of, numbers[1:], strict=True))}


def _other_types(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    query = "SELECT type FROM owned WHERE NOT is_asked GROUP BY type ORDER BY count(*) DESC, type"
    return tuple(kind for (kind,) in connection.execute(f"{query} LIMIT {_MOST_TYPES}").fetchall())
