"""Ways through the tree: what lies below a node, what it reads, and the node with something else there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar, cast, get_args

from mailweave.liquid.ir import expressions as x
from mailweave.liquid.ir import nodes as n

N = TypeVar("N", bound=n.Node)
T = TypeVar("T", bound=n.Node | x.Expression)
_EXPRESSIONS = get_args(x.Expression)
_LEAVES = (n.Text, n.Output, n.Assign, n.Count, n.Slot, n.Interrupt, n.Cycle)  # nodes without blocks
_NEITHER = frozenset({"part", "at", "name_at", "escape", "weight", "title", "partial", "choices"})
_HOLDERS = (n.Arm, n.When, x.Argument, x.Step)  # what holds blocks and expressions, and is neither
_DEEPEST = 12  # partials within partials
_NESTED, _MOST_ARMS = 3, 12  # branches within branches, and their arms, that are written as one expression


def with_blocks(node: N, change: Callable[[n.Block], n.Block]) -> N:
    """The node with other blocks, changed in their order; a block is its own."""
    if isinstance(node, _LEAVES):
        return node
    made = change(node) if isinstance(node, n.Block) else _with(node, (n.Block,), change)
    return cast(N, made)


def with_nodes(node: N, change: Callable[[tuple[n.Node, ...]], tuple[n.Node, ...]]) -> N:
    """The node with other nodes in its blocks."""
    return with_blocks(node, lambda block: replace(block, nodes=change(block.nodes)))


def with_expressions(node: T, change: Callable[[x.Expression], x.Expression]) -> T:
    """The node, or the expression, with other expressions in it; those below its blocks are left."""
    return cast(T, _with(node, _EXPRESSIONS, change))


def _with(node: Any, kinds: tuple[type, ...], change: Callable[[Any], Any]) -> Any:
    new = {}
    for name in node.__slots__:
        if name not in _NEITHER:
            old = getattr(node, name)
            made = _changed(old, kinds, change)
            if made is not old:
                new[name] = made
    return replace(node, **new) if new else node


def _changed(old: Any, kinds: tuple[type, ...], change: Callable[[Any], Any]) -> Any:
    if isinstance(old, kinds):
        return change(old)
    if isinstance(old, _HOLDERS):
        return _with(old, kinds, change)
    if type(old) is not tuple:
        return old
    made = tuple(_changed(one, kinds, change) for one in old)
    return old if all(one is other for one, other in zip(made, old, strict=True)) else made


def _found(rewrite: Callable[[Any, Callable[[Any], Any]], Any], node: Any) -> list[Any]:
    """All that `rewrite` would change, in order."""
    found: list[Any] = []

    def collect(one: Any) -> Any:
        found.append(one)
        return one

    rewrite(node, collect)
    return found


def blocks(node: n.Node) -> list[n.Block]:
    """The blocks of a node, in order; a block is its own."""
    return [] if isinstance(node, _LEAVES) else _found(with_blocks, node)


def operands(node: n.Node | x.Expression) -> list[x.Expression]:
    """The expressions that a node or an expression is made of."""
    return _found(with_expressions, node)


def within(node: x.Expression) -> Iterator[x.Expression]:
    """An expression and all that it is made of."""
    yield node
    for one in operands(node):
        yield from within(one)


def reached(nodes: Iterable[n.Node], depth: int = 0) -> Iterator[n.Node]:
    """The nodes of one scope: those below, and those of included partials."""
    for node in nodes:
        yield node
        if isinstance(node, n.Call):
            if not node.isolated and node.partial is not None and depth < _DEEPEST:
                yield from reached((node.body or node.partial).nodes, depth + 1)
            continue
        for block in blocks(node):
            yield from reached(block.nodes, depth)


def expressions(nodes: Iterable[n.Node]) -> Iterator[x.Expression]:
    """Every expression that nodes, and those below them, hold."""
    return (one for node in reached(nodes) for held in operands(node) for one in within(held))


def paths(nodes: Iterable[n.Node]) -> Iterator[x.Path]:
    """Every path in nodes and in the partials that they include."""
    return (one for one in expressions(nodes) if isinstance(one, x.Path))


def assigned(nodes: Iterable[n.Node]) -> frozenset[str]:
    """The variables that a scope sets."""
    return frozenset(node.name for node in reached(nodes) if isinstance(node, (n.Assign, n.Capture)))


def counters(nodes: Iterable[n.Node]) -> frozenset[str]:
    """The names that a scope counts by."""
    return frozenset(node.name for node in reached(nodes) if isinstance(node, n.Count))


def is_left(nodes: Iterable[n.Node]) -> bool:
    """Whether a `break` or `continue` stands outside the loops in a scope: it leaves the whole."""
    return any(
        isinstance(node, n.Interrupt)
        or (not isinstance(node, n.Loop | n.Call) and any(is_left(b.nodes) for b in blocks(node)))
        for node in nodes
    )


def only_writes(node: n.Node, depth: int = _NESTED) -> bool:
    """Whether a node does nothing but write, and is small enough for one expression."""
    if not isinstance(node, n.Branch):
        return isinstance(node, (n.Text, n.Output))
    inner = (one for arm in node.arms for one in arm.body.nodes)
    return depth > 0 and len(node.arms) <= _MOST_ARMS and all(only_writes(one, depth - 1) for one in inner)


def asks_where_stopped(nodes: Iterable[n.Node]) -> bool:
    """Whether a loop goes on where an earlier one stopped."""
    loops = (node for node in reached(nodes) if isinstance(node, n.Loop) and not node.table)
    return any(loop.continues or loop.offset is not None for loop in loops)
