"""The elements of a page as a browser sees them: with the parts of tables that nobody wrote."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from justhtml import JustHTML

from mailweave.markup.pieces import Piece, piece_at
from mailweave.markup.tokens import StartTag
from mailweave.markup.tree import Attributes, Choice, Page, every_attribute, shielded

_NOT_SHOWN = frozenset({"head", "style", "link", "meta", "title", "script", "base", "template"})
_FRAGMENT = {
    "tr": "<table><tbody>",
    "td": "<table><tbody><tr>",
    "th": "<table><tbody><tr>",
    **dict.fromkeys(("tbody", "thead", "tfoot", "caption", "colgroup"), "<table>"),
}
_WHOLE = frozenset({"html", "head", "body"})


@dataclass(slots=True, eq=False)
class Element:
    """An element. `number` is that of its start tag; None for one that the parser made.

    `fluid` is a piece of Liquid among its children, so that the places of these are not known.
    """

    tag: str
    number: int | None
    parent: Element | None
    index: int = 0
    of_type: int = 0  # its place among those of its name
    types: Counter[str] = field(default_factory=Counter)  # how many of each name it holds
    children: list[Element] = field(default_factory=list)
    fluid: Piece | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    words: frozenset[str] = frozenset()  # its classes
    patterns: tuple[re.Pattern[str], ...] = ()  # what classes Liquid may write
    dynamic: frozenset[str] = frozenset()  # attributes into which Liquid writes
    conditional: frozenset[str] = (
        frozenset()
    )  # attributes that are there, or hold something, in some branches only

    @property
    def shown(self) -> bool:
        return self.tag not in _NOT_SHOWN

    def ancestors(self) -> Iterator[Element]:
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def dress(self, attributes: Attributes, nonce: str, fold: bool) -> None:
        """Gives it the attributes that it has in one way through the conditions."""
        self.attributes = attributes
        names = attributes.get("class", "")
        names = names.lower() if fold else names
        self.words = frozenset(word for word in names.split() if nonce not in word)
        self.patterns = tuple(_pattern(word, nonce) for word in names.split() if nonce in word)
        self.dynamic = frozenset(
            name for name, value in attributes.items() if nonce in value or nonce in name
        )

    def loosen(self, sure: frozenset[str]) -> None:
        """Leaves open whether it has the classes that are not among the sure ones."""
        self.patterns = (*self.patterns, *(re.compile(re.escape(word)) for word in self.words - sure))
        self.words &= sure


def _pattern(word: str, nonce: str) -> re.Pattern[str]:
    """What a class may be into which Liquid writes."""
    return re.compile(r"[\w-]*".join(map(re.escape, re.split(rf"{nonce}\d+z", word))))


@dataclass(frozen=True, slots=True)
class Document:
    """The elements of a page in document order, and by the number of their start tag."""

    elements: tuple[Element, ...]
    numbered: Mapping[int, Element]
    fold: bool  # quirks mode: classes and ids match whatever their case

    def names(self) -> frozenset[str] | None:
        """The classes and ids of its elements, in lower case; None where Liquid may write others."""
        if any(one.patterns or "id" in one.dynamic for one in self.elements):
            return None
        ids = (one.attributes.get("id", "") for one in self.elements)
        return frozenset(name.lower() for name in (*ids, *(w for one in self.elements for w in one.words)))

    def dress(self, page: Page, choose: Choice, numbers: Iterator[int] | None = None) -> None:
        """Gives the elements (or those of some numbers) the attributes that `choose` picks."""
        for number in self.numbered if numbers is None else numbers:
            tag = page.tokens[number]
            element = self.numbered.get(number)
            if element is not None and isinstance(tag, StartTag):
                found = choose(number, tag)
                covered = {_covered(page, n).lower(): _plain(_covered(page, v)) for n, v in found.items()}
                element.dress(covered, page.shield.nonce, self.fold)


def _covered(page: Page, text: str) -> str:
    return page.shield.cover(text) if "{" in text else text


def _plain(value: str) -> str:
    return html.unescape(value) if "&" in value else value


def document(page: Page) -> Document:
    """The elements of a page, parsed as a browser parses it."""
    quirks = is_quirky(page)
    text = shielded(page, lambda _number, _tag: {}, cells=True)
    text = text.removeprefix("<!DOCTYPE html>") if quirks else text
    wrapper = _wrapper(page)
    text = text.replace("<body>", f"<body>{wrapper}", 1) if wrapper else text
    root = JustHTML(text, sanitize=False, scripting_enabled=False).root
    builder = _Builder(page)
    builder.walk(root)
    made = Document(tuple(builder.elements), builder.numbered, quirks)
    made.dress(page, every_attribute)
    for number, tag in page.start_tags:
        element = made.numbered.get(number)
        if element is not None:
            element.conditional = frozenset(_conditional(tag))
    return made


def is_quirky(page: Page) -> bool:
    """Whether a whole document has no doctype."""
    head = "".join(page.text(token.span) for token in page.tokens[: page.prelude + 1])
    whole = any(tag.name in _WHOLE for _, tag in page.start_tags)
    return whole and "<!doctype" not in head.lower()


def _wrapper(page: Page) -> str:
    """What a browser needs around rows and cells that come alone."""
    first = next((tag.name for _, tag in page.start_tags if tag.name not in ("style", "link", "meta")), "")
    whole = any(tag.name in _WHOLE for _, tag in page.start_tags)
    return "" if whole else _FRAGMENT.get(first, "")


def _conditional(tag: StartTag) -> Iterator[str]:
    between = any(not piece.text.startswith("{{") for piece in tag.pieces)
    for attribute in tag.attributes:
        if between or "{%" in (attribute.value or ""):
            yield attribute.name


class _Builder:
    """Walks the parser's nodes, without recursion."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.elements: list[Element] = []
        self.numbered: dict[int, Element] = {}

    def walk(self, root: Any) -> None:
        waiting: list[tuple[Any, Element | None]] = [(root, None)]
        while waiting:
            node, parent = waiting.pop()
            if node.name == "#comment":
                self._liquid(node, parent)
                continue
            if node.name.startswith("#document"):
                below = parent
            elif node.name.startswith(("#", "!")):
                continue
            else:
                below = self._element(node, parent)
            waiting += [(child, below) for child in reversed(node.children or ())]

    def _element(self, node: Any, parent: Element | None) -> Element:
        number = (node.attrs or {}).get(self._page.shield.nonce)
        made = Element(node.name.lower(), None if number is None else int(number), parent)
        if parent is not None:
            made.index, made.of_type = len(parent.children), parent.types[made.tag]
            parent.types[made.tag] += 1
            parent.children.append(made)
        self.elements.append(made)
        if number is not None:
            self.numbered[int(number)] = made
        return made

    def _liquid(self, node: Any, parent: Element | None) -> None:
        names = self._page.shield.names(node.data or "")
        if parent is None or parent.fluid or not names:
            return
        piece = piece_at(self._page.shield.restore(names[0]), 0)
        if piece and (piece.opens or piece.closes or piece.name == "slot"):
            parent.fluid = piece
