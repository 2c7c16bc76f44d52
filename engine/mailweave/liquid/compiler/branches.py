"""`if`, `unless` and `case`: as statements, or inside an expression where a branch only writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from liquid.ast import BlockNode, Node
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression

from mailweave.liquid.compiler.core import NOTHING, Sink, joined
from mailweave.liquid.compiler.loops import Loops
from mailweave.liquid.compiler.usage import blocks, only_writes, reached

Arm = tuple[str, BlockNode]
_MOST_ARMS = 12  # of one expression


class Branches(Loops):
    """Emits branching tags."""

    # --- inside an expression ---

    def inlines(self, node: Node) -> bool:
        """Whether a tag is written as part of the text around it: its branches write, and do nothing else."""
        return self.sinks[-1] is not None and only_writes(node) and self.expressible([node])

    def expressible(self, nodes: list[Node]) -> bool:
        """Whether the branching tags among nodes, and within them, have one answer each that is not too long."""
        branching = [one for one in reached(nodes) if blocks(one)]
        return all(
            len(blocks(one)) <= _MOST_ARMS and (not isinstance(one, CaseNode) or self._is_choice(one))
            for one in branching
        )

    def open_sinks(self) -> list[Sink]:
        """Where the branches write."""
        return [sink for sink in self.sinks[-1:] if sink is not None]

    def _inline(self, arms: Sequence[Arm]) -> None:
        sinks, before, after = self.open_sinks(), set(self.unit.sure), []
        made: list[list[str]] = []
        for _, block in arms:
            self.unit.sure = set(before)
            made.append(self._set_apart(block, sinks))
            after.append(self.unit.sure)
        tests = [test for test, _ in arms]
        self.unit.sure = before if tests[-1] else set.intersection(*after)
        written = [(sink, codes) for sink, *codes in zip(sinks, *made, strict=True)]
        texts = [(sink, codes) for sink, codes in written if set(codes) != {NOTHING}]
        texts = texts or written[:1]  # the tests are made all the same
        if len(texts) > 1:  # the second reads what the first found
            answers = [self.temporary() if test else "" for test in tests]
            asked = [f"({name} := {test})" if test else "" for name, test in zip(answers, tests, strict=True)]
        else:
            asked, answers = tests, tests
        for sink, codes in texts:
            sink.pending.append((False, _choosing(asked, codes)))
            asked = answers

    def _set_apart(self, block: BlockNode, sinks: Sequence[Sink]) -> list[str]:
        """What a block writes into each sink, as an expression."""
        kept = [sink.pending for sink in sinks]
        for sink in sinks:
            sink.pending = []
        self.writer.closed += 1
        self.block(block)
        self.writer.closed -= 1
        made = [joined(sink.pending) for sink in sinks]
        for sink, pending in zip(sinks, kept, strict=True):
            sink.pending = pending
        return made

    # --- as statements ---

    def _if(self, node: IfNode | UnlessNode) -> None:
        arms = list(self._arms(node))
        if not arms:
            return
        if arms[0][0] == "":
            self.nodes_of(arms[0][1])
            return
        if self.inlines(node):
            self._inline(arms)
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
        is_choice = self._is_choice(node)
        if is_choice and self.inlines(node):
            self._inline(list(self._choices(node)))
            return
        self.flush()
        before = set(self.unit.sure)
        if is_choice:
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

    def _choices(self, node: CaseNode) -> Iterable[Arm]:
        """The branches of a choice, each with its condition; `else` has none."""
        for block in node.blocks:
            if isinstance(block, MultiExpressionBlockNode):
                wanted = block.expression.expressions
                yield " or ".join(self.equal(node.expression, one) for one in wanted), block.block
            else:
                yield "", block

    def _choice(self, node: CaseNode) -> None:
        word, before = "if", set(self.unit.sure)
        for test, block in self._choices(node):
            if not test and word == "if":
                self.nodes_of(block)
            else:
                with self.writer.block(f"{word} {test}:" if test else "else:"):
                    self.block(block)
            word = "elif"
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


def _choosing(tests: Sequence[str], codes: Sequence[str]) -> str:
    """The code behind the first test that holds; the last may stand without a test."""
    *cases, (last_test, last) = zip(tests, codes, strict=True)
    otherwise = f"{last} if {last_test} else {NOTHING}" if last_test else last
    return f"({''.join(f'{code} if {test} else ' for test, code in cases)}{otherwise})"
