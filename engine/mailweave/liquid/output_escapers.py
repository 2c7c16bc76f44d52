"""Which escaper each output gets, for one text and the partials it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from liquid.ast import Node
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.render_tag import RenderNode

from mailweave.diagnostics import Diagnostic
from mailweave.liquid.adjacent_text import AdjacentText
from mailweave.liquid.contexts import STARTS, Annotated, PartialTree, Placement, annotate, in_addresses
from mailweave.liquid.contexts.filters import read_filters
from mailweave.liquid.escapers import ASCII_WORDS, WORDS, FastPath, PairedEscapes, escaper
from mailweave.liquid.escapers.openings import referenced_beside, safe_in_text, spaced_beside
from mailweave.liquid.escapers.text import attribute_url
from mailweave.liquid.escapers.urls import URLS, is_address
from mailweave.liquid.escapers.urls import start as url_start
from mailweave.source import Source
from mailweave.values.bounded_cache import Memo

PLAIN = "plain"
MARKED_UP = frozenset({"text", "rcdata", "attr"})
"""Labels under which letters and digits stay as they are."""
WHOLE = f"{PLAIN} whole"
"""The label of a value that plain text writes as an address of its own."""
TWINNED = MARKED_UP | {"url", "url_attr", "path", "path_attr", "query", "query_attr"}
"""Labels whose values are remembered as HTML and as plain text at once."""

_AS_FOUND: Mapping[str, str] = MappingProxyType({})
# in a URL that the author wrote whole, a value is one segment: a link of HTML may have its path from a value
_SEGMENTS: Mapping[str, str] = MappingProxyType(
    {"path_attr": "segment_attr", "path_attr_once": "segment_attr_once"}
)

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


@dataclass(frozen=True, slots=True)
class _Family:
    """What a template and its partials share."""

    everything: Mapping[Key, Annotated]
    sources: Mapping[str, Source]
    to_text: Callable[[Any], str]
    beside: AdjacentText
    instead: Mapping[str, str]  # labels that stand for those that were found


class Labels:
    """The escapers of one text; this one gives all outputs the same."""

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


class TextLabels(Labels):
    """The escapers of plain text: a value keeps away from what stands beside it, and in an address it is encoded."""

    def __init__(
        self,
        source: Source,
        partials: Mapping[str, Source],
        to_text: Callable[[Any], str],
        beside: AdjacentText,
    ) -> None:
        super().__init__(plain_escape(to_text))
        self._source, self._partials, self._to_text, self._beside = source, partials, to_text, beside
        self._addresses = in_addresses(source.text)

    def of(self, node: Node) -> tuple[Escape, int]:
        label = self._addresses.get(node.token.start_index)
        escape = self._escape if label is None else _in_address(node, label, self._to_text)
        before, after = self._beside.of(node, self._source.text)
        return (_kept_apart(escape, before, after) if before or after else escape), 0

    def calls(self, node: IncludeNode | RenderNode, name: str) -> tuple[Key, Labels]:
        return "", TextLabels(self._partials[name], self._partials, self._to_text, self._beside)


class HtmlLabels(Labels):
    """The escapers that the walk over the HTML found, in one text of a template."""

    def __init__(
        self,
        source: Source,
        annotated: Annotated,
        family: _Family,
    ) -> None:
        self._source, self._annotated, self._family = source, annotated, family

    def of(self, node: Node) -> tuple[Escape, int]:
        placement = self._annotated.labels.get(node.token.start_index, _UNREACHED)
        family = self._family
        escape = html_escape(family.instead.get(placement.label, placement.label), family.to_text)
        before, after = family.beside.of(node, self._source.text)
        return (_referenced(escape, before, after) if before or after else escape), placement.dropped

    def is_html(self, node: Node) -> bool:
        placement = self._annotated.labels.get(node.token.start_index)
        return placement is not None and placement.label == "capture_html"

    def calls(self, node: IncludeNode | RenderNode, name: str) -> tuple[Key, Labels]:
        for key in self._annotated.calls.get(node.token.start_index, ()):
            if key[0] == name:
                family = self._family
                return key, HtmlLabels(family.sources[name], family.everything[key], family)
        return "unreached", Labels(html_escape(_UNREACHED.label, self._family.to_text))


def html_escape(label: str, to_text: Callable[[Any], str]) -> Escape:
    """The escape for one label of the HTML walk."""
    found = escaper(label, to_text)
    return Escape(label, found.escape, found.fast, found.numbers)


def plain_escape(to_text: Callable[[Any], str]) -> Escape:
    """The escape for plain text: nothing that a mail client or a second templating pass would act on."""

    def plain(value: object) -> str:
        return safe_in_text(to_text(value))

    return Escape(PLAIN, plain, _PLAIN_FAST, True)


_PLAIN_FAST = FastPath(WORDS, Memo(safe_in_text))


def _kept_apart(escape: Escape, before: str, after: str) -> Escape:
    """The escape for plain text between signs that a value could complete."""

    def plain(value: object) -> str:
        return spaced_beside(before, escape.run(value), after)

    fast = FastPath(WORDS, Memo(plain)) if escape.label == PLAIN else None
    return Escape(f"{escape.label} {before} {after}", plain, fast, True)


def _in_address(node: Node, label: str, to_text: Callable[[Any], str]) -> Escape:
    """The escape for plain text within an address: as in a link of HTML."""
    placement, _ = read_filters(node, label, trusted=False, html_names=())
    return _address_escape(placement.label.removesuffix("_once"), to_text)


@lru_cache(maxsize=64)
def _address_escape(label: str, to_text: Callable[[Any], str]) -> Escape:
    write = URLS.get(label, _bracketed)  # what is percent-encoded opens no tag
    if label in _CHECKED:
        return Escape(f"{PLAIN} {label}", lambda value: write(to_text(value)), None, False)
    quick = FastPath(ASCII_WORDS, Memo(write))
    return Escape(f"{PLAIN} {label}", lambda value: write(to_text(value)), quick, True)


def _bracketed(text: str) -> str:
    return url_start(text) if is_address(text) else safe_in_text(text)


_CHECKED = frozenset({"tail", "port", "rooted"})  # even letters and digits are looked at


def _referenced(escape: Escape, before: str, after: str) -> Escape:
    """The same for HTML, with character references; in styles and scripts, which have none, a blank is one."""
    keep = referenced_beside if escaper(escape.label).references else spaced_beside

    def write(value: object) -> str:
        return keep(before, escape.run(value), after)

    fast = FastPath(WORDS, Memo(write)) if escape.label in MARKED_UP else None
    return Escape(f"{escape.label} {before} {after}", write, fast, escape.numbers)


@lru_cache(maxsize=256)
def twins(label: str, said: str, to_text: Callable[[Any], str]) -> PairedEscapes:
    """What remembers values as HTML, under one label, and as plain text: under `PLAIN`, or under `WHOLE`."""
    html = html_escape(label, to_text).run
    plain = plain_escape(to_text).run if said == PLAIN else _address_escape("whole", to_text).run
    is_link = label == "url_attr" and said == WHOLE

    def both(value: object) -> tuple[str, str]:
        if is_link and type(value) is str and is_address(value):
            url = url_start(value)  # encoded once for both
            return attribute_url(url), url
        return html(value), plain(value)

    return PairedEscapes(both)


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
    sources = {name: partial.source for name, partial in partials.items()}
    beside = AdjacentText([source.text, *(one.text for one in sources.values())])
    instead = _SEGMENTS if start == "url" else _AS_FOUND
    return HtmlLabels(
        source, found, _Family(found.partials, sources, to_text, beside, instead)
    ), found.diagnostics


def text_labels(source: Source, partials: Mapping[str, Source], to_text: Callable[[Any], str]) -> TextLabels:
    """The labels of a plain text: a slot and the text itself stand on lines of their own."""
    beside = AdjacentText([source.text, *(one.text for one in partials.values())])
    return TextLabels(source, partials, to_text, beside)
