"""Simpler shapes that mean the same: partials written out, cases as branches, fewer texts.

>>> from mailweave.liquid.debug import shown, tree
>>> nodes, facts = tree("{% render 'hi', name: who %}", partials={"hi": "Hi {{ name }}"})
>>> shown(expand_partials(nodes, facts))
"Call('hi', hi, name: who, True, hi, ['Hi ' {{name}}])"
>>> nodes, facts = tree("{% case size %}{% when 'S', 'M' %}small{% else %}large{% endcase %}")
>>> shown(nodes)
"Case(size, 'S' 'M' ['small'] else ['large'])"
>>> shown(cases_to_branches(nodes, facts))
"Branch(size == 'S' or size == 'M' ['small'] else ['large'])"
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.expressions import Compare, Const, Expression, Logic
from mailweave.liquid.ir.nodes import Arm, Block, Branch, Call, Case, Node, Text, When
from mailweave.liquid.ir.walk import with_nodes
from mailweave.liquid.passes.facts import Facts

MOST_CALLS = 400  # partials that are written out in one template: each call repeats the whole of one
DEEPEST = 8  # partials within partials; deeper ones, and those that call themselves, are interpreted


def expand_partials(nodes: tuple[Node, ...], facts: Facts) -> tuple[Node, ...]:
    """Each call with the partial's nodes in it. Raises `NotCompilable` where they are too many or too deep."""
    return _expanded(nodes, 1, False, count(1))


def _expanded(
    nodes: tuple[Node, ...], depth: int, is_rendered: bool, calls: Iterator[int]
) -> tuple[Node, ...]:
    return tuple(
        _call(node, depth, is_rendered, calls)
        if isinstance(node, Call)
        else with_nodes(node, lambda below: _expanded(below, depth, is_rendered, calls))
        for node in nodes
    )


def _call(node: Call, depth: int, is_rendered: bool, calls: Iterator[int]) -> Call:
    if is_rendered and not node.isolated:
        return node  # it is an error there
    if node.partial is None:
        raise NotCompilable("it has a partial whose name is data")
    if depth >= DEEPEST:
        raise NotCompilable("it has too many partials within partials, or one that calls itself")
    if next(calls) > MOST_CALLS:
        raise NotCompilable("too many partials")
    inner = _expanded(node.partial.nodes, depth + 1, is_rendered or node.isolated, calls)
    return replace(node, body=Block(inner))


def cases_to_branches(nodes: tuple[Node, ...], facts: Facts) -> tuple[Node, ...]:
    """The nodes with branches for cases of which one `when` at most can hold."""
    made = (with_nodes(node, lambda below: cases_to_branches(below, facts)) for node in nodes)
    return tuple(_branch(node) if isinstance(node, Case) and _is_choice(node) else node for node in made)


def _is_choice(node: Case) -> bool:
    """Whether at most one `when` can hold: they name different texts, and only the last is `else`."""
    values = [one for arm in node.arms for one in arm.values or ()]
    texts = {one.value for one in values if isinstance(one, Const) and type(one.value) is str}
    return bool(node.arms) and len(texts) == len(values) and all(arm.values for arm in node.arms[:-1])


def _branch(node: Case) -> Node:
    if node.arms[0].values is None:
        return node.arms[0].body
    return Branch(tuple(Arm(_test(node, arm), arm.body) for arm in node.arms), node.at)


def _test(node: Case, arm: When) -> Expression | None:
    tests = [Compare("==", node.subject, one, node.at) for one in arm.values or ()]
    return Logic("or", tuple(tests)) if tests[1:] else tests[0] if tests else None


def merge_text(nodes: tuple[Node, ...], facts: Facts) -> tuple[Node, ...]:
    """The nodes with as few texts as there can be, those of blocks in their place."""
    found: list[Node] = []
    for node in _flat(nodes):
        last = found[-1] if found else None
        if isinstance(node, Text) and isinstance(last, Text) and node.part == last.part:
            found[-1] = replace(last, text=last.text + node.text)
        else:
            found.append(with_nodes(node, lambda below: merge_text(below, facts)))
    return tuple(found)


def _flat(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield from _flat(node.nodes) if isinstance(node, Block) else (node,)
