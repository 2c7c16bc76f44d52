"""Ways through the tree: what lies below a node, what it reads, and the node with something else there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar, get_args

from mailweave.liquid.ir import expressions as x
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.members import COMMANDS

Change = Callable[[x.Expression], x.Expression]
T = TypeVar("T", bound=n.Node | x.Expression)
_EXPRESSIONS = get_args(x.Expression)
_LEAVES = (n.Text, n.Output, n.Assign, n.Count, n.Slot, n.Interrupt, n.Cycle)  # nodes without blocks
_NEITHER = frozenset({"part", "at", "name_at", "escape", "weight", "title", "partial", "choices"})
_HOLDERS = (n.Arm, n.When, x.Argument, x.Step)  # what holds blocks and expressions, and is neither
_DEEPEST = 12  # partials within partials


def with_blocks(node: n.Node, change: Callable[[n.Block], n.Block]) -> n.Node:
    """The node with other blocks, changed in their order; a block is its own."""
    if isinstance(node, n.Block):
        return change(node)
    made: n.Node = node if isinstance(node, _LEAVES) else _with(node, (n.Block,), change)
    return made


def with_expressions(node: T, change: Change) -> T:
    """The node, or the expression, with other expressions in it; those below its blocks are left."""
    made: T = _with(node, _EXPRESSIONS, change)
    return made


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


def blocks(node: n.Node) -> list[n.Block]:
    """The blocks of a node, in order; a block is its own."""
    found: list[n.Block] = []

    def collect(block: n.Block) -> n.Block:
        found.append(block)
        return block

    with_blocks(node, collect)
    return found


def operands(node: n.Node | x.Expression) -> list[x.Expression]:
    """The expressions that a node or an expression is made of."""
    found: list[x.Expression] = []

    def collect(one: x.Expression) -> x.Expression:
        found.append(one)
        return one

    with_expressions(node, collect)
    return found


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
                yield from reached(node.body.nodes if node.body else node.partial.nodes, depth + 1)
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
    for node in nodes:
        if isinstance(node, n.Interrupt):
            return True
        if isinstance(node, n.Loop | n.Table | n.Call):
            continue
        if any(is_left(block.nodes) for block in blocks(node)):
            return True
    return False


def asks_where_stopped(nodes: Iterable[n.Node]) -> bool:
    """Whether a loop goes on where an earlier one stopped."""
    loops = (node for node in reached(nodes) if isinstance(node, n.Loop))
    return any(loop.continues or loop.offset is not None for loop in loops)


def member_uses(nodes: Iterable[n.Node], name: str) -> bool:
    """Whether nodes read a named member of a variable."""
    members = (one.keys[1] for one in paths(nodes) if one.keys[0] == name and len(one.keys) > 1)
    return any(isinstance(key, str) and key not in COMMANDS for key in members)
