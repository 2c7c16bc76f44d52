"""Who of a list is mailed, and who is left out before anything is rendered: doubles, and those never to be mailed.

Nobody is left out silently: each is in `left_out.jsonl`, by line and key, and counted.

    keyed     mw_line, mw_key, and the columns of the list
    left_out  mw_line, mw_key, mw_code, mw_as
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from mailweave.batch.addresses import same_address
from mailweave.batch.keys import PLAIN, as_key
from mailweave.batch.ledger import BatchError
from mailweave.batch.list_import import RAW, Given, as_object, inside, key_inside, quoted
from mailweave.diagnostics import diagnose
from mailweave.root import Refused, plain

if TYPE_CHECKING:
    import duckdb

Duplicates: TypeAlias = Literal["refuse", "first", "last"]
SAME_KEY, SAME_ADDRESS, SUPPRESSED, BEYOND = "same_key", "same_address", "suppressed", "beyond_limit"
_NAMED = 3  # doubled keys that a refusal names
_AT_ONCE = 10_000
_MOST = 1 << 30  # bytes of a file of addresses


@dataclass(frozen=True, slots=True)
class Choice:
    """Who counts. `duplicates`: of rows that share a key. `limit`: only so many rows, the first ones. `unique`: the
    column whose every value is mailed once. `suppressed`: keys and addresses that are never mailed, as they are
    written; `address`: the column of addresses.
    """

    duplicates: Duplicates = "refuse"
    limit: int | None = None
    unique: str | None = None
    suppressed: tuple[str, ...] = field(default=(), repr=False)
    address: str | None = None

    def named(self) -> Mapping[str, object]:
        """What a resumed batch must have in common, by option; who is suppressed as a digest."""
        never = hashlib.sha256("\n".join(self.suppressed).encode()).hexdigest() if self.suppressed else ""
        return {
            "duplicates": self.duplicates,
            "limit": self.limit,
            "unique": self.unique,
            "suppress": never,
            "address": self.address,
        }


def read_lines(path: Path) -> tuple[str, ...]:
    """The lines of a file, without blanks and quotes around them, each once; of a line of JSON, as `mailweave serve`
    writes those who unsubscribe, its `key`. Raises BatchError."""
    try:
        text = plain(path, _MOST).decode("utf-8-sig")
    except (Refused, UnicodeDecodeError) as error:
        why = error.what if isinstance(error, Refused) else "not UTF-8"
        raise BatchError([diagnose("MW006", place=str(path), what=path.name, why_not=why)]) from None
    try:
        lines = [
            _key_of(line) if line.startswith("{") else line.strip('"')
            for line in map(str.strip, text.splitlines())
        ]
    except (ValueError, KeyError, TypeError):
        what = "a line begins with `{` and is no JSON object with a `key` that is a text"
        raise BatchError([diagnose("MW805", place=str(path), what=what)]) from None
    return tuple(dict.fromkeys(line for line in lines if line))


def _key_of(line: str) -> str:
    key = json.loads(line)["key"]
    if not isinstance(key, str):
        raise TypeError
    return key


def choose(connection: duckdb.DuckDBPyConnection, given: Given, key: str, choice: Choice) -> dict[str, int]:
    """Makes the views `keyed` and `chosen` and the table `left_out`. Returns how many rows there are under `rows`, and
    how many of them are left out, by code. Raises BatchError for doubles that are to be refused.
    """
    connection.create_function("mw_same", same_address, ["VARCHAR"], "VARCHAR")
    connection.create_function("mw_as_key", _as_key, ["VARCHAR"], "VARCHAR")
    connection.execute(
        "CREATE TEMP VIEW every AS SELECT row_number() OVER () AS mw_line, "
        f"{_key(key_inside(key) if given.form == 'lines' else _datum(given, key))} AS mw_key, * FROM {given.sql}"
    )
    limited = "" if choice.limit is None else f" WHERE mw_line <= {choice.limit:d}"
    connection.execute(f"CREATE TEMP VIEW keyed AS SELECT * FROM every{limited}")
    rows, doubled = _counted(connection)
    if doubled and given.form == "lines":
        _without_unread(connection)
        rows, doubled = _counted(connection)
    if doubled and choice.duplicates == "refuse":
        raise BatchError([_doubles(connection, given, doubled)])
    connection.execute(
        "CREATE TABLE left_out (mw_line BIGINT, mw_key VARCHAR, mw_code VARCHAR, mw_as BIGINT)"
    )
    if doubled:
        _same_key(connection, choice.duplicates)
    if choice.suppressed:
        _never(connection, given, choice)
    if choice.unique is not None:
        _same_address(connection, given, choice.unique)
    connection.execute(
        "CREATE TEMP VIEW chosen AS SELECT * FROM keyed WHERE mw_line NOT IN (SELECT mw_line FROM left_out)"
    )
    counted = dict(connection.execute("SELECT mw_code, count(*) FROM left_out GROUP BY ALL").fetchall())
    beyond = 0
    if choice.limit is not None:
        ((every,),) = connection.execute("SELECT count(*) FROM every").fetchall()
        beyond = every - rows
    return {"rows": rows + beyond, BEYOND: beyond, **counted}


def _counted(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many rows there are, and how many of them have a key that another one has too."""
    found = connection.execute(
        "SELECT coalesce(sum(n), 0), coalesce(sum(n - 1) FILTER (mw_key IS NOT NULL), 0) "
        "FROM (SELECT mw_key, count(*) AS n FROM keyed GROUP BY mw_key)"
    )
    ((rows, doubled),) = found.fetchall()
    return int(rows), int(doubled)


def _without_unread(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes the key from lines in which DuckDB finds one though they are no JSON: else they could stand in the place of
    somebody's own line. Only of doubled keys that matters, so only those are looked at."""
    connection.create_function("mw_reads", _reads, ["VARCHAR"], "BOOLEAN")
    doubled = "SELECT mw_key FROM keyed GROUP BY mw_key HAVING count(*) > 1"
    connection.execute(
        f"CREATE TEMP TABLE unread_lines AS SELECT mw_line FROM keyed WHERE mw_key IN ({doubled}) AND NOT mw_reads({RAW})"
    )
    connection.execute("ALTER VIEW keyed RENAME TO all_keyed")
    connection.execute(
        "CREATE TEMP VIEW keyed AS SELECT * REPLACE (CASE WHEN mw_line NOT IN (SELECT mw_line FROM unread_lines) "
        "THEN mw_key END AS mw_key) FROM all_keyed"
    )


def _reads(line: str) -> bool:
    return as_object({RAW: line}) is not None


def _datum(given: Given, column: str) -> str:
    return inside(column) if given.form == "lines" else f"CAST({quoted(column)} AS VARCHAR)"


_BLANKS: Final = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)"


def _key(text: str) -> str:
    """SQL for a key; where it names nobody, those who have it are no doubles."""
    return (
        f"CASE WHEN regexp_full_match({text}, '{PLAIN}') THEN {text} ELSE nullif(mw_as_key({text}), '') END"
    )


def _as_key(text: str) -> str:
    """The key, or an empty text: a function of DuckDB's may not give NULL."""
    return as_key(text) or ""


def _normal(text: str) -> str:
    """SQL for what `same_address` makes of a text."""
    plain = f"lower(trim({text}, {_BLANKS}))"
    return f"CASE WHEN strlen({text}) = length({text}) THEN {plain} ELSE mw_same({text}) END"


def _doubles(connection: duckdb.DuckDBPyConnection, given: Given, count: int) -> Any:
    found = connection.execute(
        "SELECT mw_key, list(mw_line ORDER BY mw_line)[:4] FROM keyed WHERE mw_key IS NOT NULL "
        f"GROUP BY mw_key HAVING count(*) > 1 ORDER BY min(mw_line) LIMIT {_NAMED}"
    ).fetchall()
    return diagnose("MW806", place=given.shown, count=count, which=named_doubles(found))


def named_doubles(found: list[tuple[str, list[int]]]) -> str:
    """Keys and their lines, in words.

    >>> named_doubles([("7", [2, 5])])
    '`7` in lines 2 and 5'
    """
    shown = (f"`{key}` in lines {' and '.join(map(str, lines[:4]))}" for key, lines in found)
    return "; ".join(shown)


def _same_key(connection: duckdb.DuckDBPyConnection, duplicates: Duplicates) -> None:
    which = "max" if duplicates == "last" else "min"
    connection.execute(
        f"INSERT INTO left_out SELECT k.mw_line, k.mw_key, '{SAME_KEY}', o.mw_line FROM keyed k JOIN "
        f"(SELECT mw_key, {which}(mw_line) AS mw_line FROM keyed WHERE mw_key IS NOT NULL GROUP BY mw_key "
        "HAVING count(*) > 1) o ON k.mw_key = o.mw_key WHERE k.mw_line <> o.mw_line"
    )


def _never(connection: duckdb.DuckDBPyConnection, given: Given, choice: Choice) -> None:
    import pyarrow as pa

    connection.register("mw_never_stream", pa.table({"mw_text": pa.array(choice.suppressed, pa.string())}))
    connection.execute(
        f"CREATE TEMP TABLE never AS SELECT nfc_normalize(mw_text) AS mw_key, {_normal('mw_text')} AS mw_same "
        "FROM mw_never_stream"
    )
    connection.unregister("mw_never_stream")
    assert choice.address is not None
    where = f"{_normal(_datum(given, choice.address))} IN (SELECT mw_same FROM never)"
    connection.execute(
        f"INSERT INTO left_out SELECT mw_line, mw_key, '{SUPPRESSED}', NULL FROM keyed WHERE mw_line NOT IN "
        f"(SELECT mw_line FROM left_out) AND (coalesce(mw_key IN (SELECT mw_key FROM never), FALSE) "
        f"OR coalesce({where}, FALSE))"
    )


def _same_address(connection: duckdb.DuckDBPyConnection, given: Given, column: str) -> None:
    connection.execute(
        f"INSERT INTO left_out WITH a AS (SELECT mw_line, mw_key, {_normal(_datum(given, column))} AS mw_same "
        "FROM keyed WHERE mw_line NOT IN (SELECT mw_line FROM left_out)), "
        "first AS (SELECT mw_same, min(mw_line) AS mw_line FROM a WHERE mw_same <> '' GROUP BY mw_same) "
        f"SELECT a.mw_line, a.mw_key, '{SAME_ADDRESS}', first.mw_line FROM a JOIN first USING (mw_same) "
        "WHERE a.mw_line <> first.mw_line"
    )


def left_out_lines(connection: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    """The lines of `left_out.jsonl`, in the order of the list."""
    found = connection.execute("SELECT mw_line, mw_key, mw_code, mw_as FROM left_out ORDER BY mw_line")
    while rows := found.fetchmany(_AT_ONCE):
        yield from (left_out_line(*row) for row in rows)


def left_out_line(line: int, key: str | None, code: str, same_as: int | None) -> bytes:
    """One who is left out; `same_as`: the line of the one who counts in their place."""
    entry: dict[str, object] = {"line": line, "key": key or "", "code": code}
    if same_as is not None:
        entry["same_as"] = same_as
    return json.dumps(entry).encode() + b"\n"
