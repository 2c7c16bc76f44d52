"""`if`, `unless` and `case`: as statements, or inside an expression where a branch only writes."""

from __future__ import annotations

from collections.abc import Sequence

from mailweave.liquid.emit.conditions import condition, metered
from mailweave.liquid.emit.emission import NOTHING, Emission, joined
from mailweave.liquid.emit.expressions import value
from mailweave.liquid.ir.nodes import Branch, Case, Choice, Interrupt
from mailweave.liquid.ir.walk import reached


def branch(e: Emission, node: Branch) -> None:
    """A statement."""
    e.flush()
    before, after = set(e.unit.sure), []
    for position, arm in enumerate(node.arms):
        e.unit.sure = set(before)
        test = "" if arm.test is None else ("elif " if position else "if ") + condition(e, arm.test)
        with e.writer.block(f"{test or 'else'}:"):
            e.block(arm.body)
        after.append(e.unit.sure)
    e.unit.sure = set.intersection(*after) if node.arms[-1].test is None else before


def choice(e: Emission, node: Choice) -> None:
    """An expression for each text; the second reads what the first found."""
    sinks, before, after = e.open_sinks(node.part), set(e.unit.sure), []
    tests = ["" if arm.test is None else condition(e, arm.test) for arm in node.arms]
    made: list[list[str]] = []
    for arm in node.arms:
        e.unit.sure = set(before)
        made.append([joined(one) for one in e.taken(node.part, arm.body)])
        after.append(e.unit.sure)
    e.unit.sure = before if tests[-1] else set.intersection(*after)
    written = [(sink, codes) for sink, *codes in zip(sinks, *made, strict=True)]
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
    left, none_yet, hits = (e.temporary() for _ in range(3))
    write, before = e.writer.write, set(e.unit.sure)
    write(f"{none_yet} = True")
    for arm in node.arms:
        e.unit.sure = set(before)
        if arm.values is None:
            with e.writer.block(f"if {none_yet}:"):
                e.block(arm.body)
            continue
        write(f"{left} = {value(e, node.subject)}")
        tests = [metered(e, f"eq({left}, {value(e, one)}") for one in arm.values]
        write(f"{hits} = " + " + ".join(f"bool({test})" for test in tests))
        repeats = len(tests) > 1
        if repeats and any(isinstance(one, Interrupt) for one in reached(arm.body.nodes)):
            write(f"if {hits} > 1: lost()")
            repeats = False
        with e.writer.block(f"for once in range({hits}):" if repeats else f"if {hits}:"):
            write(f"{none_yet} = False")
            e.block(arm.body)
    e.unit.sure = before
