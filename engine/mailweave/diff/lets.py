"""Lets whose meaning changed: those without parameters that some rule uses; of others, whoever uses them tells."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mailweave.diff.changes import RuleChange
from mailweave.diff.claims import Words
from mailweave.diff.judge import Judge, Verdict
from mailweave.diff.records import judged
from mailweave.diff.structure import Structure
from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.prover.questions import Question
from mailweave.rules.wording import spoken
from mailweave.schema.types import Bool


def let_changes(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    """Every let of both texts that is not as it was."""
    old, new = _used(structure.old), _used(structure.new)
    for name in old:
        if name in new and not structure.same(old[name], new[name]):
            compared = _conditions if isinstance(old[name].type, Bool) else _values
            through = structure.changed_reads(old[name])
            kept = through if structure.written_alike(old[name], new[name]) else ()
            found = compared(judge, old[name], new[name])
            yield judged("let", name, found, spoken(old[name]), spoken(new[name]), kept)


def _used(document: c.CheckedDocument) -> dict[str, x.Expr]:
    plain = {
        each.name.id
        for each in document.document.statements
        if isinstance(each, n.Let) and not each.parameters
    }
    found: dict[str, x.Expr] = {}
    for root in conditions(document):
        for part in x.walk(root):
            if isinstance(part, x.Inlined) and part.name in plain:
                found.setdefault(part.name, part.value)
    return found


def conditions(document: c.CheckedDocument) -> Iterator[x.Expr]:
    """Every condition and rank of a text."""
    yield from (segment.condition for segment in document.segments.values())
    yield from (member.condition for tier in document.tiers.values() for member in tier.members)
    yield from (skip.condition for skip in document.skips)
    content = document.content
    yield from (condition for block in content.blocks.values() for condition in block.requires)
    yield from (each.condition for each in content.overrides if each.condition is not None)
    yield from (each.only for each in document.experiments.values() if each.only is not None)
    for matrix in content.matrices:
        for row in (*matrix.rows, matrix.otherwise):
            yield from (cell.score for cell in row.cells if cell is not None and cell.score is not None)


def _conditions(judge: Judge, old: x.Expr, new: x.Expr) -> Verdict:
    true = judge.compare(lambda words: words.condition(old), lambda words: words.condition(new))
    if not true.is_same:
        return true
    return judge.compare(partial(_is_false, expr=old), partial(_is_false, expr=new))


def _is_false(words: Words, expr: x.Expr) -> Question:
    return words.condition(x.Not(expr.span, Bool(), expr.optional, expr))


def _values(judge: Judge, old: x.Expr, new: x.Expr) -> Verdict:
    """Values that differ: the two stand in one question, which the union answers."""
    if old.type != new.type:
        return Verdict(undecided=(f"it was {old.type} and is {new.type}",))
    return judge.differing(old, new)
