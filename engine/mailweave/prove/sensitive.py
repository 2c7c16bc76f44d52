"""Pairs of recipients who differ in a sensitive attribute alone, and get different offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from mailweave.decisions import DecisionProgram, Selection, Skip
from mailweave.diagnostics import Diagnostic, Related, diagnose
from mailweave.prove.bucketing import placed, selected
from mailweave.rules import typed as x
from mailweave.rules.nodes import Profile
from mailweave.rules.prover.columns import Column, Columns
from mailweave.rules.prover.default_values import normal, plain
from mailweave.rules.prover.prover import Answer, Found, Prover, Undecided
from mailweave.rules.prover.questions import AllOf, Holds, NotSo, Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.stated_conditions import places
from mailweave.rules.prover.twins import Twins
from mailweave.schema import types as t
from mailweave.source import Span

_MAIL = "mail"
_MOST_BASES = 40  # recipients whose attribute is varied where a computed rank decides

Pair = tuple[Recipient, Recipient]


def unequal_offers(program: DecisionProgram, prover: Prover) -> Iterator[Diagnostic]:
    """An error for each sensitive attribute and each slot in which it decides alone, with both recipients."""
    for attribute in program.program.schema.profile.values():
        if attribute.sensitive:
            yield from _Search(program, prover, attribute).found()


@dataclass(slots=True)
class _Search:
    """The search for pairs that differ in one attribute."""

    program: DecisionProgram
    prover: Prover
    attribute: t.Field
    twins: Twins = field(init=False)
    asked: Prover = field(init=False)
    columns: Columns = field(init=False)

    def __post_init__(self) -> None:
        document = self.prover.document
        self.twins, self.columns = Twins(document, self.attribute), Columns(document)
        self.asked = Prover(
            self.twins.document, self.prover.now, self.prover.budget, with_smt=self.prover.with_smt
        )

    def found(self) -> Iterator[Diagnostic]:
        """One finding for a place, that it differs or that it may."""
        told: set[str] = set()
        questions = list(self._questions())
        for place, question in questions:
            for finding in () if place in told else self._asked(place, question):
                told.add(place)
                yield finding
        asked = {place for place, _ in questions}
        for column in self.columns.columns.values():
            name = column.slot.name
            is_open = not column.is_exact and (name in asked or self._is_ranked_by_it(column))
            if is_open and name not in told:
                pair = self._varied(name)
                why = "a computed rank or what was sent decides"
                yield self._undecided(name, why) if pair is None else self._report(name, pair)

    def _asked(self, place: str, question: Question) -> Iterator[Diagnostic]:
        claim, answer = self._plainest(question)
        pair = self._pair(claim, answer.recipient) if isinstance(answer, Found) else None
        if pair is not None:
            yield self._report(place, pair)
        elif isinstance(answer, Undecided):
            yield self._undecided(place, answer.reason)
        elif isinstance(answer, Found) and self._is_exact(place):
            yield self._undecided(place, "no pair stands when it is replayed")

    def _plainest(self, question: Question) -> tuple[Question, Answer]:
        """A pair of whom both values are known, where there is one."""
        own = x.Attribute(Span(0, 0), self.attribute.type, True, self.attribute.name)
        known: Question = Holds(x.Known(Span(0, 0), t.Bool(), False, own))
        claim = AllOf((question, known, self.twins.other(known)))
        answer = self.asked.ask(claim)
        return (claim, answer) if isinstance(answer, Found) else (question, self.asked.ask(question))

    def _questions(self) -> Iterator[tuple[str, Question]]:
        """The places where offers may differ, each with the question whether they do; of the ways, the plainest first."""
        columns, other = self.columns, self.twins.other
        mailed = columns.mailed()
        both = AllOf((mailed, other(mailed)))
        if other(mailed) != mailed:
            yield _MAIL, AllOf((mailed, NotSo(other(mailed))))
        for block in self.prover.document.content.blocks.values():
            chosen = columns.chosen(block.name)
            if other(chosen) != chosen:
                yield block.slot, AllOf((both, chosen, NotSo(other(chosen))))
        for experiment in self.prover.document.content.experiments.values():
            tried = columns.tried(experiment)
            chosen = columns.chosen(experiment.block)
            if other(tried) != tried and other(chosen) == chosen:
                slot = self.prover.document.content.blocks[experiment.block].slot
                yield slot, AllOf((both, tried, NotSo(other(tried))))

    # ---- replay

    def _pair(self, question: Question, both: Recipient) -> Pair | None:
        """The two recipients, where they do get different offers."""
        for each in (self.asked.plain(question, both), both):
            one, other = self.twins.pair(each)
            tried = tuple(e.name for e in self.program.plan.all_experiments)
            for renamed in (each, *self._placed(one, tried)):
                pair = (one, other) if renamed is each else (renamed, self._as_named(other, renamed))
                if self._differ(*pair):
                    return pair
        return None

    def _placed(self, one: Recipient, experiments: tuple[str, ...]) -> Iterator[Recipient]:
        """The recipient under names that fall into the arms of the experiments."""
        for experiment in self.program.plan.all_experiments:
            for arm in experiment.arms:
                found = placed(
                    self.program,
                    one,
                    experiments,
                    lambda s, e=experiment, a=arm: s.arms.get(e.name) == a.name,  # type: ignore[misc]  # bound at once
                )
                if found is not None:
                    yield found

    def _as_named(self, other: Recipient, named: Recipient) -> Recipient:
        """The other one under the name of the first."""
        own = self.attribute.column or self.attribute.name
        names = {key: value for key, value in named.profile.items() if key != own}
        kept = {own: other.profile[own]} if own in other.profile else {}
        return replace(other, profile={**names, **kept})

    def _differ(self, one: Recipient, other: Recipient) -> bool:
        mine, theirs = selected(self.program, one), selected(self.program, other)
        if any(isinstance(found, Skip) and found.code == "bad_data" for found in (mine, theirs)):
            return False
        return _offers(mine) != _offers(theirs)

    # ---- computed ranks

    def _is_exact(self, place: str) -> bool:
        column = self.columns.columns.get(place)
        return column is None or column.is_exact

    def _is_ranked_by_it(self, column: Column) -> bool:
        return any(c.cell.score is not None and self.twins.concerns(c.cell.score) for c in column.cells)

    def _varied(self, slot: str) -> Pair | None:
        """A pair found by giving known recipients other values: no formula says who wins by a computed rank."""
        name = self.attribute.column or self.attribute.name
        values = list(self._values())
        for base in [sample.recipient for sample in self.prover.samples.found[-_MOST_BASES:]]:
            without = {key: value for key, value in base.profile.items() if key != name}
            people = [replace(base, profile=without if v is None else {**without, name: v}) for v in values]
            chosen = [(who, self._in(slot, who)) for who in people]
            for who, mine in chosen:
                for rival, theirs in chosen:
                    if mine is not None and theirs is not None and mine != theirs:
                        return who, rival
        return None

    def _in(self, slot: str, who: Recipient) -> tuple[str, ...] | None:
        found = selected(self.program, who)
        return found.get(slot) if isinstance(found, Selection) else None

    def _values(self) -> Iterator[Any]:
        """Values of the attribute that the text may tell apart: constants and what lies beside them."""
        type_ = self.attribute.type
        if self.attribute.optional:
            yield None
        if isinstance(type_, t.Enum):
            yield from type_.members
            return
        if isinstance(type_, t.Bool):
            yield from (False, True)
            return
        usual = normal(self.attribute)
        constants = {usual} if isinstance(usual, int | float | str) else set()
        for place in places(self.prover.document):
            constants |= {
                e.value for e in x.walk(place.condition) if isinstance(e, x.Const) and e.type == type_
            }
        for each in sorted(constants, key=repr):
            yield plain(type_, each)
            if isinstance(each, int | float):
                yield from (plain(type_, each + step) for step in (-1, 1))

    # ---- what is told

    def _report(self, place: str, pair: Pair) -> Diagnostic:
        source = self.prover.document.source
        related = [Related("it asks for it", source, span) for span in self._askers()]
        declared = self._declared()
        return diagnose(
            "MW924",
            source,
            self._where(place, pair),
            related=(*related, *([Related("declared", source, declared)] if declared else [])),
            shown_by=tuple(who.as_json() for who in pair),
            name=self.attribute.name,
            what="whether there is a mail" if place == _MAIL else f"what `{place}` shows",
        )

    def _undecided(self, place: str, reason: str) -> Diagnostic:
        what = "whether there is a mail" if place == _MAIL else f"what `{place}` shows"
        told = f"`{self.attribute.name}` alone decides {what}"
        span = self._declared() or Span(0, 1)
        return diagnose("MW930", self.prover.document.source, span, what=told, reason=reason)

    def _where(self, place: str, pair: Pair) -> Span:
        """The cell that one of them gets and the other does not, the skip, or the slot."""
        found = [selected(self.program, who) for who in pair]
        for mine in found:
            if isinstance(mine, Skip):
                return next(s.span for s in self.prover.document.skips if s.name == mine.code)
        column = self.columns.columns.get(place)
        rows = {row for mine in found if isinstance(mine, Selection) for row in mine.reasons[place].rows}
        cells = [c.row.span for c in (column.cells if column else ()) if c.segment in rows]
        return cells[0] if cells else self.prover.document.content.slots[place].span

    def _askers(self) -> list[Span]:
        """The conditions, and the ranks, that name the attribute themselves."""
        found = [p.span for p in places(self.prover.document) if self._names_it(p.condition)]
        cells = [cell.cell for column in self.columns.columns.values() for cell in column.cells]
        found += [cell.span for cell in cells if cell.score is not None and self._names_it(cell.score)]
        return list(dict.fromkeys(found))[:4]

    def _names_it(self, condition: x.Expr) -> bool:
        return any(isinstance(e, x.Attribute) and e.name == self.attribute.name for e in x.walk(condition))

    def _declared(self) -> Span | None:
        statements = self.prover.document.document.statements
        declared = [f for one in statements if isinstance(one, Profile) for f in one.fields]
        return next((f.span for f in declared if f.name.id == self.attribute.name), None)


def _offers(found: Selection | Skip) -> object:
    return None if isinstance(found, Skip) else dict(found)
