"""Liquid as it stands while it is written: tags and outputs, closed or not, and the words in them.

It reads what the engine's own parser would refuse, so that half a tag can be completed. What it says is never the last
word: whether a template is right, the engine says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailweave.source import Span

_OPEN = re.compile(r"\{\{-?|\{%-?")
_NAME = re.compile(r"\s*(#|\w+)?")
_RAW = re.compile(r"(raw|comment|doc)\b")
_WORD = re.compile(
    r"""(?P<text>"[^"]*"?|'[^']*'?)|(?P<name>[A-Za-z_][\w-]*\??)"""
    r"""|(?P<number>-?\d[\d.]*(?<!\.))|(?P<sign>\.\.|[^\s\w])"""
)


@dataclass(frozen=True, slots=True)
class Markup:
    """A tag or an output. `name`: of the tag, empty for an output; `inner`: what stands behind it."""

    span: Span
    name: str
    name_span: Span
    inner: Span
    closed: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a text in quotes, a number or a sign within markup."""

    kind: str
    text: str
    span: Span


@lru_cache(maxsize=256)
def markup(text: str) -> tuple[Markup, ...]:
    """The tags and outputs of a text, in order; what `raw`, `comment` and `doc` hold is left out.

    >>> [(one.name, one.closed) for one in markup("{% if a %}{{ b }} {{ c")]
    [('if', True), ('', True), ('', False)]
    """
    return tuple(_markup(text))


def _markup(text: str) -> Iterator[Markup]:
    at = 0
    while (opening := _OPEN.search(text, at)) is not None:
        is_tag = opening[0].startswith("{%")
        inner, behind, closed = _inside(text, opening.end(), "%}" if is_tag else "}}")
        name = _NAME.match(text, inner.start, inner.stop) if is_tag else None
        word, span = (
            (name[1] or "", Span(*name.span(1))) if name and name[1] else ("", Span(inner.start, inner.start))
        )
        start = span.stop if word else inner.start
        yield Markup(Span(opening.start(), behind), word, span, Span(start, inner.stop), closed)
        at = behind
        if closed and _RAW.fullmatch(word):
            ending = re.compile(rf"\{{%-?\s*end{word}\b").search(text, at)
            at = len(text) if ending is None else ending.start()


def _inside(text: str, start: int, closing: str) -> tuple[Span, int, bool]:
    """What stands in markup, where it ends; markup that is not closed ends with its line, or where other begins."""
    stop, other = text.find(closing, start), _OPEN.search(text, start)
    if stop >= 0 and (other is None or stop < other.start()):
        return Span(start, stop - (text[stop - 1] == "-" and stop > start)), stop + 2, True
    line = text.find("\n", start)
    ends = [end for end in (line, other.start() if other else -1) if end >= 0]
    end = min(ends, default=len(text))
    return Span(start, end), end, False


def words(text: str, span: Span) -> Iterator[Word]:
    """The words of a piece of markup."""
    for found in _WORD.finditer(text, span.start, span.stop):
        yield Word(str(found.lastgroup), found[0], Span(*found.span()))
