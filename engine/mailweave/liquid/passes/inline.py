"""Branches that do nothing but write become choices: expressions in the text around them.

>>> from mailweave.liquid.debug import shown, tree
>>> nodes, facts = tree("{% if a %}{{ a }}{% else %}you{% endif %}{% if b %}{% assign c = 1 %}{% endif %}")
>>> shown(nodes)
"Branch(a [{{a}}] else ['you']) Branch(b [Assign(c, 1)])"
>>> shown(branches_to_expressions(nodes, facts))
"Choice(a [{{a}}] else ['you']) Branch(b [Assign(c, 1)])"
"""

from __future__ import annotations

from dataclasses import replace

from mailweave.liquid.ir.nodes import Block, Branch, Choice, Node, Output, Text
from mailweave.liquid.ir.walk import with_blocks
from mailweave.liquid.passes.facts import Facts

_DEEPEST = 3  # branches within branches that are written as one expression
_MOST_ARMS = 12  # of one expression


def branches_to_expressions(nodes: tuple[Node, ...], facts: Facts) -> tuple[Node, ...]:
    """The nodes with choices for such branches."""

    def changed(node: Node) -> Node:
        if isinstance(node, Branch) and _only_writes(node, _DEEPEST):
            return _choice(node)
        return with_blocks(node, within)

    def within(block: Block) -> Block:
        return replace(block, nodes=branches_to_expressions(block.nodes, facts))

    return tuple(map(changed, nodes))


def _choice(node: Node) -> Node:
    """The branch, and those within it, as choices."""
    made = with_blocks(node, lambda block: replace(block, nodes=tuple(map(_choice, block.nodes))))
    return Choice(made.arms, made.part, made.at) if isinstance(made, Branch) else made


def _only_writes(node: Branch, depth: int) -> bool:
    """Whether a branch writes and does nothing else."""
    if not depth or len(node.arms) > _MOST_ARMS:
        return False
    return all(_block_only_writes(arm.body, depth) for arm in node.arms)


def _block_only_writes(block: Block, depth: int) -> bool:
    return all(
        isinstance(node, (Text, Output)) or (isinstance(node, Branch) and _only_writes(node, depth - 1))
        for node in block.nodes
    )
