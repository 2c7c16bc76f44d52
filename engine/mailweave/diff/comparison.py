"""Everything that a change of a campaign means."""

from __future__ import annotations

from dataclasses import dataclass

from mailweave.diff.changes import Declaration, RuleChange, TextChange
from mailweave.diff.choices import choice_changes
from mailweave.diff.declarations import declaration_changes
from mailweave.diff.experiments import experiment_changes
from mailweave.diff.judge import Judge
from mailweave.diff.rules import rule_changes
from mailweave.diff.sides import Side
from mailweave.diff.structure import Structure
from mailweave.diff.texts import text_changes
from mailweave.diff.triggers import trigger_changes
from mailweave.diff.union import union
from mailweave.diff.wait_experiments import wait_experiment_changes
from mailweave.rules.prover.default_values import NOW
from mailweave.rules.prover.solver import BUDGET
from mailweave.schema.model import Schema


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from `old` to `new`, both as people named them.

    rewritten: rules that are written otherwise and proved to mean the same.
    """

    old: str
    new: str
    rules: tuple[RuleChange, ...]
    rewritten: tuple[RuleChange, ...]
    declarations: tuple[Declaration, ...]
    texts: tuple[TextChange, ...]
    schema: Schema
    """What either declares: with it examples are put into words."""

    @property
    def is_meant(self) -> bool:
        """Whether somebody is treated otherwise than before, or might be."""
        return bool(self.declarations or self.texts or any(change.is_meant for change in self.rules))


def compare(old: Side, new: Side, *, now: int = NOW, budget: int = BUDGET) -> Comparison:
    """What a change means. now: the moment of the decisions of examples, in microseconds since 1970. budget:
    milliseconds for one question; what takes longer is told as undecided."""
    judge = Judge(union(old.document, new.document), now, budget)
    structure = Structure(old.document, new.document)
    found = [
        *rule_changes(judge, structure),
        *choice_changes(judge, structure),
        *experiment_changes(judge, structure),
        *trigger_changes(judge, structure),
        *wait_experiment_changes(judge, structure),
    ]
    same = tuple(change for change in found if change.status == "rewritten" and change.old != change.new)
    rules = tuple(change for change in found if change.status != "rewritten")
    declared = declaration_changes(old.document.schema, new.document.schema)
    schema = judge.union.document.schema
    return Comparison(old.label, new.label, rules, same, declared, text_changes(old, new), schema)
