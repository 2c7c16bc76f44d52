"""From python-liquid's tree to ours: escapers, prices and our dialect become nodes of it.

Both runners, the compiler and the interpreter, run what this makes, so handing a template from one
to the other can undo neither escaping nor the budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin.expressions import BooleanExpression, FilteredExpression, LoopExpression, Path
from liquid.builtin.expressions.logical import (
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
)
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode, _AnyExpression
from liquid.builtin.tags.cycle_tag import CycleNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.ifchanged_tag import IfChangedNode
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.liquid_tag import LiquidNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression

from mailweave.liquid.dialect import Dialect
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.labels import Labels
from mailweave.liquid.tree.nodes import (
    COMPARISONS,
    AnyOf,
    EscapedCycle,
    EscapedOutput,
    HtmlCapture,
    MeteredLoop,
    OptionalPath,
    WholeRange,
)
from mailweave.liquid.tree.partial_nodes import BoundInclude, BoundRender

Bind = Callable[[IncludeNode | RenderNode], PartialText | None]


@dataclass(frozen=True, slots=True)
class Transform:
    """One pass over one text's tree; partials are bound through `bind`."""

    dialect: Dialect
    labels: Labels | None
    bind: Bind

    @property
    def ours(self) -> bool:
        return self.dialect.nil_for_missing

    def nodes(self, nodes: Iterable[Node]) -> list[Node]:
        return [self.node(node) for node in nodes]

    def node(self, node: Node) -> Node:
        """The node that stands in its place."""
        step = _STEPS.get(type(node)) or next((s for t, s in _STEPS.items() if isinstance(node, t)), None)
        return node if step is None else step(self, node)

    # --- nodes ---

    def _block(self, node: BlockNode) -> Node:
        node.nodes = self.nodes(node.nodes)
        return node

    def _output(self, node: OutputNode) -> Node:
        node.expression = self.expression(node.expression)
        if self.labels is None:
            return node
        escape, dropped = self.labels.of(node)
        expression = node.expression
        if dropped and isinstance(expression, FilteredExpression) and expression.filters:
            expression.filters = expression.filters[:-dropped]
        return EscapedOutput(node, escape)

    def _cycle(self, node: CycleNode) -> Node:
        node.args = [self.expression(value) for value in node.args]
        node.group = None if node.group is None else self.expression(node.group)
        if self.labels is None:
            return node
        return EscapedCycle(node, self.labels.of(node)[0], ruby=self.ours)

    def _if(self, node: IfNode | UnlessNode) -> Node:
        node.condition = self.expression(node.condition, tested=True)
        self._block(node.consequence)
        for other in node.alternatives:
            self._conditional(other)
        if node.default:
            self._block(node.default)
        return node

    def _conditional(self, node: ConditionalBlockNode) -> Node:
        node.expression = self.expression(node.expression, tested=True)
        self._block(node.block)
        return node

    def _case(self, node: CaseNode) -> Node:
        node.expression = self.expression(node.expression, tested=True)
        for block in node.blocks:
            if isinstance(block, MultiExpressionBlockNode):
                block.expression = self._any(block.expression)
                self._block(block.block)
            else:
                self._block(block)
        return node

    def _any(self, wanted: _AnyExpression) -> _AnyExpression:
        left = self.expression(wanted.left, tested=True)
        values = [self.expression(value, tested=True) for value in wanted.expressions]
        return (AnyOf if self.ours else _AnyExpression)(wanted.token, left, values)

    def _for(self, node: ForNode | TablerowNode) -> Node:
        node.expression = self._loop(node.expression, weight(node.block))
        self._block(node.block)
        if isinstance(node, ForNode) and node.default:
            self._block(node.default)
        return node

    def _loop(self, loop: LoopExpression, price: int) -> LoopExpression:
        loop.iterable = self.expression(loop.iterable)
        loop.limit = self._maybe(loop.limit)
        loop.offset = self._maybe(loop.offset)
        loop.cols = self._maybe(loop.cols)
        return MeteredLoop(loop, price, ruby=self.ours)

    def _assign(self, node: AssignNode) -> Node:
        node.expression = self.expression(node.expression)
        return node

    def _capture(self, node: CaptureNode) -> Node:
        self._block(node.block)
        if self.labels is None or not self.labels.is_html(node):
            return node
        return HtmlCapture(node.token, node.name, node.block)

    def _held(self, node: LiquidNode | IfChangedNode) -> Node:
        self._block(node.block)
        return node

    def _partial(self, node: IncludeNode | RenderNode) -> Node:
        if isinstance(node, IncludeNode):
            node.name = self.expression(node.name)
        node.var = self._maybe(node.var)
        for arg in node.args:
            arg.value = self.expression(arg.value)
        partial = self.bind(node)
        if partial is None:
            return node
        return BoundRender(node, partial) if isinstance(node, RenderNode) else BoundInclude(node, partial)

    # --- expressions ---

    def _maybe(self, node: Expression | None) -> Expression | None:
        return None if node is None else self.expression(node)

    def expression(self, node: Expression, *, tested: bool = False) -> Expression:
        """The expression that stands in its place; `tested` when nil would do no harm there."""
        if isinstance(node, Path):
            return self._path(node, tested)
        if isinstance(node, FilteredExpression):
            return self._filtered(node)
        if isinstance(node, BooleanExpression):
            node.expression = self.expression(node.expression, tested=True)
        elif isinstance(node, LogicalNotExpression):
            node.right = self.expression(node.right, tested=True)
        elif isinstance(node, RangeLiteral):
            return WholeRange(node.token, self.expression(node.start), self.expression(node.stop))
        elif isinstance(node, (LogicalAndExpression, LogicalOrExpression)):
            node.left = self.expression(node.left, tested=True)
            node.right = self.expression(node.right, tested=True)
        elif type(node) in COMPARISONS:
            return self._comparison(node)
        return node

    def _comparison(self, node: Expression) -> Expression:
        left = self.expression(node.left, tested=True)  # type: ignore[attr-defined]  # every comparison has both
        right = self.expression(node.right, tested=True)  # type: ignore[attr-defined]
        made = COMPARISONS[type(node)] if self.ours else type(node)
        return made(node.token, left, right)  # type: ignore[call-arg]  # each takes its two sides

    def _path(self, node: Path, tested: bool) -> Path:
        node.path = [self._path(key, tested) if isinstance(key, Path) else key for key in node.path]
        if tested and self.ours and self.dialect.undefined == "default":
            return OptionalPath(node.token, node.path)
        return node

    def _filtered(self, node: FilteredExpression) -> Expression:
        filters = node.filters or []
        has_default = bool(filters) and filters[0].name == "default"
        node.left = self.expression(node.left, tested=has_default)
        for step in filters:
            for arg in step.args:
                arg.value = self.expression(arg.value)
        return node


_STEPS: dict[type[Node], Callable[..., Node]] = {
    BlockNode: Transform._block,
    OutputNode: Transform._output,
    CycleNode: Transform._cycle,
    IfNode: Transform._if,
    UnlessNode: Transform._if,
    ConditionalBlockNode: Transform._conditional,
    CaseNode: Transform._case,
    ForNode: Transform._for,
    TablerowNode: Transform._for,
    AssignNode: Transform._assign,
    CaptureNode: Transform._capture,
    LiquidNode: Transform._held,
    IfChangedNode: Transform._held,
    IncludeNode: Transform._partial,
    RenderNode: Transform._partial,
}


def weight(block: BlockNode) -> int:
    """The price of one round: one, and one for each node below."""
    total, waiting = 1, list(block.nodes)
    while waiting:
        node = waiting.pop()
        total += not isinstance(node, BlockNode)
        waiting.extend(inner(node))
    return total


def inner(node: Node) -> Iterable[Node]:
    """The nodes below a node, partials left out."""
    if isinstance(node, (IncludeNode, RenderNode)):
        return ()
    if isinstance(node, CaseNode):
        return node.blocks
    return node.children(None, include_partials=False)  # type: ignore[arg-type]  # used for partials only
