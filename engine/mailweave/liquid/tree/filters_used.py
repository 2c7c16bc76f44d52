"""Which filters a tree names."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.tags.case_tag import MultiExpressionBlockNode
from liquid.exceptions import UnknownFilterError
from liquid.expression import Expression

from mailweave.liquid.tree.transform import inner


def unknown_filters(nodes: Iterable[Node], known: Container[str]) -> Iterator[UnknownFilterError]:
    """An error for each filter that is not known."""
    for expression in expressions(nodes):
        if isinstance(expression, FilteredExpression):
            for step in expression.filters or ():
                if step.name not in known:
                    yield UnknownFilterError(f"unknown filter '{step.name}'", token=step.token)


def expressions(nodes: Iterable[Node]) -> Iterator[Expression]:
    """Every expression of a tree, partials left out."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        waiting.extend(inner(node))
        found: list[Expression] = list(node.expressions())
        if isinstance(node, MultiExpressionBlockNode):
            found.append(node.expression)
        while found:
            expression = found.pop()
            yield expression
            found.extend(expression.children())
