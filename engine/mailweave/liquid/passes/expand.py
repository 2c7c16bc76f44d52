"""Partials are written out where they are called.

>>> from mailweave.liquid.debug import shown, tree
>>> nodes, facts = tree("{% render 'hi', name: who %}", partials={"hi": "Hi {{ name }}"})
>>> shown(nodes)
"Call('hi', hi, name: who, True, hi)"
>>> shown(expand_partials(nodes, facts))
"Call('hi', hi, name: who, True, hi, ['Hi ' {{name}}])"
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.nodes import Block, Call, Node
from mailweave.liquid.ir.walk import with_blocks
from mailweave.liquid.passes.facts import Facts

MOST_CALLS = 400  # partials that are written out in one template: each call repeats the whole of one
DEEPEST = 8  # partials within partials; deeper ones, and those that call themselves, are interpreted


def expand_partials(nodes: tuple[Node, ...], facts: Facts) -> tuple[Node, ...]:
    """Each call with the partial's nodes in it. Raises `NotCompilable` where they are too many or too deep."""
    return _Expander().nodes(nodes, 1, is_rendered=False)


@dataclass(slots=True)
class _Expander:
    calls: int = 0

    def nodes(self, nodes: tuple[Node, ...], depth: int, *, is_rendered: bool) -> tuple[Node, ...]:
        return tuple(self._node(node, depth, is_rendered) for node in nodes)

    def _node(self, node: Node, depth: int, is_rendered: bool) -> Node:
        if isinstance(node, Call):
            return self._call(node, depth, is_rendered)

        def within(block: Block) -> Block:
            return replace(block, nodes=self.nodes(block.nodes, depth, is_rendered=is_rendered))

        return with_blocks(node, within)

    def _call(self, node: Call, depth: int, is_rendered: bool) -> Call:
        if is_rendered and not node.isolated:
            return node  # it is an error there
        if node.partial is None:
            raise NotCompilable("it has a partial whose name is data")
        if depth >= DEEPEST:
            raise NotCompilable("it has too many partials within partials, or one that calls itself")
        self.calls += 1
        if self.calls > MOST_CALLS:
            raise NotCompilable("too many partials")
        inner = self.nodes(node.partial.nodes, depth + 1, is_rendered=is_rendered or node.isolated)
        return replace(node, body=Block(inner, part=node.part))
