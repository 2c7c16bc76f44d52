"""Events of any list as one table of DuckDB: texts read once, doubled events once, moments only where they have a zone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mailweave.batch.list_import import OWNER, Given, ListImport, inside, quoted
from mailweave.batch.locations import locate
from mailweave.insight.event_names import COLUMNS, KEY

if TYPE_CHECKING:
    import duckdb

_TEXTS: Final = (OWNER, "type", "at", "machine", "block", *COLUMNS, *COLUMNS.values())
_ZONED: Final = r"\d:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$"
_NO: Final = "('', 'false', 'f', 'no', 'n', '0')"
"""What says that it was no machine; a number that is 0 too, and nothing else: a doubt is no reader."""


def take_events(connection: duckdb.DuckDBPyConnection, events: Sequence[str], amount: str) -> int:
    """Makes the relation `happened`; how many events were read, doubled ones too. `amount`: the property with an amount.

    Events with one `id` (or `event_id`) are one event. Raises MailweaveError and duckdb.Error.
    """
    given = ListImport(connection).take(locate(events), "mw_events", OWNER, digested=False)
    given.require("type", "says what happened")
    given.require("at", "says when")
    named = [*((name, name) for name in _TEXTS), ("amount", amount)]
    columns = ", ".join(f"{_text(given, column)} AS {quoted(name)}" for name, column in named)
    connection.execute(f"CREATE TEMP TABLE read_events AS SELECT {columns} FROM {given.sql}")
    connection.execute(
        "CREATE TEMP TABLE happened AS "
        "SELECT DISTINCT ON (coalesce(nullif(id, ''), nullif(event_id, ''), 'row ' || rowid)) "
        f"nfc_normalize({OWNER}) AS {OWNER}, coalesce(nullif(idempotency_key, ''), "
        f"CASE WHEN regexp_full_match(mail, '{KEY}') THEN mail END) AS idempotency_key, type, block, "
        f"machine IS NOT NULL AND lower(trim(machine)) NOT IN {_NO} "
        "AND coalesce(TRY_CAST(machine AS DOUBLE) <> 0, TRUE) AS is_machine, "
        f'CASE WHEN regexp_matches("at", \'{_ZONED}\') THEN TRY_CAST("at" AS TIMESTAMPTZ) END AS moment, '
        "TRY_CAST(amount AS DOUBLE) AS amount, amount <> '' AS has_amount FROM read_events ORDER BY rowid"
    )
    return int(connection.execute("SELECT count(*) FROM read_events").fetchall()[0][0])


def _text(given: Given, name: str) -> str:
    if given.form == "lines":
        return inside(name)
    column = next((column for column in given.columns if column.lower() == name.lower()), None)
    return "NULL::VARCHAR" if column is None else f"CAST({quoted(column)} AS VARCHAR)"
