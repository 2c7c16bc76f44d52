"""Every tag: which method emits it."""

from __future__ import annotations

from collections.abc import Callable

from liquid.ast import BlockNode, IllegalNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode
from liquid.builtin.tags.comment_tag import CommentNode
from liquid.builtin.tags.cycle_tag import CycleNode
from liquid.builtin.tags.decrement_tag import DecrementNode
from liquid.builtin.tags.doc_tag import DocNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.ifchanged_tag import IfChangedNode
from liquid.builtin.tags.increment_tag import IncrementNode
from liquid.builtin.tags.liquid_tag import LiquidNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode

from mailweave.liquid.compiler.core import Sink
from mailweave.liquid.compiler.partials import Partials
from mailweave.liquid.compiler.usage import paths, reached
from mailweave.liquid.compiler.writer import NotCompilable
from mailweave.liquid.slots import SlotNode
from mailweave.liquid.tree.nodes import HtmlCapture
from mailweave.liquid.tree.partial_nodes import BoundInclude, BoundRender


class Tags(Partials):
    """Emits any node."""

    slots = "slots"  # the variable that holds what stands in slots

    def node(self, node: Node) -> None:
        if not self.units[1:] and not self.included:
            self.writer.line = self.line_of(node)
        for kind in type(node).__mro__:
            emit = _EMITTERS.get(kind)
            if emit is not None:
                emit(self, node)
                return
        raise NotCompilable(type(node).__name__)

    def line_of(self, node: Node) -> int:
        """The line of the template that a node stands on."""
        at = node.token.start_index if node.token is not None else -1
        return self.writer.line if at < 0 else self.locate(at)

    def locate(self, offset: int) -> int:
        raise NotImplementedError

    def _content(self, node: ContentNode) -> None:
        self.put_text(node.text)

    def _skipped(self, node: Node) -> None:
        """Comments."""

    def _liquid(self, node: LiquidNode) -> None:
        self.nodes_of(node.block)

    def _slot(self, node: SlotNode) -> None:
        self.flush()
        sink = self.sinks[-1]
        if sink is not None:
            self.needs.add("slots")
            t, slots, name = self.temporary(), self.slots, repr(node.name)
            is_ready = f"type({slots}) is dict and type({t} := {slots}.get({name})) is list"
            self.writer.write(f"{sink.name}.extend({t} if {is_ready} else pieces({slots}, {name}))")

    # --- variables ---

    def _assign(self, node: AssignNode) -> None:
        self.flush()
        name = str(node.name)
        code = self.value(node.expression)
        self.writer.write(f"{self.local_name(name)} = {code}")
        self.unit.sure.add(name)

    def _capture(self, node: CaptureNode) -> None:
        text = self._held(node.block)
        name = str(node.name)
        made = f"Html({text})" if isinstance(node, HtmlCapture) else text
        self.writer.write(f"{self.local_name(name)} = {made}")
        self.unit.sure.add(name)

    def _held(self, block: BlockNode) -> str:
        """Write a block into a text of its own; the variable that holds it."""
        self.flush()
        sink = Sink(self.names.fresh("held"), True)
        write = self.writer.write
        write(f"{sink.name} = []; {sink.name}_add = {sink.name}.append")
        at = len(self.writer.lines)
        self.sinks.append(sink)
        self.block(block)
        self.sinks.pop()
        if sink.counter in self.needs:
            self.insertions.append((at, [f"{sink.counter} = 0"]))
        text = self.temporary()
        write(f"{text} = join({sink.name})")
        write(f"meter.allocate(len({text}))")
        self.needs.add("meter")
        return text

    def _if_changed(self, node: IfChangedNode) -> None:
        text, last = self._held(node.block), self.state("changed")
        with self.writer.block(f"if {text} != {last}:"):
            self.writer.write(f"{last} = {text}")
            self.put(text)
            self.flush()

    def _count(self, node: IncrementNode | DecrementNode) -> None:
        step = "up" if isinstance(node, IncrementNode) else "down"
        self.flush()
        text = self.temporary()
        self.writer.write(f"{text} = {step}({self.state('counters')}, {str(node.name)!r})")
        self.put(text)

    def _break(self, node: Node) -> None:
        self.interrupt_or_refuse("break")

    def _continue(self, node: Node) -> None:
        self.interrupt_or_refuse("continue")

    def interrupt_or_refuse(self, word: str) -> None:
        if self.barriers:
            raise NotCompilable("a loop that is left from a partial")
        self.interrupt(word)

    def may_unroll(self, block: BlockNode) -> bool:
        """Whether the rounds of a loop may be written out one by one."""
        awkward = (BreakNode, ContinueNode, BoundInclude, BoundRender, CaptureNode, AssignNode, CycleNode)
        nodes = list(reached(block.nodes))
        if len(nodes) > 40 or any(isinstance(node, (*awkward, ForNode, TablerowNode)) for node in nodes):
            return False
        return not any(path.path[:2] == ["forloop", "parentloop"] for path in paths(block))


_EMITTERS: dict[type, Callable[..., None]] = {
    ContentNode: Tags._content,
    OutputNode: Tags.output,
    CycleNode: Tags.cycle,
    CommentNode: Tags._skipped,
    DocNode: Tags._skipped,
    IllegalNode: Tags._skipped,
    LiquidNode: Tags._liquid,
    BlockNode: Tags.block,
    IfNode: Tags._if,
    UnlessNode: Tags._if,
    CaseNode: Tags._case,
    ForNode: Tags.for_,
    TablerowNode: Tags.tablerow,
    AssignNode: Tags._assign,
    CaptureNode: Tags._capture,
    IfChangedNode: Tags._if_changed,
    IncrementNode: Tags._count,
    DecrementNode: Tags._count,
    BreakNode: Tags._break,
    ContinueNode: Tags._continue,
    BoundRender: Tags.render,
    BoundInclude: Tags.include,
    SlotNode: Tags._slot,
}
