"""Templates that a verb reads: a file and what lies beside it, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from mailweave.source import Source

STDIN = "-"


def read(file: str) -> Source:
    """A template with its name; `-` is standard input. What is not UTF-8 is left to be reported in place."""
    if file == STDIN:
        return Source("<stdin>", sys.stdin.buffer.read().decode("utf-8", "surrogateescape"))
    return Source(file, Path(file).read_bytes().decode("utf-8", "surrogateescape"))


def write(text: str) -> None:
    """Writes a template to standard output, byte for byte what was read where nothing was changed."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def beside(file: str) -> Callable[[str], str | None]:
    """Gives the text of a file in the folder of `file`, or None: nothing above it, nothing elsewhere."""
    folder = Path.cwd() if file == STDIN else Path(file).resolve().parent

    def resolve(href: str) -> str | None:
        path = (folder / href.partition("?")[0]).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            return None
        return path.read_text(encoding="utf-8", errors="replace")

    return resolve
