"""The tree of a rich text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailweave.source import Span

LISTS = frozenset({"ul", "ol"})


@dataclass(slots=True, eq=False)
class Node:
    """One node: `root`, `p`, `ul`, `ol`, `li`, `strong`, `em`, `a`, `br`, or a leaf `words`, `output`, `tag`.

    `text` holds the words, the piece of Liquid, or the target of a link, which is covered. `name` is that of a tag,
    `span` the place of a piece of Liquid, `start` the number that an ordered list begins with, `line` that of a list.
    """

    kind: str
    text: str = ""
    name: str = ""
    span: Span | None = None
    start: int = 1
    line: int = 0
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None

    def add(self, child: Node) -> Node:
        child.parent = self
        self.children.append(child)
        return child

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def is_blank(self) -> bool:
        return self.kind == "words" and not self.text.strip(" \t\n")


def move(node: Node, container: Node, at: int) -> None:
    """Takes a node out of its place and puts it into another."""
    if node.parent is not None:
        here = _index(node.parent, node)
        del node.parent.children[here]
        if node.parent is container and here < at:
            at -= 1
    node.parent = container
    container.children.insert(at, node)


def index(node: Node) -> int:
    """Which child of its parent a node is."""
    assert node.parent is not None
    return _index(node.parent, node)


def _index(parent: Node, node: Node) -> int:
    return next(at for at, child in enumerate(parent.children) if child is node)
