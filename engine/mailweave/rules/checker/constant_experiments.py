"""Experiments on constants: arms have values of a `let` of their own, and reach the same people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker.drawing import Draws, share_of
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.lints import conditions
from mailweave.rules.checker.literals import converted
from mailweave.rules.checker.names import article
from mailweave.rules.checker.segments import People
from mailweave.rules.checker.varying import Varied
from mailweave.rules.varied import Dependence
from mailweave.schema.types import Bool
from mailweave.source import Span


class ConstantExperiments:
    """Reads experiments on constants, before what uses these is read. What was at fault is left out."""

    def __init__(self, people: People, draws: Draws) -> None:
        self.expressions = people.expressions
        self.draws = draws
        self.findings = people.findings
        self.names = people.names

    def read(self, nodes: Iterable[n.ConstantExperiment]) -> dict[str, c.ConstantExperiment]:
        """All of them, by their names; from now on, conditions are read once for each of their arms."""
        found = [one for node in nodes if (one := self._experiment(node)) is not None]
        units = ((one, self.expressions.attribute(one.unit, one.span)) for one in found)
        self.expressions.vary({one.constant: Varied(one, unit) for one, unit in units if unit is not None})
        return {one.name: one for one in found}

    def _experiment(self, node: n.ConstantExperiment) -> c.ConstantExperiment | None:
        declared = self._constant(node.constant)
        draw = self.draws.draw(node, node.constant, is_known=declared is not None)
        if declared is None or draw is None or not isinstance(draw.split, n.ValueSplit):
            return None
        arms = [self._arm(at, arm, declared, node.constant) for at, arm in enumerate(draw.split.arms)]
        found = tuple(arm for arm in arms if arm is not None)
        if len(found) < len(arms):
            return None
        return c.ConstantExperiment(
            node.name.id,
            node.name.span,
            draw.unit,
            draw.salt,
            draw.only,
            draw.holdout,
            found,
            node.constant.id,
        )

    def _constant(self, name: n.Name) -> x.Const | None:
        """The value that is declared, of a let that is a literal."""
        self.names.used.add(name.id)
        kind, let = self.names.values.declared.get(name.id, (None, None))
        if kind is None:
            self.names.unknown("let", name.id, name.span, self.names.values.of("let"))
            return None
        if isinstance(let, n.Let) and not let.parameters:
            found = self.expressions.value(let.value)
            if found is None or isinstance(found, x.Const):
                return found
        what = article(kind)
        if isinstance(let, n.Let):
            what = "a let with parameters" if let.parameters else "computed"
        self.findings.report("MW356", name.span, name=name.id, what=what)
        return None

    def _arm(self, at: int, node: n.ValueArm, declared: x.Const, constant: n.Name) -> c.ValueArm | None:
        value: x.Const | None = declared
        if node.value is not None:
            written = self.expressions.literals.read(node.value)
            value = None if written is None else converted(written, declared.type)
            if written is not None and value is None:
                self.findings.report("MW230", node.value.span, found=written.type, wanted=declared.type)
        if value is None:
            return None
        if at and value.value == declared.value:
            self.findings.report("MW361", node.span, arm=node.name.id, constant=constant.id)
        return c.ValueArm(node.name.id, node.name.span, share_of(node), value)


def check_reach(document: c.CheckedDocument, findings: Findings) -> None:
    """Reports constants that nothing uses, and those that decide who takes part or who gets a mail."""
    if not document.content.constants:
        return
    dependence = Dependence(document)
    used = {name for condition in _conditions(document) for name in dependence.of(condition)}
    for experiment in document.content.constants.values():
        if experiment.name not in used:
            findings.report("MW360", experiment.span, constant=experiment.constant)
    for one in document.experiments.values():
        if one.only is not None and (found := dependence.of(one.only) | _named(one.only, document)):
            findings.report("MW359", one.only.span, experiment=one.name, constant=_first(found, document))
    for what, condition, span in _mailed(document):
        if found := dependence.of(condition):
            findings.report("MW358", span, constant=_first(found, document), what=what)


def _named(condition: x.Expr, document: c.CheckedDocument) -> frozenset[str]:
    """The experiments whose constants a condition names that was read before there were arms."""
    named = {each.name for each in x.walk(condition) if isinstance(each, x.Inlined)}
    return frozenset(one.name for one in document.content.constants.values() if one.constant in named)


def _conditions(document: c.CheckedDocument) -> Iterator[x.Expr]:
    yield from (condition for _, condition in conditions(document))
    yield from (skip.condition for skip in document.skips)
    yield from (one.only for one in document.experiments.values() if one.only is not None)


def _mailed(document: c.CheckedDocument) -> Iterator[tuple[str, x.Expr, Span]]:
    """What decides whether there is a mail at all."""
    for skip in document.skips:
        yield f"the skip `{skip.name}`", skip.condition, skip.span
    for trigger in document.triggers.triggers:
        what = f"the trigger `{trigger.name}`"
        if isinstance(trigger.cause, c.OnEntering):
            yield what, x.InSegment(trigger.span, Bool(), False, trigger.cause.segment), trigger.span
        for mail in trigger.mails:
            if mail.condition is not None:
                yield what, mail.condition, mail.condition.span


def _first(experiments: frozenset[str], document: c.CheckedDocument) -> str:
    """The constant of the first of some experiments."""
    return next(e.constant for name, e in document.content.constants.items() if name in experiments)
