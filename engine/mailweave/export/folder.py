"""The folder of an export: whole, or not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mailweave.batch import BatchError
from mailweave.batch.folders import appearing, refuse_full
from mailweave.diagnostics import diagnose

TEMPLATES: Final = "templates"
VALUES: Final = "values.jsonl"


def refuse_taken(out: Path) -> None:
    """Raises BatchError where an export would be written over something."""
    if (out / VALUES).exists():
        help = "name another folder; nothing here has been changed"
        raise BatchError([diagnose("MW801", place=str(out), folder=out, help=help)])
    refuse_full(out)


@contextmanager
def being_made(out: Path) -> Iterator[Path]:
    """A folder beside `out` that becomes it at the end. Raises BatchError for a disk that refuses."""
    with appearing(out) as made:
        (made / TEMPLATES).mkdir()
        yield made
