"""Recipients of a list in one process: profiles joined with their events, in the order of their keys.

DuckDB reads and sorts, so that a list may be larger than memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from mailweave.batch.extras import require
from mailweave.batch.list_import import OWNER, Given, ListImport, inside, quoted
from mailweave.batch.locations import locate
from mailweave.batch.row_decoding import Events, Profiles
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.rules import BadData
from mailweave.schema.model import Schema

if TYPE_CHECKING:
    import duckdb

__all__ = ["OWNER", "Recipient", "Recipients"]
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row of a list: plain values, absent where the file has NULL.

    answers: the mask of the rules, where it was worked out before (see `Campaign.decide`). refused: what is wrong
    with the row itself.
    """

    key: str
    profile: dict[str, Any]
    events: tuple[dict[str, Any], ...] = ()
    answers: int | None = None
    refused: BadData | None = None


class Recipients:
    """The recipients of a list. `key` is the column of profiles that identifies them; `schema` says how the
    texts of CSV, SQLite and Postgres are read (without it they stay texts).

    Raises MailweaveError when a list cannot be read or the extra `batch` is not installed.
    """

    def __init__(
        self,
        profiles: Path | str,
        events: Path | str | None = None,
        *,
        key: str = "id",
        schema: Schema | None = None,
    ) -> None:
        self._profiles, self._key = str(profiles), key
        self._events = None if events is None else str(events)
        self._schema = schema or Schema()

    def __len__(self) -> int:
        found = self._query(f"SELECT count(*) FROM {self._people.sql}").fetchall()
        return int(found[0][0])

    def __iter__(self) -> Iterator[Recipient]:
        name = self._name(self._people, self._key)
        people = self._rows(f"SELECT {name} AS mw_key, * FROM {self._people.sql} ORDER BY mw_key")
        events = self._event_groups("")
        waiting = next(events, None)
        for person in people:
            key = person.pop("mw_key", "")
            while waiting is not None and waiting[0] < key:
                waiting = next(events, None)
            mine = waiting[1] if waiting is not None and waiting[0] == key else ()
            yield self._recipient(key, person, mine)

    def get(self, key: str) -> Recipient | None:
        """The recipient with this key, or None."""
        where = f"WHERE {self._name(self._people, self._key)} = ?"
        key = normalize("NFC", key)
        person = next(self._rows(f"SELECT * FROM {self._people.sql} {where}", [key]), None)
        if person is None:
            return None
        mine = next(self._event_groups("AND mw_owner = ?", [key]), (key, ()))
        return self._recipient(key, person, mine[1])

    def search(self, text: str, most: int) -> tuple[str, ...]:
        """The keys of the first `most` recipients, by key, in whose row this text stands, whatever its case."""
        name, people = self._name(self._people, self._key), self._people.sql
        query = f"SELECT {name} AS mw_key FROM {people} AS mw_row"
        where = "WHERE contains(lower(CAST(mw_row AS VARCHAR)), lower(?))" if text else ""
        found = self._query(f"{query} {where} ORDER BY mw_key LIMIT {most:d}", [text] if text else None)
        return tuple(str(key) for (key,) in found.fetchall() if key is not None)

    def _recipient(self, key: str, row: dict[str, Any], events: tuple[dict[str, Any], ...]) -> Recipient:
        """The recipient as a batch reads it; `events` as they stand in their list."""
        try:
            profile = Profiles(self._schema, self._people.form)(row)
            mine = tuple(map(self._event, events))
        except BadData as bad:
            return Recipient(key, {}, refused=bad)
        if profile is None:
            return Recipient(key, {}, refused=BadData(self._key, "stands in a line that is no JSON object"))
        if type(profile.get(self._key)) is int:
            profile[self._key] = key  # keys that are numbers are read as texts
        return Recipient(key, profile, mine)

    @cached_property
    def _event(self) -> Events:
        return Events(self._schema, "columns" if self._happened is None else self._happened.form)

    def _event_groups(
        self, where: str, values: list[str] | None = None
    ) -> Iterator[tuple[str, tuple[dict[str, Any], ...]]]:
        given = self._happened
        if given is None:
            return
        at = inside("at") if given.form == "lines" else '"at"'
        owned = f"(SELECT {self._name(given, OWNER)} AS mw_owner, {at} AS mw_at, * FROM {given.sql})"
        rows = self._rows(
            f"SELECT * FROM {owned} WHERE mw_owner IS NOT NULL {where} ORDER BY mw_owner, mw_at", values
        )
        for key, mine in groupby(rows, key=lambda row: row.pop("mw_owner", "")):
            yield key, tuple({n: v for n, v in row.items() if n != "mw_at"} for row in mine)

    def _name(self, given: Given, column: str) -> str:
        """The column that holds a key, as text in NFC."""
        named = inside(column) if given.form == "lines" else f"CAST({quoted(column)} AS VARCHAR)"
        return f"nfc_normalize({named})"

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
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> MailweaveError:
        what = str(error).splitlines()[0]
        return MailweaveError([diagnose("MW805", place=self._profiles, what=what)])

    @cached_property
    def _people(self) -> Given:
        return self._taken(self._profiles, "mw_profiles", self._key)

    @cached_property
    def _happened(self) -> Given | None:
        return None if self._events is None else self._taken(self._events, "mw_events", OWNER)

    def _taken(self, pattern: str, name: str, key: str) -> Given:
        intake = self._intake
        import duckdb

        try:
            return intake.take(locate([pattern]), name, key, digested=False)
        except duckdb.Error as error:
            raise self._unreadable(error) from None

    @cached_property
    def _intake(self) -> ListImport:
        return ListImport(self._connection, temporary=False)

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        require("batch", place=self._profiles, what="reading lists")
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        return connection
