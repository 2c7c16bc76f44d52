"""The log of merges: for each row that was made of several, the lines that it was made of, byte for byte.

JSON lines. The last one says what the list was and what it became; without it the log is not whole.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from mailweave.batch.list_import import OWNER
from mailweave.data.files import appearing, digest, end, private, unusable
from mailweave.data.held import as_row
from mailweave.data.intake.list_writing import as_line
from mailweave.data.intake.raw_values import as_text
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.values.json_text import read_json

FORMAT: Final = 1


class Merge(BaseModel):
    """One row of the new list: where it stands (from 0), whose keys it joins, the old rows with their lines."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    row: int
    keys: tuple[str, ...]
    lines: tuple[tuple[int, str], ...]


class LogEnd(BaseModel):
    """What the list was, and what it became: SHA-256 of both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    before: str
    after: str
    rows_before: int
    rows_after: int


@dataclass(frozen=True, slots=True)
class MergeLog:
    """A whole log."""

    merges: tuple[Merge, ...]
    end: LogEnd


def log_line(value: BaseModel) -> bytes:
    """One line of a log."""
    return (json.dumps(value.model_dump(), ensure_ascii=False) + "\n").encode()


def read_log(path: Path) -> MergeLog:
    """A log that `dedupe` has written. Raises MailweaveError (MW839) for one that is torn or none at all."""
    try:
        with path.open("rb") as file:
            values = [read_json(line.decode("utf-8")) for line in file]
        last = LogEnd.model_validate(values[-1])
        return MergeLog(tuple(map(Merge.model_validate, values[:-1])), last)
    except OSError as error:
        raise unusable(path, error.strerror or type(error).__name__) from None
    except (ValueError, RecursionError, IndexError, ValidationError):
        raise _not_undone(path, "the log is torn, or was not written by `mailweave data dedupe`") from None


def undo(log: Path, merged: Path, out: Path) -> int:
    """Writes the list as it was before it was merged, byte for byte; how many rows it has.

    Raises MailweaveError: MW839 where the list is not what the log tells of, MW833 for files.
    """
    told = read_log(log)
    if not merged.is_file():
        raise unusable(merged, "it is not there")
    if digest(merged) != told.end.after:
        raise _not_undone(
            merged, "the list is not the one that was written with this log, or was changed since"
        )
    with appearing(out) as (made,):
        count = _restore(told, merged, private(made))
        if digest(made) != told.end.before:
            raise _not_undone(log, "the lines in the log are not those that were merged")
    return count


def _restore(told: MergeLog, merged: Path, out: BinaryIO) -> int:
    count = 0
    with merged.open("rb") as file:
        for line in _lines(told, file):
            out.write(line)
            count += 1
    end(out)
    return count


def _lines(told: MergeLog, merged: BinaryIO) -> Iterator[bytes]:
    """The old lines in their order: those of merges where they stood, the others between them."""
    merges = {one.row: one.lines for one in told.merges}
    waiting: list[tuple[int, bytes]] = []
    at = 0
    for row, line in enumerate(merged):
        for place, text in merges.get(row, ()):
            heapq.heappush(waiting, (place, text.encode()))
        if row not in merges:
            while waiting and waiting[0][0] == at:
                yield heapq.heappop(waiting)[1]
                at += 1
            yield line
            at += 1
    while waiting:
        yield heapq.heappop(waiting)[1]


def follow(log: Path, events: Path, out: Path) -> tuple[int, int]:
    """Writes events with the key that each recipient has since a merge; how many there are, and how many have a new one.

    Lines of others stay byte for byte. Raises MailweaveError: MW839 for a log that is not whole, MW833 for files.
    """
    now = {key: merge.keys[0] for merge in read_log(log).merges for key in merge.keys}
    if not events.is_file():
        raise unusable(events, "it is not there")
    count = moved = 0
    with appearing(out) as (made,), events.open("rb") as file:
        written = private(made)
        for line in file:
            followed = _followed(line, now)
            written.write(followed)
            count, moved = count + 1, moved + (followed is not line)
        end(written)
    return count, moved


def _followed(line: bytes, now: Mapping[str, str]) -> bytes:
    row = as_row(line)
    key = None if row is None or row.get(OWNER) is None else as_text(row[OWNER])
    if row is None or key is None or now.get(key, key) == key:
        return line
    return as_line({**row, OWNER: now[key]})


def _not_undone(path: Path, what: str) -> MailweaveError:
    return MailweaveError([diagnose("MW839", place=str(path), what=what)])
