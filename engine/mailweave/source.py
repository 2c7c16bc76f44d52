"""Texts that people wrote, and places in them.

A node of a tree keeps two offsets; line and column exist only when a place is shown to somebody.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of character offsets in one text."""

    start: int
    stop: int

    def to(self, other: Span) -> Span:
        """The smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.stop, other.stop))

    def shifted(self, by: int) -> Span:
        return Span(self.start + by, self.stop + by)


@dataclass(frozen=True, slots=True)
class Location:
    """A place as people name it: file, line and column, both counted from 1."""

    name: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.name}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Source:
    """A named text.

    `name` is what people see. A *relative* source is a verbatim piece of a larger one (made by
    `part`) or several files read as one text (made by `joined`): its places are shown in the file
    that the author wrote.

    >>> s = Source("spring.rules", "segment a = 1\\nsegment b = 2\\n")
    >>> str(s.locate(22))
    'spring.rules:2:9'
    >>> str(s.part(Span(14, 27)).locate(8))
    'spring.rules:2:9'
    >>> str(joined([s, Source("more.rules", "segment c = 3")]).locate(36))
    'more.rules:1:9'
    """

    name: str
    text: str
    parent: Source | None = None
    offset: int = 0
    pieces: tuple[tuple[int, Source], ...] = ()
    _line_starts: tuple[int, ...] = field(default=(), init=False, repr=False, compare=False)

    def part(self, span: Span) -> Source:
        """The text of `span` as a source of its own that reports places of this one."""
        return Source(self.name, self.text[span.start : span.stop], self, span.start)

    def origin(self, offset: int) -> tuple[Source, int]:
        """The file that the author wrote, and the offset in it."""
        clamped = max(0, min(offset, len(self.text)))
        if self.parent is not None:
            return self.parent.origin(clamped + self.offset)
        if self.pieces:
            index = bisect_right(self.pieces, clamped, key=lambda piece: piece[0]) - 1
            start, source = self.pieces[max(0, index)]
            return source.origin(clamped - start)
        return self, clamped

    def locate(self, offset: int) -> Location:
        """File, line and column of an offset in this text."""
        file, at = self.origin(offset)
        starts = file._starts()
        line = bisect_right(starts, at)
        return Location(file.name, line, at - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Line `number` (from 1), without its line end; empty beyond the text."""
        starts = self._starts()
        if not 1 <= number <= len(starts):
            return ""
        stop = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : stop].rstrip("\r\n")

    def _starts(self) -> tuple[int, ...]:
        if not self._line_starts:
            starts = [0]
            starts.extend(at + 1 for at, char in enumerate(self.text) if char == "\n")
            object.__setattr__(self, "_line_starts", tuple(starts))  # idempotent: threads may race
        return self._line_starts


def joined(sources: Sequence[Source]) -> Source:
    """Several files as one text, each on lines of its own; places stay those of the files."""
    if len(sources) == 1:
        return sources[0]
    pieces: list[tuple[int, Source]] = []
    text = ""
    for source in sources:
        pieces.append((len(text), source))
        text += source.text if source.text.endswith("\n") else source.text + "\n"
    return Source(sources[0].name if sources else "<empty>", text, pieces=tuple(pieces))
