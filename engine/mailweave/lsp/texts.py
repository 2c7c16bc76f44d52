"""Texts as editors count them: lines from 0, columns in UTF-16 code units (LSP 3.17, "Position")."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from lsprotocol import types as t

from mailweave.source import Span

_LINE_END = re.compile(r"\r\n|\r")


class Text:
    """A text that an editor holds, its lines ended by LF; places of the editor's become offsets, and back.

    Only LF, CR LF and CR end a line: neither a form feed nor U+2028 does.

    >>> text = Text(f"a = {chr(0x1F600)} x")
    >>> text.offset(t.Position(0, 7)), units(text.text)
    (6, 8)
    """

    def __init__(self, text: str) -> None:
        self.text = _LINE_END.sub("\n", text) if "\r" in text else text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(at.end() for at in re.finditer("\n", self.text))]

    def offset(self, position: t.Position) -> int:
        """The offset of a place; one beyond the end of its line is the end of that line."""
        if position.line >= len(self._starts):
            return len(self.text)
        start = self._starts[position.line]
        line = self.text[start : self._line_stop(position.line)]
        if line.isascii():
            return start + min(position.character, len(line))
        return start + _characters(line, position.character)

    def position(self, offset: int) -> t.Position:
        """The place of an offset."""
        at = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, at) - 1
        return t.Position(line, units(self.text[self._starts[line] : at]))

    def range(self, span: Span) -> t.Range:
        """The places where a span begins and ends."""
        return t.Range(self.position(span.start), self.position(span.stop))

    def span(self, range: t.Range) -> Span:
        """The offsets of a range."""
        return Span(self.offset(range.start), self.offset(range.end))

    def changed(self, change: t.TextDocumentContentChangeEvent) -> Text:
        """The text after one change that an editor tells."""
        if not isinstance(change, t.TextDocumentContentChangePartial):
            return Text(change.text)
        span = self.span(change.range)
        return Text(self.text[: span.start] + change.text + self.text[span.stop :])

    def _line_stop(self, line: int) -> int:
        return self._starts[line + 1] - 1 if line + 1 < len(self._starts) else len(self.text)


def units(text: str) -> int:
    """How many UTF-16 code units a text has: two for each character beyond the basic plane."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def _characters(line: str, count: int) -> int:
    """How many characters of a line hold so many code units; half a character counts as none."""
    seen = 0
    for at, char in enumerate(line):
        seen += 2 if char > "\uffff" else 1
        if seen > count:
            return at
    return len(line)
