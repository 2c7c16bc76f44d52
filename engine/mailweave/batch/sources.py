"""Recipients from files: profiles joined with their events, in the order of their keys.

DuckDB reads and sorts, so that a list may be larger than memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from glob import glob
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailweave.diagnostics import MailweaveError, diagnose

if TYPE_CHECKING:
    import duckdb

READERS: Mapping[str, str] = {
    ".parquet": "read_parquet([{files}], union_by_name = true)",
    ".csv": "read_csv([{files}], union_by_name = true)",
    ".jsonl": "(SELECT coalesce(CAST(json AS VARCHAR), '') AS mw_raw FROM "
    "read_ndjson_objects([{files}], ignore_errors = true))",
    ".ndjson": "(SELECT coalesce(CAST(json AS VARCHAR), '') AS mw_raw FROM "
    "read_ndjson_objects([{files}], ignore_errors = true))",
}
OWNER = "profile"  # the column of events that holds the key of their recipient
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row of a list: plain values, absent where the file has NULL."""

    key: str
    profile: dict[str, Any]
    events: tuple[dict[str, Any], ...] = ()


class Recipients:
    """The recipients of a list. `key` is the column of profiles that identifies them.

    Raises MailweaveError when a file cannot be read or the extra `batch` is not installed.
    """

    def __init__(self, profiles: Path, events: Path | None = None, *, key: str = "id") -> None:
        self._profiles, self._events, self._key = profiles, events, key

    def __len__(self) -> int:
        found = self._query(f"SELECT count(*) FROM {self._table(self._profiles)}").fetchall()
        return int(found[0][0])

    def __iter__(self) -> Iterator[Recipient]:
        order = _quoted(self._key)
        people = self._rows(f"SELECT * FROM {self._table(self._profiles)} ORDER BY {order}")
        events = self._event_groups("")
        waiting = next(events, None)
        for person in people:
            key = str(person.get(self._key, ""))
            while waiting is not None and waiting[0] < key:
                waiting = next(events, None)
            mine = waiting[1] if waiting is not None and waiting[0] == key else ()
            yield Recipient(key, person, mine)

    def get(self, key: str) -> Recipient | None:
        """The recipient with this key, or None."""
        where = f"WHERE CAST({_quoted(self._key)} AS VARCHAR) = ?"
        person = next(self._rows(f"SELECT * FROM {self._table(self._profiles)} {where}", [key]), None)
        if person is None:
            return None
        mine = next(self._event_groups(f"WHERE CAST({OWNER} AS VARCHAR) = ?", [key]), (key, ()))
        return Recipient(key, person, mine[1])

    def _event_groups(
        self, where: str, values: list[str] | None = None
    ) -> Iterator[tuple[str, tuple[dict[str, Any], ...]]]:
        if self._events is None:
            return
        order = f'ORDER BY CAST({OWNER} AS VARCHAR), "at"'
        query = f"SELECT * FROM {self._table(self._events)} {where} {order}"
        for key, mine in groupby(self._rows(query, values), key=itemgetter(OWNER)):
            yield str(key), tuple({k: v for k, v in row.items() if k != OWNER} for row in mine)

    def _rows(self, query: str, values: list[str] | None = None) -> Iterator[dict[str, Any]]:
        relation = self._query(query, values)
        from mailweave.batch.columns import rows

        for batch in relation.to_arrow_reader(_BATCH):
            yield from rows(batch)

    def _query(self, query: str, values: list[str] | None = None) -> duckdb.DuckDBPyRelation:
        connection = self._connection
        import duckdb

        try:
            return connection.cursor().sql(query, params=values or None)
        except duckdb.Error as error:
            what = f"the list cannot be read: {str(error).splitlines()[0]}"
            raise MailweaveError([diagnose("MW024", place=str(self._profiles), what=what)]) from None

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        try:
            import duckdb
            import pyarrow  # noqa: F401 - what DuckDB hands rows over in
        except ImportError:
            found = diagnose("MW022", place=str(self._profiles), what="reading lists", extra="batch")
            raise MailweaveError([found]) from None
        return duckdb.connect()

    def _table(self, path: Path) -> str:
        return scan([str(path)])


def expand(patterns: Sequence[str]) -> list[Path]:
    """The files that paths and globs name, sorted. Raises MailweaveError when one names none."""
    found: list[Path] = []
    for pattern in patterns:
        paths = [Path(name) for name in sorted(glob(pattern, recursive=True))]  # noqa: PTH207 - absolute ones too
        if not paths:
            todo = "name a file, or a glob that matches one"
            raise MailweaveError([diagnose("MW001", place=pattern, what="the list", todo=todo)])
        found += paths
    return found


def scan(patterns: Sequence[str]) -> str:
    """SQL that reads the files of a list, all of one kind."""
    files = expand(patterns)
    kinds = {path.suffix.lower() for path in files}
    if len(kinds) != 1 or not kinds <= set(READERS):
        what = f"a list is files of one of these kinds: {', '.join(READERS)}"
        raise MailweaveError([diagnose("MW024", place=", ".join(patterns), what=what)])
    quoted = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    return READERS[kinds.pop()].format(files=quoted)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
