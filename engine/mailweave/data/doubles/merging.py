"""mailweave data dedupe: rows that are one person become one row, and a log with which that is undone exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mailweave.batch.extras import require
from mailweave.data.doubles.candidates import LARGEST_GROUP, Candidates, store
from mailweave.data.doubles.clusters import Clusters
from mailweave.data.doubles.judging import Bands, judged
from mailweave.data.doubles.merge_log import FORMAT, LogEnd, Merge, log_line
from mailweave.data.doubles.person_rows import PersonColumns, PersonRow, person_columns, person_rows
from mailweave.data.doubles.review import read_decisions, write_review
from mailweave.data.doubles.survivors import surviving
from mailweave.data.files import appearing, digest, end, private, unusable
from mailweave.data.intake.list_writing import as_line
from mailweave.data.intake.raw_values import as_text
from mailweave.data.mapping import DataMapping
from mailweave.diagnostics import Diagnostic, diagnose

REVIEW, LOG = ".review.csv", ".merges.jsonl"


@dataclass(frozen=True, slots=True)
class Deduped:
    """What became of a list. unread: lines that are no JSON object, which stay as they are. asked: pairs in doubt.

    crowded: rows by the kind of key that too many rows share. uncompared: rows of which every piece of name and address is
    too frequent. stale: decisions about pairs that are no more.
    """

    out: Path
    review: Path
    log: Path
    rows: int
    written: int
    unread: int
    asked: int
    crowded: Mapping[str, int]
    uncompared: int
    stale: int

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is left to a person: pairs to decide (MW837), rows that were not compared (MW840), decisions (MW838)."""
        found = []
        if self.asked:
            found.append(diagnose("MW837", place=str(self.review), asked=f"{self.asked:,}"))
        for key, count in self.crowded.items():
            what = f"{count:,} rows share their `{key}` with more than {LARGEST_GROUP - 1} others"
            found.append(diagnose("MW840", place=str(self.out), what=what))
        if self.uncompared:
            what = f"{self.uncompared:,} rows share every piece of name and address with too many others"
            found.append(diagnose("MW840", place=str(self.out), what=what))
        if self.stale:
            what = f"{self.stale:,} decisions are about pairs that are not candidates of this list"
            found.append(diagnose("MW838", place=str(self.review), what=what))
        return tuple(found)


def dedupe(
    mapping: DataMapping,
    people: Path,
    out: Path,
    *,
    review: Path | None = None,
    log: Path | None = None,
    decided: Path | None = None,
) -> Deduped:
    """Merges the rows of a list of JSON lines that are one person, as [dedupe] says.

    Lines that nothing is merged with stay byte for byte, in their order; a row of several stands where the first of them
    stood. review, log: beside `out` without them. decided: an earlier file of pairs, with yes or no in it. Raises
    MailweaveError: MW830 for the mapping, MW833 for files, MW838 for decisions, MW022 without the extra.
    """
    require("data", place=mapping.text.source.name, what="mailweave data")
    columns = person_columns(mapping)
    said = {} if decided is None else read_decisions(decided)
    review, log = review or out.with_suffix(REVIEW), log or out.with_suffix(LOG)
    if people.resolve() in {one.resolve() for one in (out, review, log)}:
        raise unusable(people, "a list is not written over itself: name another --out")
    with (
        appearing(out, review, log) as made,
        TemporaryDirectory(prefix=".mailweave-", dir=out.parent) as folder,
    ):
        found = _Found(mapping, people, columns, Path(folder), said)
        written = found.write(made[0], made[2])
        found.ask(made[1])
    return Deduped(
        out,
        review,
        log,
        found.rows,
        written,
        found.unread,
        len(found.asked),
        found.crowded,
        found.uncompared,
        found.stale,
    )


class _Found:
    """What was found in a list: groups of rows that are one person, pairs to be asked about."""

    def __init__(
        self,
        mapping: DataMapping,
        people: Path,
        columns: PersonColumns,
        folder: Path,
        said: Mapping[str, bool],
    ) -> None:
        asked = mapping.settings.dedupe
        assert asked is not None  # `person_columns` refuses a mapping without it
        profile = mapping.schema.profile
        self._people, self._columns = people, columns
        self._rules = {profile[name].column or name: rule for name, rule in asked.survivors.items()}
        with _spilling(people), store(folder) as connection:
            candidates = Candidates(connection)
            self.rows, self.unread = candidates.add(person_rows(people, columns))
            self.clusters = Clusters(self.rows)
            bands = Bands(asked.merge, asked.review)
            self.asked, met = judged(candidates, self.clusters, bands, said)
            self.crowded, self.uncompared = candidates.crowded, candidates.uncompared
        self.stale = len(said.keys() - met)
        self._groups = {group[0]: group for group in self.clusters.members(range(self.rows))}

    def write(self, out: Path, log: Path) -> int:
        """The merged list and its log; how many rows are left."""
        joined = {row for group in self._groups.values() for row in group}
        held = {row.at: row for row in person_rows(self._people, self._columns) if row.at in joined}
        written, listed, logged = 0, private(out), private(log)
        for row in person_rows(self._people, self._columns):
            if row.at in self._groups:
                rows = [held[at] for at in self._groups[row.at]]
                listed.write(as_line(surviving([one.members or {} for one in rows], self._columns.key, self._rules,
                                               self._columns.newest)))  # fmt: skip
                logged.write(log_line(_merge(written, rows)))
            elif row.at in joined:
                continue
            else:
                listed.write(row.line)
            written += 1
        end(listed)
        before, after = digest(self._people), digest(out)
        last = LogEnd(format=FORMAT, before=before, after=after, rows_before=self.rows, rows_after=written)
        logged.write(log_line(last))
        end(logged)
        return written

    def ask(self, path: Path) -> None:
        """The file of pairs in doubt."""
        wanted = {place for one in self.asked for place in (one.first, one.second)}
        rows: dict[int, Mapping[str, Any]] = {
            row.at: row.members or {} for row in person_rows(self._people, self._columns) if row.at in wanted
        }
        write_review(path, self.asked, rows, self._columns.shown)


@contextmanager
def _spilling(people: Path) -> Iterator[None]:
    """DuckDB works on the disk; one that is full is a finding."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise unusable(people, f"it cannot be compared: {type(error).__name__}") from None


def _merge(at: int, rows: list[PersonRow]) -> Merge:
    keys = tuple(dict.fromkeys(as_text(one.key) for one in rows if one.key is not None))
    return Merge(row=at, keys=keys, lines=tuple((one.at, one.line.decode()) for one in rows))
