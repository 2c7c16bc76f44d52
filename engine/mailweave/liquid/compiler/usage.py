"""What a piece of a template uses, and what it sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from liquid.ast import BlockNode, IllegalNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.comment_tag import CommentNode
from liquid.builtin.tags.decrement_tag import DecrementNode
from liquid.builtin.tags.doc_tag import DocNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.increment_tag import IncrementNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression

from mailweave.liquid.runtime import SPECIAL
from mailweave.liquid.tree.filters_used import expressions
from mailweave.liquid.tree.nodes import EscapedOutput
from mailweave.liquid.tree.partial_nodes import BoundInclude
from mailweave.liquid.tree.transform import inner

WRITING = (ContentNode, OutputNode, CommentNode, DocNode, IllegalNode)
_DEEPEST = 3  # branches within branches that are written as one expression


def blocks(node: Node) -> list[BlockNode]:
    """The blocks of a branching tag or of a loop, in order."""
    match node:
        case IfNode() | UnlessNode():
            found = [node.consequence, *(one.block for one in node.alternatives), node.default]
        case CaseNode():
            found = [one.block if isinstance(one, MultiExpressionBlockNode) else one for one in node.blocks]
        case ForNode():
            found = [node.block, node.default]
        case _:
            found = []
    return [block for block in found if block is not None]


def only_writes(node: Node, depth: int = _DEEPEST) -> bool:
    """Whether a branching tag does nothing but write."""
    if isinstance(node, ForNode) or not depth:
        return False
    within = blocks(node)
    return bool(within) and all(block_only_writes(block, depth) for block in within)


def block_only_writes(block: BlockNode, depth: int = _DEEPEST) -> bool:
    """Whether a block does nothing but write; a blank one holds words of white space alone."""
    if block.blank:
        return all(isinstance(node, (ContentNode, CommentNode, DocNode)) for node in block.nodes)
    return all(isinstance(node, WRITING) or only_writes(node, depth - 1) for node in block.nodes)


def reached(nodes: list[Node], depth: int = 0) -> Iterator[Node]:
    """The nodes of one scope: those below, and those of included partials."""
    for node in nodes:
        yield node
        yield from reached(list(inner(node)), depth)
        if isinstance(node, BoundInclude) and depth < 12:
            yield from reached(node.partial.nodes, depth + 1)


def paths(block: BlockNode) -> Iterator[Path]:
    """Every path in a block and in the partials it includes."""
    return (one for one in expressions(reached(block.nodes)) if isinstance(one, Path))


def paths_of(expression: Expression) -> Iterator[Path]:
    """Every path in an expression."""
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Path):
            yield one
        waiting.extend(one.children())


def recurring(nodes: list[Node]) -> Counter[str]:
    """How often each output is written in the same way."""
    outputs = (node for node in reached(nodes) if isinstance(node, EscapedOutput))
    return Counter(f"{node.escape.label} {node.expression}" for node in outputs)


def depends_on(
    node: Node, name: str, is_constant: Callable[[Expression], bool], is_settled: Callable[[str], bool]
) -> bool:
    """Whether what a node writes depends on a variable and on nothing else: other names are constants, and
    filters are settled, which means that they give the same for the same value in every render."""
    for one in expressions(reached([node])):
        if isinstance(one, Path) and one.path[0] != name and not is_constant(one):
            return False
        steps = one.filters or () if isinstance(one, FilteredExpression) else ()
        if not all(is_settled(step.name) for step in steps):
            return False
    return True


def uses_loop(block: BlockNode) -> bool:
    """Whether a block reads its loop's position."""
    return any(path.path[0] == "forloop" for path in paths(block))


def member_uses(block: BlockNode, name: str) -> bool:
    """Whether a block reads a named member of a variable."""
    return any(
        path.path[0] == name
        and len(path.path) > 1
        and isinstance(path.path[1], str)
        and path.path[1] not in SPECIAL
        for path in paths(block)
    )


def assigned(nodes: list[Node]) -> frozenset[str]:
    """The variables that a scope sets."""
    return frozenset(str(n.name) for n in reached(nodes) if isinstance(n, (AssignNode, CaptureNode)))


def counters(nodes: list[Node]) -> frozenset[str]:
    """The names that a scope counts by."""
    return frozenset(str(n.name) for n in reached(nodes) if isinstance(n, (IncrementNode, DecrementNode)))


def asks_where_stopped(nodes: list[Node]) -> bool:
    """Whether a loop goes on where an earlier one stopped."""
    loops = (node.expression for node in reached(nodes) if isinstance(node, (ForNode, TablerowNode)))
    return any(loop.offset is not None for loop in loops)
