"""Notes: what holds, but may surprise. They never fail a check."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.names import Names
from mailweave.rules.checker.nullability import NONE, known, sources, unknown
from mailweave.rules.checker.segments import spoken

_MOST = 50


def add(checked: c.CheckedDocument, names: Names, findings: Findings) -> None:
    """Adds the notes on a document."""
    surprises = Lints(findings)
    for name, condition in conditions(checked):
        surprises.look(name, condition)
        _quotients(condition, findings)
    _unused(checked, names, findings)


def conditions(checked: c.CheckedDocument) -> Iterator[tuple[str, x.Expr]]:
    """Every condition of a document, with the name it belongs to."""
    for segment in checked.segments.values():
        yield segment.name, segment.condition
    for tier in checked.tiers.values():
        for member in tier.members:
            yield member.name, member.condition
    for block in checked.content.blocks.values():
        for condition in block.requires:
            yield block.name, condition
    for override in checked.content.overrides:
        if override.condition is not None:
            yield override.winner, override.condition
    for trigger in checked.triggers.triggers:
        for mail in trigger.mails:
            if mail.condition is not None:
                yield mail.name, mail.condition


class Lints:
    """`!=` and `not` over what may be missing, unless the author asks whether it is known."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.seen: set[int] = set()
        self.kept: list[x.Expr] = []

    def look(self, name: str, expr: x.Expr, asked: frozenset[x.Expr] = NONE) -> None:
        """Notes the surprises in an expression; `asked` holds what `is known` and `is unknown` cover."""
        if not expr.optional or len(self.seen) >= _MOST:
            return
        expr = x.bare(expr)
        if isinstance(expr, x.And | x.Or):
            asked |= known(expr.terms) if isinstance(expr, x.And) else unknown(expr.terms)
        elif _turns(expr):
            self._note(expr, sources(expr) - asked)
            return
        for child in expr.conditions if isinstance(expr, x.ByArm) else x.children(expr):
            self.look(name, child, asked)

    def _note(self, expr: x.Expr, missing: frozenset[x.Expr]) -> None:
        shown = sorted({spoken(each) for each in missing if not isinstance(each, x.Arithmetic)})
        if not shown or id(expr) in self.seen:
            return
        self.seen.add(id(expr))
        self.kept.append(expr)
        self.findings.report("MW291", expr.span, missing=" or ".join(shown), first=shown[0].strip("`"))


def _quotients(condition: x.Expr, findings: Findings) -> None:
    """Notes where a quotient must equal a value: `/` does not cut off its fraction."""
    for expr in x.walk(condition):
        if isinstance(expr, x.Compare) and expr.op in ("==", "!="):
            sides = (x.bare(side) for side in (expr.left, expr.right))
            if any(isinstance(side, x.Arithmetic) and side.op == "/" for side in sides):
                findings.report("MW295", expr.span)


def _turns(expr: x.Expr) -> bool:
    if isinstance(expr, x.Not):
        return not isinstance(x.bare(expr.term), x.Known)
    return isinstance(expr, x.Compare) and expr.op == "!="


def _unused(checked: c.CheckedDocument, names: Names, findings: Findings) -> None:
    if findings.failed:
        return  # what was left out might have used them
    kinds = ["let", "lookup"]
    if checked.content.matrices:
        kinds += ["segment", "tier"]
    for name in names.values.of(*kinds):
        kind, node = names.values.declared[name]
        if name not in names.used:
            findings.report("MW292", node.name.span, kind=kind, name=name)  # type: ignore[attr-defined]
    for name in names.content.of("block"):
        if "block." + name not in names.used:
            node = names.content.declared[name][1]
            findings.report("MW391", node.name.span, name=name)  # type: ignore[attr-defined]
