"""A list, staged: every recipient numbered in the order of the keys, its events beside it.

The stage is a DuckDB file in the output folder. It depends on the input alone, so a resumed batch finds,
or makes again, the same numbers. Workers read ranges of it; it may be larger than memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mailweave.batch.columns import rows
from mailweave.batch.ledger import BatchError
from mailweave.batch.sources import OWNER, Recipient, scan
from mailweave.diagnostics import diagnose

if TYPE_CHECKING:
    import duckdb

Duplicates = Literal["refuse", "first", "last"]
STAGE = ".stage.duckdb"
RAW = "mw_raw"  # the column that holds a whole JSON line


@dataclass(frozen=True, slots=True)
class Staged:
    """What staging found: how many recipients, and what it left out."""

    recipients: int
    input_rows: int
    merged: int
    orphans: int


def stage(
    folder: Path, profiles: Sequence[str], events: Sequence[str], key: str, duplicates: Duplicates
) -> Staged:
    """Writes the stage of a list into `folder`. Raises BatchError for what cannot be read."""
    import duckdb

    path = folder / STAGE
    for old in (path, path.with_name(STAGE + ".wal")):
        old.unlink(missing_ok=True)
    connection = duckdb.connect(str(path))
    connection.execute("SET enable_progress_bar = false")
    try:
        connection.execute(f"SET temp_directory = '{_text(str(folder / '.spill'))}'")
        rows = _people(connection, profiles, key, duplicates)
        orphans = _events(connection, events)
        count = _number(connection, "SELECT count(*) FROM people")
    except duckdb.Error as error:
        what = f"the list cannot be read: {str(error).splitlines()[0]}"
        raise BatchError([diagnose("MW805", place=", ".join(profiles), what=what)]) from None
    finally:
        connection.close()
    return Staged(count, rows, rows - count, orphans)


def _people(
    connection: duckdb.DuckDBPyConnection, profiles: Sequence[str], key: str, duplicates: Duplicates
) -> int:
    connection.execute(
        f"CREATE TEMP VIEW given AS SELECT row_number() OVER () AS mw_line, * FROM {scan(profiles)}"
    )
    raw = connection.sql("SELECT * FROM given").columns[1] == RAW
    name = _inside(key) if raw else f'CAST("{_quoted(key)}" AS VARCHAR)'
    connection.execute(f"CREATE TEMP VIEW keyed AS SELECT {name} AS mw_key, * FROM given")
    twice = "SELECT count(*) - count(DISTINCT mw_key) FROM keyed WHERE mw_key IS NOT NULL"
    doubled = _number(connection, twice)
    if doubled and duplicates == "refuse":
        raise BatchError([diagnose("MW806", place=", ".join(profiles), count=doubled)])
    order = "DESC" if duplicates == "last" else "ASC"
    one = f"row_number() OVER (PARTITION BY mw_key ORDER BY mw_line {order}) = 1 OR mw_key IS NULL"
    chosen = f"SELECT * FROM keyed QUALIFY {one}" if doubled else "SELECT * FROM keyed"
    connection.execute(
        "CREATE TABLE people AS SELECT row_number() OVER (ORDER BY mw_key, mw_line) - 1 AS mw_n, * "
        f"FROM ({chosen}) ORDER BY mw_n"
    )
    return _number(connection, "SELECT count(*) FROM given")


def _events(connection: duckdb.DuckDBPyConnection, events: Sequence[str]) -> int:
    """The events of known recipients; returns how many belong to nobody on the list."""
    if not events:
        connection.execute("CREATE TABLE happened (mw_n BIGINT)")
        return 0
    connection.execute(f"CREATE TEMP VIEW seen AS SELECT * FROM {scan(events)}")
    raw = connection.sql("SELECT * FROM seen").columns[0] == RAW
    owner = _inside(OWNER) if raw else f'CAST("{OWNER}" AS VARCHAR)'
    connection.execute(
        "CREATE TABLE happened AS SELECT p.mw_n, e.* FROM seen e "
        f"JOIN people p ON {owner} = p.mw_key ORDER BY p.mw_n"
    )
    return _number(connection, "SELECT count(*) FROM seen") - _number(
        connection, "SELECT count(*) FROM happened"
    )


def _inside(key: str) -> str:
    """SQL for a member of a JSON line; NULL where the line is no JSON."""
    return f"CASE WHEN json_valid({RAW}) THEN json_extract_string({RAW}, '$.\"{_text(key)}\"') END"


class Stage:
    """A stage, open for reading."""

    def __init__(self, folder: Path) -> None:
        import duckdb

        self._connection = duckdb.connect(str(folder / STAGE), read_only=True)
        self._connection.execute("SET threads = 1")
        self._connection.execute("SET enable_progress_bar = false")

    def read(self, start: int, stop: int) -> Iterator[tuple[int, int, Recipient | None]]:
        """Number, line in the input and recipient, for each number from `start` up to `stop`.

        A line that is no JSON object gives None.
        """
        events = {
            n: list(rows) for n, rows in groupby(self._rows("happened", start, stop), itemgetter("mw_n"))
        }
        for row in self._rows("people", start, stop):
            number, line, key = row.pop("mw_n"), row.pop("mw_line"), row.pop("mw_key", None)
            profile = as_object(row)
            if profile is None:
                yield number, line, None
                continue
            mine = tuple(e for e in map(_event, events.get(number, ())) if e is not None)
            yield number, line, Recipient("" if key is None else key, profile, mine)

    def _rows(self, table: str, start: int, stop: int) -> Iterator[dict[str, Any]]:
        query = f"SELECT * FROM {table} WHERE mw_n >= {start:d} AND mw_n < {stop:d} ORDER BY mw_n"
        for batch in self._connection.sql(query).to_arrow_table().to_batches():
            yield from rows(batch)

    def close(self) -> None:
        self._connection.close()


def as_object(row: dict[str, Any]) -> dict[str, Any] | None:
    """The row, or the object that its JSON line holds; None where that is no object."""
    if RAW not in row:
        return row
    try:
        value = json.loads(row[RAW])
    except (TypeError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _event(row: dict[str, Any]) -> dict[str, Any] | None:
    row.pop("mw_n")
    event = as_object(row)
    if event is not None:
        event.pop(OWNER, None)
    return event


def input_digest(patterns: Sequence[str]) -> str:
    """One digest for the files of an input, by content, in the order of their names."""
    from mailweave.batch.sources import expand

    total = hashlib.sha256()
    for path in expand(patterns):
        total.update(path.name.encode() + b"\0")
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _text(value: str) -> str:
    return value.replace("'", "''")


def _quoted(name: str) -> str:
    return name.replace('"', '""')
