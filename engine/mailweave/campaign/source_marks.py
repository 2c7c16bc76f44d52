"""Comments in the HTML of a preview that say where each part of a mail was written.

A mark stands before each start tag, each line of text and each output of a layout or block, and names its file and
line. They are put in when all else is done: what stands in the finished template is what the author wrote, in the same
order, so the nth tag of one is the nth tag of the other. Nothing else changes, and `unmarked` takes them away again.
Each begins with a random word that no recipient's data can know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from secrets import token_hex
from typing import Final
from urllib.parse import quote, unquote

from mailweave.markup.pieces import Kind, Piece
from mailweave.markup.tokens import LiquidToken, StartTag, Text, Token, tokenize
from mailweave.source import Source

_UNSEEN: Final = frozenset("html head style link script title meta base".split())
_RAW: Final = frozenset(
    {"iframe", "noembed", "noframes", "noscript", "template"}
)  # text to a browser, or nothing
_WRITING: Final = frozenset({"echo", "cycle", "increment", "decrement", "render", "include"})
_LINE = re.compile(r"\S[^\n]*")
_INPUT = re.compile(r"block\.(\w+)")
_WORD = re.compile(r"\w*")


@dataclass(frozen=True, slots=True)
class Landmark:
    """Something of a template that is seen, at `start`. `at`: where a mark of it changes nothing of what is written."""

    start: int
    at: int
    kind: str
    what: str = ""
    input: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """Where a part of a mail was written. `input`: the input of `block` whose value it is, where it is one."""

    file: str
    line: int
    block: str = ""
    input: str = ""


@dataclass(frozen=True, slots=True)
class SourceMarks:
    """Puts marks into templates, and finds them in mails. `word`: what they begin with."""

    word: str = field(default_factory=lambda: f"mw-{token_hex(12)}")

    def marked(self, html: str, source: Source, block: str = "") -> str:
        """A template, ready but for its marks. source: as its author wrote it. block: its name; none for a layout."""
        out, at = [], 0
        for found, there in _pairs(landmarks(html), landmarks(source.text)):
            place = source.locate(there.start)
            out += [html[at : found.at], self._mark(Written(place.name, place.line, block, there.input))]
            at = found.at
        return "".join([*out, html[at:]])

    def _mark(self, one: Written) -> str:
        facts = ":".join(map(_quoted, (one.file, str(one.line), one.block, one.input)))
        return f"<!--{self.word}:{facts}-->"

    def split(self, html: str) -> Iterator[str | Written]:
        """A mail as texts and marks, in turn."""
        parts = re.split(f"<!--{self.word}:([^>]*)-->", html)
        for number, part in enumerate(parts):
            if number % 2 == 0:
                yield part
            else:
                file, line, block, name = map(unquote, part.split(":"))
                yield Written(file, int(line), block, name)

    def unmarked(self, html: str) -> str:
        """A mail as it is sent.

        >>> marks = SourceMarks()
        >>> marks.unmarked(marks.marked("<p>{{ x }}", Source("a.html", "<p>{{ x }}")))
        '<p>{{ x }}'
        """
        return re.sub(f"<!--{self.word}:[^>]*-->", "", html)


@lru_cache(maxsize=1_000)
def _quoted(text: str) -> str:
    return quote(text, safe="/")


def landmarks(text: str) -> tuple[Landmark, ...]:
    """What of a template is seen, in order: neither what is captured nor what a browser takes for text."""
    found: list[Landmark] = []
    captured, raw = 0, ""
    before: Token | None = None
    for token in tokenize(text):
        if isinstance(token, LiquidToken) and token.piece.kind is Kind.TAG:
            captured += (token.piece.name == "capture") - (token.piece.name == "endcapture")
        if not captured and not raw:
            found += _of(text, token, before)
        if isinstance(token, StartTag) and token.name in _RAW and not raw:
            raw = token.name
        elif raw and text.startswith(f"</{raw}", token.span.start):
            raw = ""
        before = token
    return tuple(found)


def _of(text: str, token: Token, before: Token | None) -> Iterator[Landmark]:
    start = token.span.start
    if isinstance(token, StartTag):
        if token.name not in _UNSEEN:
            yield Landmark(start, start, token.name, input=_shown_by(token))
    elif isinstance(token, Text):
        for line in _LINE.finditer(text, start, token.span.stop):
            yield Landmark(line.start(), line.start(), "", line[0].strip())
    elif isinstance(token, LiquidToken) and _writes(token.piece):
        inside = token.piece.inside
        first = _WORD.match(inside)
        named = _INPUT.match(inside) if token.piece.kind is Kind.OUTPUT else None
        at, what = _clear(text, token, before), first[0] if first else ""
        yield Landmark(start, at, "{", what, named[1] if named else "")


def _writes(piece: Piece) -> bool:
    is_raw = piece.kind is Kind.VERBATIM and piece.name == "raw"
    return piece.kind is Kind.OUTPUT or is_raw or (piece.kind is Kind.TAG and piece.name in _WRITING)


def _shown_by(tag: StartTag) -> str:
    """The input that a picture shows."""
    source = tag.get("src") if tag.name == "img" else None
    named = _INPUT.match((source or "").lstrip("{- "))
    return named[1] if named else ""


def _clear(text: str, token: LiquidToken, before: Token | None) -> int:
    """Before the white space that the piece takes away: a mark between the two would keep it."""
    start = token.span.start
    if not token.piece.trims[0] or not isinstance(before, Text):
        return start
    return before.span.start + len(text[before.span.start : start].rstrip())


def _pairs(here: Sequence[Landmark], there: Sequence[Landmark]) -> Iterator[tuple[Landmark, Landmark]]:
    """What is the same in both. They differ where a template lost something on its way, Outlook's part for example."""
    one, other = ([(each.kind, each.what) for each in side] for side in (here, there))
    if one == other:
        yield from zip(here, there, strict=True)
        return
    for a, b, count in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        yield from zip(here[a : a + count], there[b : b + count], strict=True)
