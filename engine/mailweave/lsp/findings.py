"""What the engine says of a campaign, as editors take it: files, ranges in UTF-16, and what mends it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mailweave.diagnostics import Diagnostic
from mailweave.diagnostics.repairs import repair
from mailweave.lsp.texts import Text
from mailweave.source import Source, Span

Range = tuple[int, int, int, int]
"""Line and column of both ends, from 0, columns in UTF-16 code units."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A replacement in a file; `replaces` stands there now. `sure`: no guess."""

    path: str
    range: Range
    replaces: str
    text: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding speaks of."""

    path: str
    range: Range
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """One finding at its place. `severity`: `error`, `warning` or `note`."""

    path: str
    range: Range
    code: str
    name: str
    severity: str
    message: str
    help: str
    related: tuple[Related, ...] = ()
    mend: Mend | None = None


def as_found(diagnostics: Iterable[Diagnostic], main: str) -> tuple[Found, ...]:
    """Findings with their places; what stands in no file of the author's is told at the head of the file `main`."""
    texts: dict[str, Text] = {}
    return tuple(_one(d, main, texts) for d in diagnostics)


def _one(d: Diagnostic, main: str, texts: dict[str, Text]) -> Found:
    path, range, message = main, (0, 0, 0, 0), d.message
    if d.source is not None and d.span is not None:
        file, start = d.source.origin(d.span.start)
        last = d.source.origin(max(d.span.start, d.span.stop - 1))
        stop = last[1] + (d.span.stop > d.span.start) if last[0] == file else start
        if _is_file(file):
            path, range = os.path.realpath(file.name), _range(file, Span(start, max(start, stop)), texts)
        else:
            message = f"{file.name}: {message}"
    elif _is_path(d.place):
        path = os.path.realpath(d.place)
    related = tuple(_related(d, texts))
    return Found(path, range, d.code, d.name, d.severity.value, message, d.help, related, _mend(d, texts))


def _is_file(source: Source) -> bool:
    return _is_path(source.name)


def _is_path(name: str) -> bool:
    return bool(name) and Path(name).is_absolute() and Path(name).is_file()


def _related(d: Diagnostic, texts: dict[str, Text]) -> Iterator[Related]:
    for other in d.related:
        file, start = other.source.origin(other.span.start)
        if _is_file(file):
            span = Span(start, start + other.span.stop - other.span.start)
            yield Related(os.path.realpath(file.name), _range(file, span, texts), other.message)


def _mend(d: Diagnostic, texts: dict[str, Text]) -> Mend | None:
    made = repair(d)
    if made is None or not _is_file(made.file):
        return None
    range = _range(made.file, made.fix.span, texts)
    return Mend(os.path.realpath(made.file.name), range, made.replaces, made.fix.text, made.sure)


def _range(file: Source, span: Span, texts: dict[str, Text]) -> Range:
    text = texts.setdefault(file.name, Text(file.text))
    start, stop = text.position(span.start), text.position(span.stop)
    return start.line, start.character, stop.line, stop.character
