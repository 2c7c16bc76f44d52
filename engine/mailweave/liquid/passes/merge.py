"""Neighbouring texts become one, and blocks that are always taken lose their frame.

>>> from mailweave.liquid.debug import shown, tree
>>> from mailweave.liquid.passes.fold import fold_constants
>>> nodes, facts = tree("Hi {% if a %}{{ a }}{% endif %}!", constants={"a": "Jo"})
>>> shown(fold_constants(nodes, facts))
"'Hi ' ['Jo'] '!'"
>>> shown(merge_text(fold_constants(nodes, facts), facts))
"'Hi Jo!'"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mailweave.liquid.ir.nodes import Block, Node, Text
from mailweave.liquid.ir.walk import with_blocks
from mailweave.liquid.passes.facts import Facts


def merge_text(nodes: tuple[Node, ...], facts: Facts) -> tuple[Node, ...]:
    """The nodes with as few texts as there can be."""
    found: list[Node] = []
    for node in _flat(nodes):
        last = found[-1] if found else None
        if isinstance(node, Text) and isinstance(last, Text) and node.part == last.part:
            found[-1] = replace(last, text=last.text + node.text)
        else:
            found.append(with_blocks(node, lambda one: replace(one, nodes=merge_text(one.nodes, facts))))
    return tuple(found)


def _flat(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes, with those of blocks in their place."""
    for node in nodes:
        if isinstance(node, Block):
            yield from _flat(node.nodes)
        else:
            yield node
