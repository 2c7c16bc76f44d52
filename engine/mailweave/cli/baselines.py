"""What was found before, in a file: a check then tells only what is new.

A finding is known again by its code, its file and the author's own line, wherever that line stands now.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from mailweave.cli.files import replace_text
from mailweave.cli.findings import fail
from mailweave.diagnostics import Diagnostic, Severity, diagnose
from mailweave.values.json_text import read_json

_Mark = tuple[str, str, str]
_NAMES: Final = ("code", "file", "text")


def new(file: Path, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings that are not in the baseline; errors are always told. Ends the verb where it cannot be read."""
    left = _read(file)
    told = []
    for one in found:
        mark = _mark(one)
        if one.severity is Severity.ERROR or not left[mark]:
            told.append(one)
        else:
            left[mark] -= 1
    return told


def updated(file: Path, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Writes the findings as the baseline; what is left to tell are errors."""
    listed = list(found)
    counts = Counter(_mark(one) for one in listed if one.severity is not Severity.ERROR)
    rows = [
        {**dict(zip(_NAMES, mark, strict=True)), "count": count} for mark, count in sorted(counts.items())
    ]
    try:
        file.touch()
    except OSError as error:
        fail([diagnose("MW024", place=str(file), what=f"cannot write: {error.strerror}")])
    replace_text(file, json.dumps({"findings": rows}, indent=1, ensure_ascii=False) + "\n")
    return [one for one in listed if one.severity is Severity.ERROR]


def _mark(found: Diagnostic) -> _Mark:
    at, line = found.location, ""
    if at is not None and found.source is not None and found.span is not None:
        line = found.source.origin(found.span.start)[0].line(at.line).strip()
    return found.code, Path(at.name if at else found.place).as_posix(), line


def _read(file: Path) -> Counter[_Mark]:
    try:
        rows = read_json(file.read_text(encoding="utf-8"))["findings"]
        return Counter(
            {(str(row["code"]), str(row["file"]), str(row["text"])): int(row["count"]) for row in rows}
        )
    except FileNotFoundError:
        todo = "`--update-baseline` writes it"
        fail([diagnose("MW001", place=str(file), what="the baseline", todo=todo)])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        what = "this is no baseline; `--update-baseline` writes one"
        fail([diagnose("MW024", place=str(file), what=what)])
