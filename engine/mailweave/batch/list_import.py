"""A list, brought to where DuckDB can read it: a relation, the form of its rows, a digest of its content.

DuckDB reads files, and databases of its own. SQLite comes through the standard library and Postgres through psycopg (the
extra `postgres`), streamed as texts; neither needs an extension of DuckDB, which could not be had offline.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import quote

from mailweave.batch.int96 import instants, with_zones
from mailweave.batch.ledger import BatchError, digest
from mailweave.batch.locations import Files, Kind, Place, Table
from mailweave.diagnostics import diagnose, did_you_mean
from mailweave.values.json_text import read_json

if TYPE_CHECKING:
    import duckdb
    import psycopg

Form: TypeAlias = Literal["columns", "lines", "cells"]
"""columns: each value in a type of its own. lines: JSON, a row each. cells: texts."""

RAW: Final = "mw_raw"  # the column that holds a whole JSON line
OWNER: Final = "profile"  # the column of events that holds the key of their recipient
_FORMS: Final[Mapping[Kind, Form]] = {"parquet": "columns", "csv": "cells", "jsonl": "lines"}
_SCANS: Final[Mapping[Kind, str]] = {
    "parquet": "read_parquet([{files}], union_by_name = true)",
    "csv": "read_csv([{files}], union_by_name = true, all_varchar = true, header = true, delim = '{delimiter}', "
    "quote = '\"', escape = '\"', comment = '', skip = 0, max_line_size = 16777216)",
    "jsonl": f"(SELECT coalesce(CAST(json AS VARCHAR), '') AS {RAW} FROM "
    "read_ndjson_objects([{files}], ignore_errors = true))",
}
_ROWS = 10_000  # at a time, from SQLite and Postgres


@dataclass(frozen=True, slots=True)
class Given:
    """A list as DuckDB sees it: SQL to select from, the form of its rows, its columns, a digest of its content,
    its files if it is some."""

    sql: str
    form: Form
    columns: Mapping[str, Any]
    digest: str
    shown: str
    files: tuple[Path, ...] | None = None

    def require(self, column: str, what: str) -> None:
        """Raises BatchError when a column is not there; lines of JSON are asked one by one."""
        if self.form == "lines" or column.lower() in {name.lower() for name in self.columns}:
            return
        near = did_you_mean(column, self.columns)
        raise BatchError([diagnose("MW809", place=self.shown, column=column, what=what, help=near)])


class ListImport:
    """Brings lists into one connection. `name` in its methods is that of the relation that is made.

    What is copied goes into `temporary` tables, which other cursors of the connection do not see.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, temporary: bool = True) -> None:
        self._connection = connection
        self._table = "TEMP TABLE" if temporary else "TABLE"
        self._attached: dict[str, str] = {}

    def take(self, place: Place, name: str, key: str, *, digested: bool = True) -> Given:
        """Makes a list readable; `key` is the column that its rows are put in order by, where they have none.

        Without `digested`, files are not read for their digest. Raises BatchError and duckdb.Error.
        """
        form: Form
        if isinstance(place, Files):
            form, content = _FORMS[place.kind], _of_files(place.paths) if digested else ""
            source = scan(place)
        elif place.engine == "duckdb":
            form, content = "columns", _of_database(place) if digested else ""
            source = self._attach(place)
        else:
            form, source = "cells", f'"{name}"'
            content = self._stream(place, name, key)
        columns = self._columns(source)
        if isinstance(place, Files) and place.kind == "parquet" and (moments := instants(place.paths)):
            source = f"(SELECT {with_zones(columns, moments, quoted)} FROM {source})"
            columns = self._columns(source)
        files = place.paths if isinstance(place, Files) else None
        return Given(source, form, columns, content, place.shown, files)

    def _columns(self, source: str) -> dict[str, Any]:
        relation = self._connection.sql(f"SELECT * FROM {source}")
        return dict(zip(relation.columns, relation.types, strict=True))

    def _attach(self, table: Table) -> str:
        alias = self._attached.get(table.address)
        if alias is None:
            alias = self._attached[table.address] = f"mw_given_{len(self._attached)}"
            self._connection.execute(f"ATTACH '{_text(table.address)}' AS {alias} (READ_ONLY)")
        parts = [alias, *table.name.split(".")]
        return ".".join(map(quoted, parts))

    def _stream(self, table: Table, name: str, key: str) -> str:
        """Copies a table as texts into a temporary one. Returns the digest of what was copied."""
        import pyarrow as pa

        total = hashlib.sha256()
        names, chunks = _sqlite(table) if table.engine == "sqlite" else _postgres(table, key)
        total.update(json.dumps(names).encode())
        schema = pa.schema([(column, pa.string()) for column in names])
        reader = pa.RecordBatchReader.from_batches(schema, _batches(schema, chunks, total))
        self._connection.register(f"{name}_stream", reader)
        try:
            self._connection.execute(f'CREATE {self._table} "{name}" AS SELECT * FROM "{name}_stream"')
        finally:
            self._connection.unregister(f"{name}_stream")
        return total.hexdigest()


def as_object(row: dict[str, Any]) -> dict[str, Any] | None:
    """The row, or the object that its JSON line holds; None where that is no object."""
    if RAW not in row:
        return row
    try:
        value = read_json(row[RAW])
    except (TypeError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def inside(name: str) -> str:
    """SQL for a member of a JSON line; NULL where the line is no JSON."""
    return f"CASE WHEN json_valid({RAW}) THEN json_extract_string({RAW}, '{_text(json_path(name))}') END"


def key_inside(name: str) -> str:
    """SQL for a key in a JSON line; what is neither a text nor a whole number is none."""
    kind = f"json_type({RAW}, '{_text(json_path(name))}')"
    return (
        f"CASE WHEN json_valid({RAW}) THEN CASE WHEN {kind} IN ('VARCHAR', 'BIGINT', 'UBIGINT') "
        f"THEN {inside(name)} END END"
    )


def json_path(*names: str) -> str:
    """A path into a JSON document."""
    return "$" + "".join(f".{json.dumps(name, ensure_ascii=False)}" for name in names)


def scan(files: Files, delimiter: str | None = None) -> str:
    """SQL that reads files of a list; `delimiter` of CSV, where it is known."""
    quoted = ", ".join("'" + _text(str(path)) + "'" for path in files.paths)
    mark = delimiter_of(files) if delimiter is None else delimiter
    return _SCANS[files.kind].format(files=quoted, delimiter=mark)


def delimiter_of(files: Files) -> str:
    """What separates the columns of CSV: of the usual four, the one that its header holds most of."""
    if files.kind != "csv":
        return ""
    opened = gzip.open if files.paths[0].suffix == ".gz" else open
    with opened(files.paths[0], "rb") as file:
        header = file.readline(1_000_000)
    return max(",;\t|", key=lambda mark: header.count(mark.encode()))


def _of_files(paths: tuple[Path, ...]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + bytes.fromhex(digest(path)))
    return total.hexdigest()


def _of_database(table: Table) -> str:
    """A database in a file, with what its log holds."""
    log = Path(f"{table.address}.wal")
    files = (Path(table.address), *([log] if log.is_file() else []))
    return hashlib.sha256((_of_files(files) + table.name).encode()).hexdigest()


# ---- rows of texts

Texts: TypeAlias = Iterator[list[tuple[str | None, ...]]]


def _batches(schema: Any, chunks: Texts, total: Any) -> Iterator[Any]:
    """Arrow batches; their content goes into the digest `total`."""
    import pyarrow as pa

    for chunk in chunks:
        total.update(json.dumps(chunk).encode())
        arrays = [pa.array(column, pa.string()) for column in zip(*chunk, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _sqlite(table: Table) -> tuple[list[str], Texts]:
    address = f"file:{quote(str(Path(table.address).resolve()))}?mode=ro"
    name = ".".join(map(quoted, table.name.split(".")))
    try:
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        cursor = connection.execute(f"SELECT * FROM {name}")
    except sqlite3.Error as error:
        raise _unreadable(table, str(error)) from None
    return [column[0] for column in cursor.description], _of_sqlite(table, connection, cursor)


def _of_sqlite(table: Table, connection: sqlite3.Connection, cursor: sqlite3.Cursor) -> Texts:
    with closing(connection):
        while True:
            try:
                rows = cursor.fetchmany(_ROWS)
            except sqlite3.Error:  # its message quotes the text that it cannot decode
                raise _unreadable(table, "a text in it is not UTF-8, or the file is damaged") from None
            if not rows:
                return
            yield [tuple(map(_as_text, row)) for row in rows]


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return repr(value) if isinstance(value, float) else str(value)


def _postgres(table: Table, key: str) -> tuple[list[str], Texts]:
    try:
        import psycopg
    except ImportError:
        found = diagnose("MW022", place=table.shown, what="reading lists from Postgres", extra="postgres")
        raise BatchError([found]) from None
    try:
        connection = psycopg.connect(table.address)
        names, query = _query(connection, table, key)
        cursor = connection.cursor(name="mailweave")
        cursor.execute(query)
    except psycopg.Error as error:
        raise _unreadable(table, _said(error, table)) from None
    return names, _of_postgres(table, connection, cursor)


def _query(connection: psycopg.Connection[Any], table: Table, key: str) -> tuple[list[str], Any]:
    """All columns as texts, arrays and records as JSON, in an order that depends on the rows alone."""
    from psycopg import sql

    connection.read_only = True
    connection.execute("SET TIME ZONE 'UTC'")
    for setting in ("datestyle = 'ISO'", "intervalstyle = 'iso_8601'", "client_encoding = 'UTF8'"):
        connection.execute(f"SET {setting}")
    name = sql.Identifier(*table.name.split("."))
    found = connection.execute(
        "SELECT a.attname, t.typcategory IN ('A', 'C') FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
        "WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        [name.as_string(connection)],
    ).fetchall()
    columns = [
        sql.SQL("to_jsonb(r.{0})::text" if is_nested else "r.{0}::text").format(sql.Identifier(column))
        for column, is_nested in found
    ]
    names = [column for column, _ in found]
    whole = sql.SQL('(r.*)::text COLLATE "C"')
    order = (
        [sql.SQL('r.{0}::text COLLATE "C"').format(sql.Identifier(key)), whole] if key in names else [whole]
    )
    comma = sql.SQL(", ")
    query = sql.SQL("SELECT {0} FROM {1} r ORDER BY {2}")
    return names, query.format(comma.join(columns), name, comma.join(order))


def _of_postgres(table: Table, connection: psycopg.Connection[Any], cursor: Any) -> Texts:
    import psycopg

    with closing(connection), closing(cursor):
        while True:
            try:
                rows = cursor.fetchmany(_ROWS)
            except psycopg.Error as error:
                raise _unreadable(table, _said(error, table)) from None
            if not rows:
                return
            yield rows


def _said(error: psycopg.Error, table: Table) -> str:
    """The first line of an error, unless it repeats the address."""
    line = (error.diag.message_primary or str(error).strip() or "no answer").splitlines()[0]
    return "the server refuses the connection" if table.address in line else line


def _unreadable(table: Table, why: str) -> BatchError:
    return BatchError([diagnose("MW805", place=table.shown, what=why)])


def _text(value: str) -> str:
    return value.replace("'", "''")


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
