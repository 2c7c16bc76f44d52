"""Liquid covered by single characters, so that Markdown is read around it and never into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.source import Source, Span

_FIRST = 0xF0000  # a plane for private use: no sign of Markdown, no blank, and no letter of a language
_OWN = re.compile("[\U000f0000-\U000ffffd]")
_COVER = re.compile("([\U000f0000-\U000ffffd])")
_INERT = frozenset({"comment", "doc", "#"})
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)(?:\{%-?\s*endraw\s*-?%\}|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Held:
    """What one covering character stands for: a piece of Liquid, or words that are shown as they are.

    `kind` is `output`, `tag`, `words`, or `nothing` for a comment.
    """

    kind: str
    name: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Covered:
    """An author's text as Markdown gets it. `lines`: where each line of `text` begins in the author's."""

    source: Source
    text: str
    held: tuple[Held, ...]
    lines: tuple[int, ...]

    def split(self, text: str) -> Iterator[str | Held]:
        """The words of a stretch of the covered text, and what is held between them."""
        for part in _COVER.split(text):
            if _COVER.fullmatch(part):
                yield self.held[ord(part) - _FIRST]
            elif part:
                yield part

    def is_tag(self, sign: str) -> bool:
        """Whether one character covers a tag."""
        return _COVER.fullmatch(sign) is not None and self.held[ord(sign) - _FIRST].kind == "tag"

    def shown(self, text: str) -> str:
        """A stretch of the covered text as its author wrote it."""
        return "".join(part if isinstance(part, str) else part.text for part in self.split(text))

    def span(self, first: int, stop: int, sign: str = "") -> Span:
        """The author's lines from `first` up to `stop`; where they hold `sign`, that alone."""
        start = self.lines[min(first, len(self.lines) - 1)]
        end = self.lines[stop] if stop < len(self.lines) else len(self.source.text)
        found = self.source.text.find(self.shown(sign), start, end) if sign else -1
        if found >= 0:
            return Span(found, found + len(self.shown(sign)))
        lines = self.source.text[start:end]
        indent = len(lines) - len(lines.lstrip()) if lines.strip() else 0
        return Span(start + indent, max(start, start + len(lines.rstrip())))


def cover(source: Source) -> Covered:
    """A text with its Liquid covered. Blanks at the ends of lines, which nobody sees, mean nothing and go.

    >>> covered = cover(Source("a", "Hi **{{ name }}**"))
    >>> len(covered.text), covered.held[0].text
    (8, '{{ name }}')
    """
    held: list[Held] = []
    out: list[str] = []
    offsets: list[int] = []

    def put(text: str, at: int) -> None:
        out.append(text)
        offsets.extend(range(at, at + len(text)))

    def hide(one: Held) -> None:
        put(chr(_FIRST + len(held)), one.span.start)
        held.append(one)

    at = 0
    for piece in (*pieces(source.text), None):
        stop = len(source.text) if piece is None else piece.span.start
        for own in _OWN.finditer(source.text, at, stop):
            put(source.text[at : own.start()], at)
            hide(Held("words", "", own[0], Span(*own.span())))
            at = own.end()
        put(source.text[at:stop], at)
        if piece is not None:
            hide(_held(piece))
            at = piece.span.stop
    return _in_lines(source, "".join(out), tuple(held), [*offsets, len(source.text)])


def _held(piece: Piece) -> Held:
    if piece.kind is Kind.OUTPUT or piece.name == "echo":
        return Held("output", piece.name, piece.text, piece.span)
    if piece.name in _INERT:
        return Held("nothing", piece.name, piece.text, piece.span)
    raw = _RAW.match(piece.text) if piece.name == "raw" else None
    if raw is not None:
        return Held("words", "raw", raw[1], piece.span)
    return Held("tag", piece.name, piece.text, piece.span)


def _in_lines(source: Source, text: str, held: tuple[Held, ...], offsets: list[int]) -> Covered:
    lines, starts, at = [], [], 0
    for line in text.split("\n"):
        lines.append(line.rstrip(" \t\r"))
        starts.append(offsets[at])
        at += len(line) + 1
    return Covered(source, "\n".join(lines), held, tuple(starts))
