"""The nodes of a parsed document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailweave.message.amp.html_tokens import Attribute


def names(text: str) -> frozenset[str]:
    """A set of names, written as one text."""
    return frozenset(text.split())


VOID = names("area base br col embed hr img input keygen link meta param source track wbr")


@dataclass(slots=True, eq=False)
class Node:
    """An element, text (`tag` is "#text"), comment, doctype, or the document itself.

    `start` is the offset of the node's first character, -1 of a copy that the parser made; `made_up`
    is true of an element that the parser had to add, and of a comment that began with `<?`.
    """

    tag: str
    start: int
    attributes: list[Attribute] = field(default_factory=list)
    text: str = ""
    namespace: str = ""
    made_up: bool = False
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list, repr=False)

    @property
    def is_element(self) -> bool:
        return self.tag[0] not in "#!"

    def append(self, child: Node) -> None:
        child.parent = self
        self.children.append(child)

    def index(self, child: Node) -> int:
        return next(at for at, node in enumerate(self.children) if node is child)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))
