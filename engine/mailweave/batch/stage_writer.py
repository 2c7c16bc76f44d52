"""A list, staged: every recipient numbered in the order of the keys, its events beside it.

The stage is a DuckDB file in the output folder. It depends on the input alone, so a resumed batch makes again the
same numbers. Workers read ranges of it; it may be larger than memory.

    people    mw_n, mw_line, mw_key, and the columns of the list
    happened  mw_n, mw_type, and the columns of its events
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailweave.batch.audience import (
    BEYOND,
    SAME_ADDRESS,
    SAME_KEY,
    SUPPRESSED,
    Choice,
    Duplicates,
    choose,
    left_out_lines,
)
from mailweave.batch.ledger import BatchError
from mailweave.batch.list_import import OWNER, RAW, Form, Given, ListImport, as_object, inside, quoted
from mailweave.batch.locations import Place, locate
from mailweave.diagnostics import diagnose

if TYPE_CHECKING:
    import duckdb

__all__ = ["RAW", "Duplicates", "Shape", "Staged", "as_object", "opened", "remove", "stage"]
STAGE, _SPILL = ".stage.duckdb", ".spill"
UNREAD_EVENTS = ".events.dead.jsonl"  # letters for lines of the events, beside the stage
STAGED_LEFT_OUT = ".left_out.jsonl"  # who is left out, until there is an output that this belongs to
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
    """What staging found, and a digest of the input.

    recipients: those who are to be rendered. input_rows: all of the list. merged: rows whose key another one has, who
    counts. orphans: events of nobody. twins: rows whose address another one has. suppressed: those never to be
    mailed. beyond: rows behind the limit. unread_events: lines of the events that are no JSON.
    """

    recipients: int
    input_rows: int
    merged: int
    orphans: int
    shape: Shape
    digest: str
    twins: int = 0
    suppressed: int = 0
    beyond: int = 0
    unread_events: int = 0


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
            connection.execute("SET TimeZone = 'UTC'")
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
        what = str(error).splitlines()[0]
        raise BatchError([diagnose("MW805", place=shown, what=what)]) from None


def remove(folder: Path) -> None:
    """Leaves nothing of a stage."""
    for name in (STAGE, f"{STAGE}.wal", UNREAD_EVENTS, STAGED_LEFT_OUT):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / _SPILL, ignore_errors=True)


def stage(
    folder: Path,
    profiles: Sequence[str],
    events: Sequence[str],
    key: str,
    choice: Choice | Duplicates = "refuse",
) -> Staged:
    """Writes the stage of a list into `folder`. Raises MailweaveError for what cannot be read."""
    import duckdb

    chosen = choice if isinstance(choice, Choice) else Choice(choice)
    people, happened = locate(profiles), locate(events) if events else None
    for memory in MEMORY:
        remove(folder)
        with suppress(duckdb.OutOfMemoryException):
            return _staged(folder, people, happened, key, chosen, memory)
    what = f"a row is too large for {MEMORY[-1]} of memory"
    raise BatchError([diagnose("MW805", place=people.shown, what=what)])


def _staged(
    folder: Path, people: Place, happened: Place | None, key: str, choice: Choice, memory: str
) -> Staged:
    with opened(folder, people.shown, memory) as connection:
        intake = ListImport(connection)
        given = intake.take(people, "mw_profiles", key)
        given.require(key, "the key of each recipient")
        for column, what in ((choice.address, "the addresses"), (choice.unique, "what is mailed once")):
            if column is not None:
                given.require(column, what)
        left = _people(connection, given, key, choice)
        _write(folder / STAGED_LEFT_OUT, left_out_lines(connection), len(left) > 2)
        seen = None if happened is None else intake.take(happened, "mw_events", OWNER)
        unread = _unread(connection, seen, folder)
        orphans = _events(connection, seen) - unread
        count = number(connection, "SELECT count(*) FROM people")
    total = hashlib.sha256("\n".join([given.digest, seen.digest if seen else ""]).encode()).hexdigest()
    shape = Shape(given.form, seen.form if seen else "columns")
    others = (left.get(SAME_ADDRESS, 0), left.get(SUPPRESSED, 0), left[BEYOND], unread)
    return Staged(count, left["rows"], left.get(SAME_KEY, 0), orphans, shape, total, *others)


def _people(connection: duckdb.DuckDBPyConnection, given: Given, key: str, choice: Choice) -> dict[str, int]:
    found = choose(connection, given, key, choice)
    connection.execute(  # numbered behind the sort, which spills; a window over whole rows would not
        "CREATE TABLE people AS SELECT row_number() OVER () - 1 AS mw_n, * "
        "FROM (SELECT * FROM chosen ORDER BY mw_key, mw_line)"
    )
    return found


def _write(path: Path, lines: Iterator[bytes], is_any: bool) -> None:
    """A file that is there only where there is something to say."""
    if not is_any:
        path.unlink(missing_ok=True)
        return
    with path.open("wb") as file:
        file.writelines(lines)


def _unread(connection: duckdb.DuckDBPyConnection, given: Given | None, folder: Path) -> int:
    """Writes letters for lines of the events that are no JSON object, and says how many there are."""
    if given is None or given.form != "lines":
        return 0
    connection.execute(
        "CREATE TEMP TABLE unread AS SELECT mw_line FROM (SELECT row_number() OVER () AS mw_line, "
        f"{RAW} FROM {given.sql}) "
        f"WHERE NOT CASE WHEN json_valid({RAW}) THEN json_type({RAW}) = 'OBJECT' ELSE FALSE END"
    )
    found = connection.execute("SELECT mw_line FROM unread ORDER BY mw_line").fetchall()
    _write(folder / UNREAD_EVENTS, (unread_event(line) for (line,) in found), bool(found))
    return len(found)


def unread_event(line: int) -> bytes:
    """The letter for a line of the events."""
    why = "this line of the events is no JSON object"
    letter = {"line": line, "key": "", "code": "bad_json", "field": "events", "reason": why}
    return json.dumps(letter).encode() + b"\n"


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
