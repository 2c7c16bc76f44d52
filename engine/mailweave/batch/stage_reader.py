"""A stage, open for reading: ranges of recipients with their events, as Python data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from mailweave.batch.columns import rows
from mailweave.batch.precomputed_masks import ANSWERED, COMPUTED, Answers
from mailweave.batch.row_decoding import Events, Profiles
from mailweave.batch.sources import Recipient
from mailweave.batch.stage_writer import STAGE, Shape
from mailweave.rules import BadData
from mailweave.schema.model import Schema

_MEMORY = "16MB"  # what DuckDB may hold of a stage in each worker


class Stage:
    """A stage as one process reads it. `key`: the column of profiles that identifies a recipient."""

    def __init__(self, folder: Path, shape: Shape, schema: Schema, key: str, answers: Answers) -> None:
        import duckdb

        self._connection = duckdb.connect(str(folder / STAGE), read_only=True)
        for setting in (
            "threads = 1",
            "enable_progress_bar = false",
            "TimeZone = 'UTC'",
            f"memory_limit = '{_MEMORY}'",
        ):
            self._connection.execute(f"SET {setting}")
        self._profile, self._event = Profiles(schema, shape.profiles), Events(schema, shape.events)
        self._key, self._answers = key, answers

    def read(self, start: int, stop: int) -> Iterator[tuple[int, int, Recipient | None]]:
        """Number, line in the input and recipient, for each number from `start` up to `stop`.

        A line that is no JSON object gives None.
        """
        people = list(self._rows("people", start, stop))
        masks, scores = self.masks(start, stop), self._scores(start, stop)
        happened = self._events(start, stop, answered=len(masks) == len(people))
        events = {n: list(found) for n, found in groupby(happened, itemgetter("mw_n"))}
        for row in people:
            number, line, key = row.pop("mw_n"), row.pop("mw_line"), row.pop("mw_key", "")
            try:
                profile = self._profile(row)
                mine = tuple(map(self._happened, events.get(number, ())))
            except BadData as bad:
                yield number, line, Recipient(key, {}, refused=bad)
                continue
            if profile is None:
                yield number, line, None
                continue
            self._complete(profile, key, scores.get(number))
            yield number, line, Recipient(key, profile, mine, masks.get(number))

    def _complete(self, profile: dict[str, Any], key: str, scores: dict[str, Any] | None) -> None:
        """Keys that are numbers are read as texts; scores that need the whole list are put in."""
        if key and type(profile.get(self._key)) is int:
            profile[self._key] = key
        if self._answers.computed:
            given = profile.get("scores")
            if given is None or isinstance(given, dict):
                others = {n: v for n, v in (given or {}).items() if n not in self._answers.computed}
                profile["scores"] = {**others, **(scores or {})}

    def _happened(self, row: dict[str, Any]) -> dict[str, Any]:
        del row["mw_n"]
        row.pop("mw_type", None)
        return self._event(row)

    def _events(self, start: int, stop: int, *, answered: bool) -> Iterator[dict[str, Any]]:
        """Of those whose rules are answered, only events that a decision may still ask for."""
        if not self._answers.words:
            return self._rows("happened", start, stop)
        kept = ", ".join("'" + name.replace("'", "''") + "'" for name in self._answers.events)
        if answered:
            return self._rows("happened", start, stop, f"AND mw_type IN ({kept})") if kept else iter(())
        return self._rows(
            "happened",
            start,
            stop,
            f"AND (mw_type IN ({kept or 'NULL'}) OR mw_n NOT IN (SELECT mw_n FROM {ANSWERED}"
            f" WHERE mw_n >= {start:d} AND mw_n < {stop:d}))",
        )

    def masks(self, start: int, stop: int) -> dict[int, int]:
        """What the rules say of those in a range who are answered, by number."""
        if not self._answers.words:
            return {}
        found = self._columns(ANSWERED, start, stop)
        return {n: self._answers.mask(words) for n, *words in zip(*found, strict=True)}

    def _scores(self, start: int, stop: int) -> dict[int, dict[str, Any]]:
        if not self._answers.computed:
            return {}
        return {
            row.pop("mw_n"): {name: {"value": value, "at": self._answers.at} for name, value in row.items()}
            for row in self._rows(COMPUTED, start, stop)
        }

    def _rows(self, table: str, start: int, stop: int, condition: str = "") -> Iterator[dict[str, Any]]:
        for batch in self._arrow(table, start, stop, condition).to_batches():
            yield from rows(batch)

    def _columns(self, table: str, start: int, stop: int) -> list[list[Any]]:
        return [column.to_pylist() for column in self._arrow(table, start, stop).columns]

    def _arrow(self, table: str, start: int, stop: int, condition: str = "") -> Any:
        """A range in the order of the list: so it was written, and so a scan by one thread gives it back."""
        query = f"SELECT * FROM {table} WHERE mw_n >= {start:d} AND mw_n < {stop:d} {condition}"
        found = self._connection.sql(query).to_arrow_table()
        return found if _is_sorted(found.column("mw_n")) else found.sort_by("mw_n")

    def keys(self, start: int, stop: int) -> dict[int, str]:
        """The keys of a range, by number."""
        query = "SELECT mw_n, coalesce(mw_key, '') FROM people WHERE mw_n >= ? AND mw_n < ?"
        return dict(self._connection.execute(query, [start, stop]).fetchall())

    def number_of(self, key: str) -> int | None:
        """The number of the recipient with this key, or None."""
        found = self._connection.execute("SELECT mw_n FROM people WHERE mw_key = nfc_normalize(?)", [key])
        rows = found.fetchall()  # to its end: nothing else may be asked before
        return int(rows[0][0]) if rows else None

    def close(self) -> None:
        """Gives the file back."""
        self._connection.close()


def _is_sorted(column: Any) -> bool:
    import pyarrow.compute as pc

    numbers = column.combine_chunks()
    rest = len(numbers) - 1
    return rest < 1 or bool(pc.all(pc.less_equal(numbers.slice(0, rest), numbers.slice(1))).as_py())
