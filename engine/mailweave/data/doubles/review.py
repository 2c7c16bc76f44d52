"""Pairs that a person decides: a CSV file that a spreadsheet opens, with yes or no in its column `decide`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from mailweave.data.files import private, unusable
from mailweave.data.intake.raw_values import as_text
from mailweave.diagnostics import MailweaveError, diagnose

_HEADER: Final = ("pair", "decide", "why", "score")
_YES: Final = {"yes": True, "y": True, "no": False, "n": False}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Question(NamedTuple):
    """A pair that is in doubt: the places of its rows, their digests, why, how like they are."""

    first: int
    second: int
    digests: tuple[str, str]
    why: str
    score: float

    @property
    def name(self) -> str:
        """What the pair is called in the file: the same as long as its lines are."""
        return pair_name(self.digests)


def pair_name(digests: tuple[str, str]) -> str:
    """The name of a pair, whichever of the two comes first."""
    return "-".join(sorted(digests))


def write_review(
    path: Path, asked: Iterable[Question], rows: Mapping[int, Mapping[str, Any]], columns: Sequence[str]
) -> None:
    """Writes the questions, the most alike first; `rows`: the members of all rows that are asked about, by place."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow([*_HEADER, *(f"{name} ({side})" for name in columns for side in (1, 2))])
    for one in sorted(asked, key=lambda each: (-each.score, each.first, each.second)):
        both = rows[one.first], rows[one.second]
        cells = [_shown(row.get(name)) for name in columns for row in both]
        out.writerow([one.name, "", one.why, f"{one.score:.3f}", *cells])
    with private(path) as file:
        file.write(
            text.getvalue().encode("utf-8-sig", "replace")
        )  # the mark tells spreadsheets that it is UTF-8


def _shown(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else as_text(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def read_decisions(path: Path) -> dict[str, bool]:
    """What was decided, by the name of the pair. Raises MailweaveError (MW838) for lines that say neither yes nor no."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise unusable(path, getattr(error, "strerror", None) or "it is no text in UTF-8") from None
    mark = max(
        ",;\t", key=text.partition("\n")[0].count
    )  # a spreadsheet saves it with the mark of its country
    rows = csv.DictReader(io.StringIO(text), delimiter=mark)
    if not {"pair", "decide"} <= set(rows.fieldnames or ()):
        raise _unusable(path, "it has no columns `pair` and `decide`")
    found: dict[str, bool] = {}
    for row in rows:
        said = (row["decide"] or "").strip().lower()
        if not said:
            continue
        if said not in _YES or found.setdefault(row["pair"], _YES[said]) != _YES[said]:
            raise _unusable(path, f"line {rows.line_num} says neither yes nor no, or both for one pair")
    return found


def _unusable(path: Path, what: str) -> MailweaveError:
    return MailweaveError([diagnose("MW838", place=str(path), what=what)])
