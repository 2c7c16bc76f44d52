"""The passes: each makes of a tree one that means the same, and is written faster.

They run in this order, each over the whole tree; `pair` comes before them, for it makes one tree of two.
"""

from __future__ import annotations

from collections.abc import Callable

from mailweave.liquid.ir.nodes import Node
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.passes.fold import fold_constants
from mailweave.liquid.passes.remember import remember_items
from mailweave.liquid.passes.shapes import cases_to_branches, expand_partials, merge_text

Nodes = tuple[Node, ...]
PASSES: tuple[Callable[[Nodes, Facts], Nodes], ...] = (
    expand_partials,
    fold_constants,
    cases_to_branches,
    merge_text,
    remember_items,
)


def folded_first(nodes: Nodes, facts: Facts) -> Nodes:
    """The tree of a part with what is known of that part alone. Raises as `optimized` does."""
    return fold_constants(expand_partials(nodes, facts), facts)


def optimized(nodes: Nodes, facts: Facts) -> Nodes:
    """The tree after all passes. Raises `NotCompilable` where partials go too deep."""
    for run in PASSES:
        nodes = run(nodes, facts)
    return nodes
