"""Nodes from python-liquid's tree to ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import LoopExpression, Nil, StringLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.cycle_tag import CycleNode
from liquid.builtin.tags.decrement_tag import DecrementNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.ifchanged_tag import IfChangedNode
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.increment_tag import IncrementNode
from liquid.builtin.tags.liquid_tag import LiquidNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.token import TOKEN_CONTINUE

from liquid import ast
from mailweave.liquid.contexts.captures import children
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir.expressions import Const, Not, Path
from mailweave.liquid.lower.expressions import Expressions, written
from mailweave.liquid.output_escapers import Labels
from mailweave.liquid.slots import SlotNode

_MARKUP = re.compile(r"""(?:(?!-?%\})[^\s,|'"]|"[^"]*"|'[^']*')+""")  # of what a loop goes over

Bind = Callable[[IncludeNode | RenderNode], tuple[n.Tree | None, Mapping[str, n.Tree]]]


@dataclass(frozen=True, slots=True)
class Nodes:
    """Makes the nodes of one text; partials are bound through `bind`."""

    expressions: Expressions
    labels: Labels
    bind: Bind

    def of(self, nodes: Iterable[ast.Node]) -> tuple[n.Node, ...]:
        """The nodes that do something; comments do not."""
        made = (self._node(node) for node in nodes)
        return tuple(one for one in made if one is not None)

    def _block(self, node: ast.BlockNode, *, blank: bool = False) -> n.Block:
        """A block; `blank`: one of a tag that writes nothing of its own, whose white space is dropped."""
        nodes = (one for one in node.nodes if not (blank and isinstance(one, ContentNode)))
        return n.Block(self.of(nodes), node.token)

    def _node(self, node: ast.Node) -> n.Node | None:
        at, value = node.token, self.expressions.of
        match node:
            case ContentNode():
                return n.Text(node.text, at=at)
            case OutputNode():
                escape, dropped = self.labels.of(node)
                return n.Output(value(node.expression, dropped=dropped), escape, at=at)
            case IfNode() | UnlessNode():
                return self._branch(node)
            case CaseNode():
                subject = value(node.expression, tested=True)
                arms = tuple(self._when(one, blank=node.blank) for one in node.blocks)
                return n.Case(subject, arms, at)
            case ForNode() | TablerowNode():
                return self._loop(node)
            case AssignNode():
                return n.Assign(str(node.name), value(node.expression), at)
            case CaptureNode():
                return n.Capture(str(node.name), self._block(node.block), self.labels.is_html(node), at)
            case LiquidNode():
                return self._block(node.block)
            case IfChangedNode():
                return n.IfChanged(self._block(node.block), at)
            case IncrementNode() | DecrementNode():
                return n.Count(str(node.name), isinstance(node, IncrementNode), at)
            case CycleNode():
                return self._cycle(node)
            case BreakNode() | ContinueNode():
                return n.Interrupt("break" if isinstance(node, BreakNode) else "continue", at)
            case IncludeNode() | RenderNode():
                return self._call(node)
            case SlotNode():
                return n.Slot(node.name, at=at)
            case ast.BlockNode():
                return self._block(node)
            case _:  # a node of the library that writes nothing
                return None

    def _branch(self, node: IfNode | UnlessNode) -> n.Branch:
        test, block = self.expressions.of(node.condition, tested=True), partial(self._block, blank=node.blank)
        arms = [n.Arm(Not(test) if isinstance(node, UnlessNode) else test, block(node.consequence))]
        for one in node.alternatives:
            arms.append(n.Arm(self.expressions.of(one.expression, tested=True), block(one.block)))
        if node.default is not None:
            arms.append(n.Arm(None, block(node.default)))
        return n.Branch(tuple(arms), node.token)

    def _when(self, node: MultiExpressionBlockNode | ast.BlockNode, *, blank: bool) -> n.When:
        if isinstance(node, MultiExpressionBlockNode):
            values = map(self.expressions.side, node.expression.expressions)
            return n.When(tuple(values), self._block(node.block, blank=blank))
        return n.When(None, self._block(node, blank=blank))

    def _loop(self, node: ForNode | TablerowNode) -> n.Loop:
        loop, maybe = node.expression, self.expressions.maybe
        continues = loop.offset is not None and loop.offset.token.kind == TOKEN_CONTINUE
        table, otherwise = isinstance(node, TablerowNode), getattr(node, "default", None)
        return n.Loop(
            loop.identifier,
            self.expressions.of(loop.iterable),
            self._block(node.block, blank=not table and node.blank),
            None if otherwise is None else self._block(otherwise, blank=node.blank),
            limit=maybe(loop.limit),
            offset=None if continues else maybe(loop.offset),
            columns=maybe(loop.cols) if table else None,
            continues=continues and not table,
            backwards=not table and loop.reversed,
            table=table,
            title="" if table else _title(loop),
            weight=weight(node.block),
            at=node.token,
        )

    def _cycle(self, node: CycleNode) -> n.Cycle:
        """A cycle without a name counts by its texts and numbers or, when it names variables, alone.

        A literal nil is dropped, as in Ruby."""
        values = [one for one in node.args if not isinstance(one, Nil)] or node.args
        made = tuple(map(self.expressions.of, values))
        group = self.expressions.maybe(node.group)
        named = any(isinstance(one, Path) for one in made)
        words = [one.written for one in made if isinstance(one, Const)]
        key = f"\0{node.token.start_index}" if named else "\0" + "\0".join(words)
        return n.Cycle(key, group, made, self.labels.of(node)[0], node.token)

    def _call(self, node: IncludeNode | RenderNode) -> n.Call:
        tree, choices = self.bind(node)
        called = called_name(node)
        key = str(node.alias) if node.alias else n.called_as(called)
        isolated = isinstance(node, RenderNode)
        arguments: list[Any] = node.args
        return n.Call(
            self.expressions.of(node.name),  # type: ignore[arg-type]  # no snippets
            key,
            self.expressions.maybe(node.var),
            isolated and node.loop,  # type: ignore[union-attr]  # a `render` has it
            self.expressions.arguments(arguments),
            isolated,
            tree,
            choices,
            called,
            name_at=node.name.token,
            at=node.token,
        )


def called_name(node: IncludeNode | RenderNode) -> str:
    """The name of the partial that a node asks for, when it is written out; else an empty text."""
    return str(node.name.value) if isinstance(node.name, StringLiteral) else ""


def _title(loop: LoopExpression) -> str:
    """What a loop is called, and what `offset: continue` remembers by."""
    found = _MARKUP.match(loop.iterable.token.source, loop.iterable.token.start_index)
    is_whole = found is not None and found[0].count("(") == found[0].count(")")
    return f"{loop.identifier}-{found[0] if found is not None and is_whole else written(loop.iterable)}"


def weight(block: ast.BlockNode) -> int:
    """The price of one round: one, and one for each node below, those of partials left out."""
    total, waiting = 1, list(block.nodes)
    while waiting:
        node = waiting.pop()
        total += not isinstance(node, ast.BlockNode)
        waiting.extend(children(node))
    return total
