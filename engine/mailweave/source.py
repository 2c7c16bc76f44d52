"""Texts that people wrote, and places in them.

A node of a tree keeps two offsets; line and column exist only when a place is shown to somebody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate


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
    `part`), several files read as one text (made by `joined`), or a text with pieces replaced (made by `edited`): its
    places are shown in the file that the author wrote. `shared`: the file is a library's, which others use as well.

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
    shared: bool = False
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

    def is_shared(self, offset: int) -> bool:
        """Whether what stands at an offset was written in a library."""
        return self.origin(offset)[0].shared

    def locate(self, offset: int) -> Location:
        """File, line and column of an offset in this text."""
        file, at = self.origin(offset)
        starts = file._starts()
        line = bisect_right(starts, at)
        return Location(file.name, line, at - starts[line - 1] + 1)

    def locate_end(self, span: Span) -> Location:
        """The place just behind a span, in the file where it begins; where another one's text ends it, behind the last
        character that is known to be of the first."""
        start, stop = self.locate(span.start), self.locate(max(span.start, span.stop))
        if start.name == stop.name and (start.line, start.column) <= (stop.line, stop.column):
            return stop
        last = self.locate(max(span.start, span.stop - 1))
        return Location(last.name, last.line, last.column + 1) if last.name == start.name else start

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


def rows(text: str) -> list[str]:
    """The lines of a text with their ends, as places count them: `\\n` alone ends one, no other sign of Unicode.

    >>> rows("a\\u2028b\\nc")
    ['a\\u2028b\\n', 'c']
    """
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def stacked(sources: Sequence[Source]) -> Source:
    """Several files as one text with a line end between each two; places stay those of the files.

    >>> both = stacked([Source("a.css", "p{}"), Source("b.css", "a{}")])
    >>> both.text, str(both.locate(4))
    ('p{}\\na{}', 'b.css:1:1')
    """
    if len(sources) == 1:
        return sources[0]
    starts = accumulate((len(source.text) + 1 for source in sources), initial=0)
    pieces = tuple(zip(starts, sources, strict=False))
    return Source(
        sources[0].name if sources else "<empty>", "\n".join(s.text for s in sources), pieces=pieces
    )


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


def composed(name: str, pieces: Sequence[tuple[str, Source]]) -> Source:
    """One text from several: each piece, with the text that stands for it; places are those of the pieces.

    >>> whole = composed("a", [("Hi ", Source("a", "Hi ")), ("Ann", Source("b", "{{ name }}"))])
    >>> whole.text, str(whole.locate(4))
    ('Hi Ann', 'b:1:2')
    """
    text, starts, at = "".join(each for each, _ in pieces), [], 0
    for each, source in pieces:
        if each:
            starts.append((at, source))
            at += len(each)
    return Source(name, text, pieces=tuple(starts) or ((0, pieces[0][1] if pieces else Source(name, "")),))


def edited(source: Source, edits: Sequence[tuple[Span, str]]) -> Source:
    """A text with spans of it replaced, in order and apart from each other; what is new has the place of the old.

    >>> str(edited(Source("a", "one\\ntwo"), [(Span(0, 3), "a\\nb\\nc")]).locate(7))
    'a:2:2'
    """
    pieces: list[tuple[str, Source]] = []
    at = 0
    for span, text in edits:
        pieces += [
            (source.text[at : span.start], source.part(Span(at, span.start))),
            (text, source.part(span)),
        ]
        at = span.stop
    rest = Span(at, len(source.text))
    return composed(source.name, [*pieces, (source.text[at:], source.part(rest))])
