"""What a condition proves to be there, in the branches behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from liquid.builtin.expressions import BooleanExpression, Literal, Nil
from liquid.builtin.expressions import Path as PathNode
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.expression import Expression

from mailweave.liquid.contract.model import Path

Guards: TypeAlias = frozenset[Path]
Resolve: TypeAlias = Callable[[PathNode], Path | None]

NOTHING: Guards = frozenset()


def guards(node: Expression, resolve: Resolve) -> tuple[Guards, Guards]:
    """The paths that are not missing when the condition is true, and when it is false."""
    match node:
        case BooleanExpression():
            return guards(node.expression, resolve)
        case LogicalNotExpression():
            true, false = guards(node.right, resolve)
            return false, true
        case LogicalAndExpression():
            (one, _), (other, _) = guards(node.left, resolve), guards(node.right, resolve)
            return one | other, NOTHING
        case LogicalOrExpression():
            (one, no), (other, nor) = guards(node.left, resolve), guards(node.right, resolve)
            return one & other, no | nor
        case PathNode():
            return _present(node, resolve), NOTHING
        case EqExpression():
            return _equal(node.left, node.right, resolve)
        case NeExpression():
            return _equal(node.left, node.right, resolve)[::-1]
        case LtExpression() | GtExpression() | LeExpression() | GeExpression() | ContainsExpression():
            return _present(node.left, resolve) | _present(node.right, resolve), NOTHING
        case _:  # a literal, or a node of the library that we do not know: it proves nothing
            return NOTHING, NOTHING


def _equal(left: Expression, right: Expression, resolve: Resolve) -> tuple[Guards, Guards]:
    """What equality proves, and what inequality does: `x != blank` says that there is an x."""
    if isinstance(left, Nil | Blank | Empty):
        left, right = right, left
    there = _present(left, resolve)
    if isinstance(right, Nil | Blank):
        return NOTHING, there
    if isinstance(right, Empty):
        return there, NOTHING
    return (there, NOTHING) if isinstance(right, Literal) else (NOTHING, NOTHING)


def _present(node: Expression, resolve: Resolve) -> Guards:
    """A path that is there, and so is all that leads to it."""
    path = resolve(node) if isinstance(node, PathNode) else None
    if path is None:
        return NOTHING
    return frozenset(path[:end] for end in range(1, len(path) + 1))
