"""`if`, `unless` and `case`: as statements, or inside an expression where a branch only writes."""

from __future__ import annotations

from collections.abc import Sequence

from mailweave.liquid.emit.emission import NOTHING, Emission, joined
from mailweave.liquid.emit.expressions import compared, condition
from mailweave.liquid.ir.expressions import Compare
from mailweave.liquid.ir.nodes import Branch, Case, Interrupt
from mailweave.liquid.ir.walk import only_writes, reached


def branch(e: Emission, node: Branch) -> None:
    """The first arm whose test holds."""
    if only_writes(node):
        _choice(e, node)
        return
    e.flush()
    before, after = set(e.unit.sure), []
    for position, arm in enumerate(node.arms):
        e.unit.sure = set(before)
        test = "" if arm.test is None else ("elif " if position else "if ") + condition(e, arm.test)
        with e.writer.block(f"{test or 'else'}:"):
            e.block(arm.body)
        after.append(e.unit.sure)
    e.unit.sure = set.intersection(*after) if node.arms[-1].test is None else before


def _choice(e: Emission, node: Branch) -> None:
    """An expression for each text; the second reads what the first found."""
    tests = ["" if arm.test is None else condition(e, arm.test) for arm in node.arms]
    made = [[joined(one) for one in e.taken(arm.body)] for arm in node.arms]
    written = list(zip(e.sinks.values(), zip(*made, strict=True), strict=True))
    texts = [(sink, codes) for sink, codes in written if set(codes) != {NOTHING}]
    texts = texts or written[:1]  # the tests are made all the same
    answers = tests
    if len(texts) > 1:
        answers = [e.temporary() if test else "" for test in tests]
        tests = [f"({name} := {test})" if test else "" for name, test in zip(answers, tests, strict=True)]
    for sink, codes in texts:
        sink.pending.append((False, _choosing(tests, codes)))
        tests = answers


def _choosing(tests: Sequence[str], codes: Sequence[str]) -> str:
    """The code behind the first test that holds; the last may stand without a test."""
    *cases, (last_test, last) = zip(tests, codes, strict=True)
    otherwise = f"{last} if {last_test} else {NOTHING}" if last_test else last
    return f"({''.join(f'{code} if {test} else ' for test, code in cases)}{otherwise})"


def case(e: Emission, node: Case) -> None:
    """Every `when` that holds is written, each as often as it holds; `else` when none did so far."""
    e.flush()
    none_yet, before = e.held("True"), set(e.unit.sure)
    for arm in node.arms:
        e.unit.sure = set(before)
        tests = [f"bool({compared(e, Compare('==', node.subject, one))})" for one in arm.values or ()]
        hits = e.held(" + ".join(tests) or none_yet)
        repeats = len(tests) > 1
        if repeats and any(isinstance(one, Interrupt) for one in reached(arm.body.nodes)):
            e.writer.write(f"if {hits} > 1: lost()")
            repeats = False
        with e.writer.block(f"for once in range({hits}):" if repeats else f"if {hits}:"):
            if tests:
                e.writer.write(f"{none_yet} = False")
            e.block(arm.body)
    e.unit.sure = before
