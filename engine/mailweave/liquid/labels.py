"""Which escaper each output gets, for one text and the partials it calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from liquid.ast import Node
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.render_tag import RenderNode

from mailweave.diagnostics import Diagnostic
from mailweave.liquid.contexts import STARTS, Annotated, PartialTree, Placement, annotate
from mailweave.liquid.escapers import FastPath, Twins, escaper
from mailweave.liquid.escapers.text import html_text
from mailweave.source import Source
from mailweave.values.memo import Memo

_ALIVE = re.compile(r"\{(?=[{%#]|\Z)|<(?=%)")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

PLAIN = "plain"
MARKED_UP = frozenset({"text", "rcdata", "attr"})
"""Labels under which letters and digits stay as they are."""
TWINNED = MARKED_UP | {"url", "url_attr", "path", "path_attr", "query", "query_attr"}
"""Labels whose values are remembered as HTML and as plain text at once."""

_UNREACHED = Placement("comment")  # what stands behind a `break` is never written

Key = Any  # names a partial and the place it starts in


@dataclass(frozen=True, slots=True)
class Escape:
    """How a value gets into the text at one kind of place.

    `fast`: when its test holds for a text, its result is the escaped one. With `numbers`, a whole
    number is written as it is. An escape whose `fast` is a search is remembered instead.
    """

    label: str
    run: Callable[[object], str]
    fast: FastPath | None
    numbers: bool


class Labels:
    """The escapers of one text; this one gives all outputs the same."""

    captures_html = False

    def __init__(self, escape: Escape) -> None:
        self._escape = escape

    def of(self, node: Node) -> tuple[Escape, int]:
        """The escape of a node that prints, and how many of its last filters it stands for."""
        return self._escape, 0

    def is_html(self, node: Node) -> bool:
        """Whether a capture holds HTML that is finished."""
        return False

    def calls(self, node: IncludeNode | RenderNode, name: str) -> tuple[Key, Labels]:
        """The labels of a partial where this node calls it."""
        return "", self


class HtmlLabels(Labels):
    """The escapers that the walk over the HTML found."""

    def __init__(
        self, annotated: Annotated, everything: Mapping[Key, Annotated], to_text: Callable[[Any], str]
    ) -> None:
        self._annotated, self._everything, self._to_text = annotated, everything, to_text

    def of(self, node: Node) -> tuple[Escape, int]:
        placement = self._annotated.labels.get(node.token.start_index, _UNREACHED)
        return html_escape(placement.label, self._to_text), placement.dropped

    def is_html(self, node: Node) -> bool:
        placement = self._annotated.labels.get(node.token.start_index)
        return placement is not None and placement.label == "capture_html"

    def calls(self, node: IncludeNode | RenderNode, name: str) -> tuple[Key, Labels]:
        for key in self._annotated.calls.get(node.token.start_index, ()):
            if key[0] == name:
                return key, HtmlLabels(self._everything[key], self._everything, self._to_text)
        return "unreached", Labels(html_escape(_UNREACHED.label, self._to_text))


def html_escape(label: str, to_text: Callable[[Any], str]) -> Escape:
    """The escape for one label of the HTML walk."""
    found = escaper(label, to_text)
    return Escape(label, found.escape, found.fast, found.numbers)


def plain_escape(to_text: Callable[[Any], str]) -> Escape:
    """The escape for plain text: nothing that a mail client or a second templating pass would act on."""

    def plain(value: object) -> str:
        return safe_in_text(to_text(value))

    return Escape(PLAIN, plain, _PLAIN_FAST, True)


def safe_in_text(text: str) -> str:
    """Text without control characters, in which no template syntax is alive.

    >>> safe_in_text("{{ x }}")
    ' { { x }}'
    """
    if text.isprintable() and "{" not in text and "<" not in text:
        return text
    spaced = _ALIVE.sub(lambda found: found[0] + " ", _CONTROL.sub("", text))
    return " " + spaced if spaced.startswith("{") else spaced


# looking through a text costs more than remembering it: a shop's texts recur
_PLAIN_FAST = FastPath("True", "(VALUE if VALUE.isalnum() else memo_[VALUE])", {"memo_": Memo(safe_in_text)})


def is_inert(text: str) -> bool:
    """Whether a text is the same as HTML and as plain text.

    >>> is_inert("$1,234.50"), is_inert("a < b")
    (True, False)
    """
    return html_text(text) == text == safe_in_text(text)


@lru_cache(maxsize=256)
def twins(label: str, to_text: Callable[[Any], str]) -> Twins:
    """What remembers values as HTML, under one label, and as plain text."""
    return Twins(html_escape(label, to_text).run, plain_escape(to_text).run)


def as_is(to_text: Callable[[Any], str]) -> Escape:
    """No escape at all."""
    return Escape("none", to_text, FastPath("True"), True)


def html_labels(
    nodes: list[Node],
    source: Source,
    partials: Mapping[str, PartialTree],
    to_text: Callable[[Any], str],
    *,
    start: str,
    trusted: bool,
) -> tuple[HtmlLabels, tuple[Diagnostic, ...]]:
    """Walk the HTML of a template; the labels must not be used when a finding is an error."""
    found = annotate(nodes, source=source, start=STARTS[start], partials=partials, trusted=trusted)
    return HtmlLabels(found, found.partials, to_text), found.diagnostics
