"""In which step of a query each name is known.

Step 0 is the recipient as it comes. An aggregate, a segment or a tier is known one step after what it reads;
a query has one relation of recipients for each step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mailweave.rules import typed
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.sql.aggregates import Aggregate, Question

AGGREGATES = (typed.EventAggregate, typed.ListAggregate, typed.Exists)


@dataclass(slots=True)
class Steps:
    """The steps of a text, for the expressions that are asked of it."""

    questions: dict[Aggregate, Question] = field(default_factory=dict)
    asked: dict[Aggregate, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    computed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: CheckedDocument, others: Iterable[typed.Expr]) -> Steps:
        """Steps of all segments and tiers, and of what `others` read."""
        scores = document.schema.scores.values()
        steps = cls(computed=frozenset(score.name for score in scores if score.computed is not None))
        for name in document.order:
            steps.names[name] = 1 + max(steps.step(expr) for expr in _conditions(document, name))
            within = document.segments[name].within if name in document.segments else None
            if within is not None:
                steps.names[name] = max(steps.names[name], 1 + steps.names[within])
        for expr in others:
            steps.step(expr)
        return steps

    @property
    def last(self) -> int:
        return max((0, *self.names.values(), *self.asked.values(), *([1] if self.computed else [])))

    def step(self, expr: typed.Expr) -> int:
        """The first step at which an expression can be answered; the aggregates in it are taken down."""
        if isinstance(expr, AGGREGATES):
            return self._aggregate(expr)
        match expr:
            case typed.InSegment(name=name) | typed.TierValue(name=name):
                return self.names[name]
            case typed.ScoreValue(name=name):
                return int(name in self.computed)
            case _:  # by what stands below
                return max((self.step(below) for below in typed.children(expr)), default=0)

    def _aggregate(self, expr: Aggregate) -> int:
        if expr not in self.asked:
            where = None if isinstance(expr, typed.Exists) else expr.where
            self.asked[expr] = 1 + (0 if where is None else self.step(where))
            self.questions[expr] = Question(expr, len(self.questions) + 1)
        return self.asked[expr]

    def asked_at(self, step: int) -> dict[str, list[Question]]:
        """The aggregates that are answered in a step, by source."""
        found: dict[str, list[Question]] = {}
        for expr, at in self.asked.items():
            if at == step:
                question = self.questions[expr]
                found.setdefault(question.source, []).append(question)
        return found

    def named_at(self, step: int) -> list[str]:
        return [name for name, at in self.names.items() if at == step]


def _conditions(document: CheckedDocument, name: str) -> tuple[typed.Expr, ...]:
    if name in document.segments:
        return (document.segments[name].condition,)
    return tuple(member.condition for member in document.tiers[name].members)
