"""A rich text written: as markup for the place where a block shows it, as words, and as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from mailweave.content.rich.cover import Held
from mailweave.content.rich.nodes import LISTS, Node
from mailweave.content.rich.reading import RichText
from mailweave.source import Source, Span

Part: TypeAlias = tuple[str, Source]
"""A stretch of what is written, and the author's text that findings on it name."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;", '"': "&#34;"}
_IN_TEXT = re.compile(r"[&<>{]")
_IN_VALUE = re.compile(r"[&<>{\"]")


@dataclass(frozen=True, slots=True)
class Carrier:
    """The element of a block that holds a rich input alone: its start tag, what its items take over, its name.

    `repeats`: whether each paragraph is such an element; else the paragraphs stand in it.
    """

    name: str
    start: str
    classes: str
    others: str

    @property
    def repeats(self) -> bool:
        return self.name in ("p", "span")


class _Writer:
    def __init__(self, rich: RichText) -> None:
        self._covered, self._source = rich.covered, rich.source
        self.parts: list[Part] = []

    def put(self, text: str) -> None:
        if text:
            self.parts.append((text, self._source))

    def liquid(self, node: Node | Held) -> None:
        assert node.span is not None
        self.parts.append((node.text, self._source.part(node.span)))


class _Markup(_Writer):
    """Writes elements. What stands as text is escaped for the place where it stands, braces too: none opens Liquid."""

    def inline(self, nodes: list[Node]) -> None:
        for node in nodes:
            self._node(node)

    def _node(self, node: Node) -> None:
        if node.kind == "words":
            self.put(_IN_TEXT.sub(lambda sign: _ENTITIES[sign[0]], node.text))
        elif node.kind in ("output", "tag"):
            self.liquid(node)
        elif node.kind == "br":
            self.put("<br>")
        elif node.kind == "a":
            self.put('<a class="mw-inline" href="')
            self._target(node.text)
            self.put('">')
            self.inline(node.children)
            self.put("</a>")
        else:
            self.put(f"<{node.kind}>")
            self.inline(node.children)
            self.put(f"</{node.kind}>")

    def _target(self, text: str) -> None:
        for part in self._covered.split(text):
            if isinstance(part, str):
                self.put(_IN_VALUE.sub(lambda sign: _ENTITIES[sign[0]], part))
            else:
                self.liquid(part)

    def blocks(self, nodes: list[Node], carrier: Carrier) -> None:
        follows = False
        for node in nodes:
            if node.kind == "p":
                self._paragraph(node, carrier, follows)
            elif node.kind in LISTS:
                self._list(node, carrier)
            else:
                self._node(node)
            follows = node.kind == "p" or (node.kind in ("tag", "words") and follows)

    def _paragraph(self, node: Node, carrier: Carrier, follows: bool) -> None:
        if carrier.name == "span" and follows:
            self.put("<br><br>")
        self.put(carrier.start if carrier.repeats else '<p class="mw-words">')
        self.inline(node.children)
        self.put(f"</{carrier.name if carrier.repeats else 'p'}>")

    def _list(self, node: Node, carrier: Carrier) -> None:
        begins = f' start="{node.start}"' if node.kind == "ol" and node.start != 1 else ""
        classes = f"{carrier.classes} mw-item" if carrier.repeats and carrier.classes else "mw-item"
        others = carrier.others if carrier.repeats else ""
        self.put(f'<{node.kind} class="mw-list"{begins}>')
        for child in node.children:
            if child.kind == "li":
                self.put(f'<li class="{classes}"{others}>')
                self._item(child, carrier)
                self.put("</li>")
            else:
                self._node(child)
        self.put(f"</{node.kind}>")

    def _item(self, item: Node, carrier: Carrier) -> None:
        follows = False
        for node in item.children:
            if node.kind == "p":
                self.put("<br><br>" if follows else "")
                self.inline(node.children)
                follows = True
            elif node.kind in LISTS:
                self._list(node, carrier)
            else:
                self._node(node)


class _Words(_Writer):
    """Writes words without marks; with `addresses`, for a template of plain text, those of links stand behind them."""

    def __init__(self, rich: RichText, *, addresses: bool) -> None:
        super().__init__(rich)
        self._addresses = addresses

    def words(self, text: str) -> None:
        self.put(text.replace("{", '{{ "{" }}'))

    def blocks(self, nodes: list[Node], indent: str = "") -> None:
        begun = False
        for node in nodes:
            if node.kind in ("p", *LISTS) and begun:
                self.put("\n\n" if not indent else f"\n{indent}")
            if node.kind in LISTS:
                self._list(node, indent)
            else:
                self._node(node)
            begun = begun or node.kind in ("p", *LISTS)

    def _list(self, node: Node, indent: str) -> None:
        number, begun = node.start, False
        counted = all(child.kind == "li" for child in node.children)
        for child in node.children:
            if child.kind == "li":
                sign = f"{number}. " if node.kind == "ol" and counted else "- "
                self.put(f"\n{indent}{sign}" if begun else sign)
                self.blocks(child.children, indent + " " * len(sign))
                number, begun = number + 1, True
            else:
                self._node(child)

    def _node(self, node: Node) -> None:
        if node.kind == "words":
            self.words(node.text)
        elif node.kind in ("output", "tag"):
            self.liquid(node)
        elif node.kind == "br":
            self.put("\n")
        else:
            self._marked(node)

    def _marked(self, node: Node) -> None:
        shown = "".join(inner.text for inner in node.walk() if inner.kind in ("words", "output"))
        target = self._covered.shown(node.text) if node.kind == "a" else ""
        if self._addresses and target and shown == target.removeprefix("mailto:"):
            self._target(node.text)
            return
        for child in node.children:
            self._node(child)
        if self._addresses and target:
            self.put(" <")
            self._target(node.text)
            self.put(">")

    def _target(self, text: str) -> None:
        for part in self._covered.split(text):
            if isinstance(part, str):
                self.words(part)
            else:
                self.liquid(part)


def markup(rich: RichText, carrier: Carrier | None) -> list[Part]:
    """A rich text as elements, for a place; `carrier` None: where it stands within other words."""
    writer = _Markup(rich)
    paragraph = rich.paragraph
    if paragraph is not None and (carrier is None or not carrier.repeats):
        for node in rich.root.children:
            writer.inline(node.children if node is paragraph else [node])
    else:
        assert carrier is not None
        writer.blocks(rich.root.children, carrier)
    return writer.parts


def words(rich: RichText) -> Source:
    """A rich text without its marks and addresses: what the input is wherever it is not shown as words of a page."""
    writer = _Words(rich, addresses=False)
    writer.blocks(rich.root.children)
    return joined_parts(rich.source.name, writer.parts)


def plain(rich: RichText) -> list[Part]:
    """A rich text as plain text, with the addresses of its links."""
    writer = _Words(rich, addresses=True)
    writer.blocks(rich.root.children)
    return writer.parts


def joined_parts(name: str, parts: list[Part]) -> Source:
    """What was written as one text, whose places are those of the author's texts."""
    return Source(name, "".join(text for text, _ in parts), pieces=tuple(_places(parts)))


def _places(parts: list[Part]) -> Iterator[tuple[int, Source]]:
    at = 0
    for text, source in parts:
        yield at, source
        at += len(text)


def whole(source: Source, span: Span) -> Part:
    """A stretch of a text that stays as it is."""
    return source.text[span.start : span.stop], source.part(span)
