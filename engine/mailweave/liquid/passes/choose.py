"""A `case` of which one branch at most can hold becomes a branch.

>>> from mailweave.liquid.debug import shown, tree
>>> nodes, facts = tree("{% case size %}{% when 'S', 'M' %}small{% else %}large{% endcase %}")
>>> shown(nodes)
"Case(size, 'S' 'M' ['small'] else ['large'])"
>>> shown(cases_to_branches(nodes, facts))
"Branch(size == 'S' or size == 'M' ['small'] else ['large'])"
"""

from __future__ import annotations

from dataclasses import replace

from mailweave.liquid.ir.expressions import Compare, Const, Expression, Logic
from mailweave.liquid.ir.nodes import Arm, Branch, Case, Node, When
from mailweave.liquid.ir.walk import with_blocks
from mailweave.liquid.passes.facts import Facts


def cases_to_branches(nodes: tuple[Node, ...], facts: Facts) -> tuple[Node, ...]:
    """The nodes with branches for such cases."""

    def changed(node: Node) -> Node:
        made = with_blocks(node, lambda block: replace(block, nodes=cases_to_branches(block.nodes, facts)))
        return _branch(made) if isinstance(made, Case) and _is_choice(made) else made

    return tuple(map(changed, nodes))


def _is_choice(node: Case) -> bool:
    """Whether at most one `when` can hold: they name different texts, and only the last is `else`."""
    seen: list[str] = []
    for position, arm in enumerate(node.arms):
        if arm.values is None:
            return position == len(node.arms) - 1
        for one in arm.values:
            value = one.value if isinstance(one, Const) else None
            if type(value) is not str or value in seen:
                return False
            seen.append(value)
    return bool(node.arms)


def _branch(node: Case) -> Node:
    if node.arms[0].values is None:
        return node.arms[0].body
    return Branch(tuple(Arm(_test(node, arm), arm.body) for arm in node.arms), node.part, node.at)


def _test(node: Case, arm: When) -> Expression | None:
    tests = [Compare("==", node.subject, one, node.at) for one in arm.values or ()]
    return Logic("or", tuple(tests)) if tests[1:] else tests[0] if tests else None
