"""Texts that people wrote, and places in them.

A node of a tree keeps two offsets; line and column exist only when a place is shown to somebody.
"""

from __future__ import annotations

from bisect import bisect_right
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

    `name` is what people see (a path relative to the campaign). A *relative* source (made by
    `part`) is a verbatim piece of a larger one: its places are shown in the file the author wrote.

    >>> s = Source("spring.rules", "segment a = 1\\nsegment b = 2\\n")
    >>> str(s.locate(22))
    'spring.rules:2:9'
    >>> str(s.part(Span(14, 27)).locate(8))
    'spring.rules:2:9'
    """

    name: str
    text: str
    parent: Source | None = None
    offset: int = 0
    _line_starts: tuple[int, ...] = field(default=(), init=False, repr=False, compare=False)

    def part(self, span: Span) -> Source:
        """The text of `span` as a source of its own that reports places of this one."""
        return Source(self.name, self.text[span.start : span.stop], self, span.start)

    def root(self) -> Source:
        """The file that the author wrote."""
        return self if self.parent is None else self.parent.root()

    def absolute(self, offset: int) -> int:
        """An offset in this text as an offset in `root()`."""
        clamped = max(0, min(offset, len(self.text)))
        return clamped if self.parent is None else self.parent.absolute(clamped + self.offset)

    def locate(self, offset: int) -> Location:
        """File, line and column of an offset in this text."""
        root, at = self.root(), self.absolute(offset)
        starts = root._starts()
        line = bisect_right(starts, at)
        return Location(root.name, line, at - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Line `number` (from 1) of the file, without its line end."""
        root = self.root()
        starts = root._starts()
        if not 1 <= number <= len(starts):
            return ""
        stop = starts[number] if number < len(starts) else len(root.text)
        return root.text[starts[number - 1] : stop].rstrip("\r\n")

    def _starts(self) -> tuple[int, ...]:
        if not self._line_starts:
            starts = [0]
            starts.extend(at + 1 for at, char in enumerate(self.text) if char == "\n")
            object.__setattr__(self, "_line_starts", tuple(starts))  # idempotent: threads may race
        return self._line_starts
