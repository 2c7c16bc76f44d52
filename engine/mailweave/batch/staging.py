"""A list, staged: every recipient numbered in the order of the keys, its events beside it.

The stage is a DuckDB file in the output folder. It depends on the input alone, so a resumed batch makes again the
same numbers. Workers read ranges of it; it may be larger than memory.

    people    mw_n, mw_line, mw_key, and the columns of the list
    happened  mw_n, mw_type, and the columns of its events
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mailweave.batch.intake import OWNER, RAW, Form, Given, Intake, as_object, inside, quoted
from mailweave.batch.ledger import BatchError
from mailweave.batch.places import Place, locate
from mailweave.diagnostics import diagnose

if TYPE_CHECKING:
    import duckdb

__all__ = ["RAW", "Duplicates", "Shape", "Staged", "as_object", "opened", "remove", "stage"]
Duplicates = Literal["refuse", "first", "last"]
STAGE, _SPILL = ".stage.duckdb", ".spill"
_ROWS = 8192  # of a group: a worker that reads a range of the list looks through one, and not through 122,880
# what DuckDB may hold of a list while it stages, and spills the rest: more only where rows are so large
MEMORY = ("256MB", "1GB", "4GB")
_THREADS = 4  # each wants buffers of its own


@dataclass(frozen=True, slots=True)
class Shape:
    """The forms in which a stage holds profiles and events."""

    profiles: Form
    events: Form


@dataclass(frozen=True, slots=True)
class Staged:
    """What staging found: how many recipients, what it left out, a digest of the input."""

    recipients: int
    input_rows: int
    merged: int
    orphans: int
    shape: Shape
    digest: str


@contextmanager
def opened(folder: Path, shown: str, memory: str = MEMORY[0]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The stage of a folder, to be written. Raises BatchError for what DuckDB cannot do."""
    import duckdb

    try:
        connection = duckdb.connect()
        try:
            connection.execute(f"ATTACH '{_text(str(folder / STAGE))}' AS stage (ROW_GROUP_SIZE {_ROWS})")
            connection.execute("USE stage")
            connection.execute("SET enable_progress_bar = false")
            connection.execute(f"SET memory_limit = '{memory}'")
            connection.execute(f"SET threads = {min(_THREADS, os.cpu_count() or 1)}")
            connection.execute(f"SET temp_directory = '{_text(str(folder / _SPILL))}'")
            yield connection
        finally:
            connection.close()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        if "No space left on device" in str(error):
            raise BatchError([diagnose("MW810", place=str(folder), what="No space left on device")]) from None
        what = f"the list cannot be read: {str(error).splitlines()[0]}"
        raise BatchError([diagnose("MW805", place=shown, what=what)]) from None


def remove(folder: Path) -> None:
    """Leaves nothing of a stage."""
    for name in (STAGE, f"{STAGE}.wal"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / _SPILL, ignore_errors=True)


def stage(
    folder: Path, profiles: Sequence[str], events: Sequence[str], key: str, duplicates: Duplicates
) -> Staged:
    """Writes the stage of a list into `folder`. Raises MailweaveError for what cannot be read."""
    import duckdb

    people, happened = locate(profiles), locate(events) if events else None
    for memory in MEMORY:
        remove(folder)
        with suppress(duckdb.OutOfMemoryException):
            return _staged(folder, people, happened, key, duplicates, memory)
    what = f"a row of it is too large for {MEMORY[-1]} of memory"
    raise BatchError([diagnose("MW805", place=people.shown, what=what)])


def _staged(
    folder: Path, people: Place, happened: Place | None, key: str, duplicates: Duplicates, memory: str
) -> Staged:
    with opened(folder, people.shown, memory) as connection:
        intake = Intake(connection)
        given = intake.take(people, "mw_profiles", key)
        given.require(key, "the key of each recipient")
        rows = _people(connection, given, key, duplicates)
        seen = None if happened is None else intake.take(happened, "mw_events", OWNER)
        orphans = _events(connection, seen)
        count = number(connection, "SELECT count(*) FROM people")
    total = hashlib.sha256("\n".join([given.digest, seen.digest if seen else ""]).encode()).hexdigest()
    shape = Shape(given.form, seen.form if seen else "columns")
    return Staged(count, rows, rows - count, orphans, shape, total)


def _people(connection: duckdb.DuckDBPyConnection, given: Given, key: str, duplicates: Duplicates) -> int:
    name = inside(key) if given.form == "lines" else f"CAST({quoted(key)} AS VARCHAR)"
    connection.execute(
        "CREATE TEMP VIEW keyed AS SELECT row_number() OVER () AS mw_line, "
        f"nfc_normalize({name}) AS mw_key, * FROM {given.sql}"
    )
    found = connection.execute(
        "SELECT coalesce(sum(n), 0), coalesce(sum(n - 1) FILTER (mw_key IS NOT NULL), 0) "
        "FROM (SELECT mw_key, count(*) AS n FROM keyed GROUP BY mw_key)"
    )
    ((rows, doubled),) = found.fetchall()
    if doubled and duplicates == "refuse":
        raise BatchError([diagnose("MW806", place=given.shown, count=doubled)])
    chosen = f"WHERE mw_key IS NULL OR mw_line IN ({_chosen(duplicates)})" if doubled else ""
    connection.execute(  # numbered behind the sort, which spills; a window over whole rows would not
        "CREATE TABLE people AS SELECT row_number() OVER () - 1 AS mw_n, * "
        f"FROM (SELECT * FROM keyed {chosen} ORDER BY mw_key, mw_line)"
    )
    return int(rows)


def _chosen(duplicates: Duplicates) -> str:
    """The lines that count, of recipients who share a key."""
    which = "max" if duplicates == "last" else "min"
    return f"SELECT {which}(mw_line) FROM keyed WHERE mw_key IS NOT NULL GROUP BY mw_key"


def _events(connection: duckdb.DuckDBPyConnection, given: Given | None) -> int:
    """The events of known recipients; returns how many belong to nobody on the list."""
    if given is None:
        connection.execute("CREATE TABLE happened (mw_n BIGINT, mw_type VARCHAR)")
        return 0
    given.require(OWNER, "the key of the recipient whom an event belongs to")
    given.require("type", "the name of the event")
    owner, type_ = (
        inside(name) if given.form == "lines" else f"CAST(e.{quoted(name)} AS VARCHAR)"
        for name in (OWNER, "type")
    )
    connection.execute(
        f"CREATE TABLE happened AS SELECT p.mw_n, {type_} AS mw_type, e.* FROM {given.sql} e "
        f"JOIN (SELECT mw_n, mw_key FROM people) p ON nfc_normalize({owner}) = p.mw_key ORDER BY p.mw_n"
    )
    rows = number(connection, f"SELECT count(*) FROM {given.sql}")
    if rows and given.form == "lines":
        _require_owners(connection, given)
    return rows - number(connection, "SELECT count(*) FROM happened")


def _require_owners(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    if not number(connection, f"SELECT count({inside(OWNER)}) FROM {given.sql}"):
        what = "the key of the recipient whom an event belongs to"
        raise BatchError([diagnose("MW809", place=given.shown, column=OWNER, what=what)])


def number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one number that a query gives."""
    return int(connection.execute(query).fetchall()[0][0])


def _text(value: str) -> str:
    return value.replace("'", "''")
