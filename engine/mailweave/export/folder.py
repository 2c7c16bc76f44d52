"""The folder of an export: whole, or not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from mailweave.batch import BatchError
from mailweave.diagnostics import diagnose

TEMPLATES: Final = "templates"
VALUES: Final = "values.jsonl"
_HELP: Final = "name another folder; nothing here has been changed"


def refuse_taken(out: Path) -> None:
    """Raises BatchError where an export would be written over something."""
    if out.exists() and not out.is_dir():
        raise BatchError([diagnose("MW810", place=str(out), what="it is no folder", help=_HELP)])
    if (out / VALUES).exists():
        raise BatchError([diagnose("MW801", place=str(out), folder=out, help=_HELP)])
    if out.is_dir() and any(out.iterdir()):
        raise BatchError([diagnose("MW810", place=str(out), what="it is not empty", help=_HELP)])


@contextmanager
def being_made(out: Path) -> Iterator[Path]:
    """A folder beside `out` that becomes it at the end. Raises BatchError for a disk that refuses."""
    try:
        refuse_taken(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as name:
            made = Path(name) / "export"
            (made / TEMPLATES).mkdir(parents=True)
            yield made
            made.replace(out)
    except OSError as error:
        what = error.strerror or type(error).__name__
        raise BatchError(
            [diagnose("MW810", place=str(out), what=what, help="mend that, and export anew")]
        ) from None
