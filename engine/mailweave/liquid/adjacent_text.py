"""What the author wrote right beside an output: a value must not complete it to a tag of another templating language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from liquid.ast import Node

_BEFORE = re.compile(r"(\S)(?=\s*\{[{%])")
_AFTER = re.compile(r"(?<=[%}]\})\s*+(?!\{(?:%|\{(?!%)))(\S)")
# the other first signs need a second one that no value begins with: see `openings`
_FIRST = frozenset("{[%")
_SECOND = frozenset("{|%")


class AdjacentText:
    """The signs that may stand around the outputs of a template and its partials.

    `first` and `second`: those that stand before and behind any Liquid tag, and so perhaps beside the next output.

    >>> beside = AdjacentText(["[{{ x }}% {{ y }}"])
    >>> beside.first, beside.second
    ('%[', '%')
    """

    __slots__ = ("first", "second")

    def __init__(self, texts: Iterable[str]) -> None:
        sources = list(texts)
        self.first = _found(_BEFORE, sources, _FIRST)
        self.second = _found(_AFTER, sources, _SECOND)

    def of(self, node: Node, text: str) -> tuple[str, str]:
        """The signs that may stand right before and right behind the output or tag `node` of `text`."""
        start, stop = span_of(node, text)
        before = _skipped(text, start, -1) if text.startswith("-", start + 2) else start
        after = _skipped(text, stop, 1) if text.startswith("-", stop - 3) else stop
        return self._before(text, before), self._after(text, after)

    def _before(self, text: str, at: int) -> str:
        if at <= 0 or text.startswith(("}}", "%}"), at - 2):
            return self.first
        return text[at - 1] if text[at - 1] in _FIRST else ""

    def _after(self, text: str, at: int) -> str:
        if at >= len(text) or text.startswith(("{{", "{%"), at):
            return self.second
        return text[at] if text[at] in _SECOND else ""


def _found(pattern: re.Pattern[str], sources: list[str], signs: frozenset[str]) -> str:
    return "".join(sorted({sign for text in sources for sign in pattern.findall(text)} & signs))


def span_of(node: Node, text: str) -> tuple[int, int]:
    """Where an output or tag begins and ends, its braces included."""
    at = node.token.start_index
    if text.startswith("{{", at):
        return at, at + len(node.token.value)
    return text.rfind("{%", 0, at), text.find("%}", at) + 2


def _skipped(text: str, at: int, step: int) -> int:
    """Where the blanks end that stand before or behind a place."""
    while 0 < at < len(text) and text[at - (step < 0)].isspace():
        at += step
    return at
