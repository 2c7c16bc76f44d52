"""What every node of a rule text has; how a tree is visited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from mailweave.source import Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything that stands in a rule text."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name that declares something, or refers to it, outside expressions."""

    id: str


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below `node`, in the order of its fields."""
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it, in text order; works at any depth."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(tuple(children(current))))
