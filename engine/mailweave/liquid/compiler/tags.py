"""Every tag: which method emits it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from liquid.ast import BlockNode, IllegalNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
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
from liquid.expression import Expression

from mailweave.liquid.compiler.core import NotCompilable, Sink
from mailweave.liquid.compiler.partials import Partials
from mailweave.liquid.compiler.usage import paths, reached
from mailweave.liquid.slots import SlotNode
from mailweave.liquid.tree.nodes import HtmlCapture
from mailweave.liquid.tree.partial_nodes import BoundInclude, BoundRender

Arm = tuple[str, BlockNode]


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
        self.needs.add("slots")
        self.put(f"ready({self.slots}, {node.name!r})")

    # --- conditions ---

    def _if(self, node: IfNode | UnlessNode) -> None:
        arms = list(self._arms(node))
        if not arms:
            return
        if arms[0][0] == "":
            self.nodes_of(arms[0][1])
            return
        self.flush()
        before, after = set(self.unit.sure), []
        for position, (condition, block) in enumerate(arms):
            word = "if" if position == 0 else "elif"
            self.unit.sure = set(before)
            with self.writer.block(f"{word} {condition}:" if condition else "else:"):
                self.block(block)
            after.append(self.unit.sure)
        complete = arms[-1][0] == ""
        self.unit.sure = set.intersection(*after) if complete else before

    def _arms(self, node: IfNode | UnlessNode) -> Iterable[Arm]:
        """The branches that may be taken; one that is always taken is the last, without a condition."""
        branches: list[tuple[Expression, BlockNode]] = [(node.condition, node.consequence)]
        branches += [(other.expression, other.block) for other in node.alternatives]
        for position, (expression, block) in enumerate(branches):
            code = self.condition(expression)
            if position == 0 and isinstance(node, UnlessNode):
                code = {"True": "False", "False": "True"}.get(code, f"not {code}")
            if code == "True":
                yield "", block
                return
            if code != "False":
                yield code, block
        if node.default is not None:
            yield "", node.default

    def _case(self, node: CaseNode) -> None:
        self.flush()
        before = set(self.unit.sure)
        if self._is_choice(node):
            self._choice(node)
        else:
            self._cascade(node)
        self.unit.sure = before

    def _is_choice(self, node: CaseNode) -> bool:
        """Whether at most one `when` can hold: they name different texts, and only the last is `else`."""
        seen: list[str] = []
        for position, block in enumerate(node.blocks):
            if not isinstance(block, MultiExpressionBlockNode):
                return position == len(node.blocks) - 1
            for wanted in block.expression.expressions:
                known, value = self.folder.known(wanted, self.unit)
                if not known or type(value) is not str or value in seen:
                    return False
                seen.append(value)
        return True

    def _choice(self, node: CaseNode) -> None:
        word, before = "if", set(self.unit.sure)
        for block in node.blocks:
            if isinstance(block, MultiExpressionBlockNode):
                wanted = block.expression.expressions
                test = " or ".join(self.equal(node.expression, one) for one in wanted)
                with self.writer.block(f"{word} {test}:"):
                    self.block(block.block)
                word = "elif"
            elif word == "if":
                self.nodes_of(block)
            else:
                with self.writer.block("else:"):
                    self.block(block)
            self.unit.sure = set(before)

    def _cascade(self, node: CaseNode) -> None:
        """Every `when` that holds is written, each as often as it holds; `else` when none did so far."""
        left, none_yet, hits = (self.temporary() for _ in range(3))
        self.writer.write(f"{none_yet} = True")
        before = set(self.unit.sure)
        for block in node.blocks:
            self.unit.sure = set(before)
            if not isinstance(block, MultiExpressionBlockNode):
                with self.writer.block(f"if {none_yet}:"):
                    self.block(block)
                continue
            self.writer.write(f"{left} = {self.tested(node.expression)}")
            tests = [
                self.metered_test(f"eq({left}, {self.tested(one)}") for one in block.expression.expressions
            ]
            self.writer.write(f"{hits} = " + " + ".join(f"bool({test})" for test in tests))
            repeats = len(tests) > 1
            if repeats and any(
                isinstance(one, (BreakNode, ContinueNode)) for one in reached(block.block.nodes)
            ):
                self.writer.write(f"if {hits} > 1: lost()")
                repeats = False
            with self.writer.block(f"for once in range({hits}):" if repeats else f"if {hits}:"):
                self.writer.write(f"{none_yet} = False")
                self.block(block.block)

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
