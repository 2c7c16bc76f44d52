"""The covering set: few made-up recipients who together get everything that anybody can get."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mailweave.decisions import DecisionProgram, Selection
from mailweave.prove.arms import LiquidArm
from mailweave.prove.branches import Written, surely, written
from mailweave.prove.bucketing import placed, selected
from mailweave.prove.ways import campaign_readers
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.prover import Found, Nobody, Prover
from mailweave.rules.prover.questions import AllOf, AtLeast, NotSo, Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.replay import Sample
from mailweave.rules.reserved import EMPTY

_ORDERS = 6


@dataclass(frozen=True, slots=True)
class Goal:
    """A block in its slot, an arm of an experiment, or a branch of a template; `question`: that somebody may get it.

    Without a block, that its slot stays empty. Of a branch, `question` says it for certain, and `blocks` are those whose
    template it is in: none for every mail.
    """

    name: str
    slot: str
    block: str
    question: Question = field(compare=False)
    experiment: str | None = None
    arm: str | None = None
    branch: LiquidArm | None = None
    blocks: tuple[str, ...] = ()

    def is_reached(self, selection: Selection, sample: Sample) -> bool:
        """Whether somebody got it."""
        if self.branch is not None:
            shown = {name for blocks in selection.values() for name in blocks}
            is_there = not self.blocks or bool(shown & set(self.blocks))
            return is_there and sample.is_so(NotSo(self.branch.reached.may_not))
        if self.experiment is not None:
            return selection.arms.get(self.experiment) == self.arm
        blocks = selection.get(self.slot, ())
        return self.block in blocks if self.block else not blocks

    def rules_out(self, other: Goal) -> bool:
        """Whether nobody gets both, as there is one arm for each."""
        return self.experiment is not None and self.experiment == other.experiment


@dataclass(frozen=True, slots=True)
class Shown:
    """A recipient and what they show, the goals that no earlier one shows first."""

    recipient: Recipient
    shows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """The covering set; `unreached` names what nobody gets, `open` what is undecided, `unsaid` what rules cannot say."""

    recipients: tuple[Shown, ...]
    unreached: tuple[str, ...]
    open: tuple[str, ...]
    unsaid: tuple[str, ...] = ()


def cover(program: DecisionProgram, prover: Prover, templates: Iterable[Written] = ()) -> Cover:
    """A small set of recipients who together get every block in its slot, and every arm, that anybody can get.

    templates: those whose branches are to be reached as well.
    """
    branches = list(_branches(templates))
    unsaid = tuple(
        g.name for g in branches if g.branch and g.branch.reached.unsaid and not _is_sure(g, prover)
    )
    goals = [*_goals(program), *(goal for goal in branches if goal.name not in unsaid)]
    answers = {goal: prover.ask(goal.question) for goal in goals}
    reachable = [goal for goal in goals if isinstance(answers[goal], Found)]
    search = _Search(program, prover, reachable)
    best = search.smallest()
    reached = {goal for _, shown in best for goal in shown}
    unreached = tuple(goal.name for goal in goals if isinstance(answers[goal], Nobody))
    open_ = tuple(g.name for g in goals if g not in reached and not isinstance(answers[g], Nobody))
    return Cover(tuple(_told(best)), unreached, open_, unsaid)


def campaign_cover(program: DecisionProgram, prover: Prover, folder: Path) -> Cover:
    """The covering set of the campaign in a folder: its blocks, its arms, the branches of its author's templates."""
    return cover(program, prover, written(campaign_readers(folder, program), program))


def _branches(templates: Iterable[Written]) -> Iterator[Goal]:
    for one in templates:
        for arm in one.arms:
            name = f"{one.name} {arm.written}"
            yield Goal(name, "", one.name, surely(one, arm), branch=arm, blocks=one.blocks)


def _is_sure(goal: Goal, prover: Prover) -> bool:
    return isinstance(prover.ask(goal.question), Found)


def _told(found: list[tuple[Recipient, list[Goal]]]) -> Iterator[Shown]:
    seen: set[Goal] = set()
    for recipient, reached in found:
        new = [goal for goal in reached if goal not in seen]
        seen |= set(reached)
        yield Shown(recipient, tuple(goal.name for goal in (*new, *(g for g in reached if g not in new))))


def _goals(program: DecisionProgram) -> Iterator[Goal]:
    document = program.document
    columns = Columns(document)
    for block in document.content.blocks.values():
        yield Goal(block.name, block.slot, block.name, columns.shown(block.name))
    for place in document.content.slots.values():
        if place.fallback is None:
            empty = AllOf((columns.mailed(), columns.falls_back(place)))
            yield Goal(f"{place.name} is {EMPTY}", place.name, "", empty)
    for experiment in document.content.all_experiments.values():
        for arm in experiment.arms:
            if arm.share > 0 and experiment.holdout < 1:
                inside = AllOf((columns.mailed(), columns.tried(experiment)))
                name = f"{experiment.name} is {arm.name}"
                yield Goal(name, "", "", inside, experiment.name, arm.name)


@dataclass(slots=True)
class _Search:
    """Packs goals into recipients, in several orders, and keeps the shortest list."""

    program: DecisionProgram
    prover: Prover
    goals: list[Goal]

    def smallest(self) -> list[tuple[Recipient, list[Goal]]]:
        chance = random.Random(0)
        best: list[tuple[Recipient, list[Goal]]] | None = None
        for _ in range(_ORDERS):
            found = self._packed(list(self.goals))
            best = found if best is None or len(found) < len(best) else best
            if len(best) <= self._least():
                break
            chance.shuffle(self.goals)
        return best or []

    def _least(self) -> int:
        """No set is smaller: a recipient gets no more than `max` blocks of a slot, or none, and one arm."""
        slots = {slot.name: slot.max for slot in self.program.slots}
        least = 1 if self.goals else 0
        for name, most in slots.items():
            plain = [goal for goal in self.goals if goal.experiment is None and goal.branch is None]
            blocks = {goal.block for goal in plain if goal.slot == name}
            least = max(least, -(-len(blocks - {""}) // most) + ("" in blocks))
        for name in {goal.experiment for goal in self.goals if goal.experiment}:
            least = max(least, sum(goal.experiment == name for goal in self.goals))
        return least

    def _packed(self, left: list[Goal]) -> list[tuple[Recipient, list[Goal]]]:
        found = []
        while left:
            wanted = self._joined(left)
            recipient = self._recipient(wanted)
            if recipient is None and len(wanted) > 1:
                wanted = wanted[:1]
                recipient = self._recipient(wanted)
            if recipient is not None:
                reached = self._reached(recipient)
                found.append((recipient, reached))
                left = [goal for goal in left if goal not in reached]
            left = [goal for goal in left if goal is not wanted[0]]
        return found

    def _reached(self, recipient: Recipient) -> list[Goal]:
        selection = selected(self.program, recipient)
        sample = Sample(self.program.document, recipient)
        assert isinstance(selection, Selection)
        return [goal for goal in self.goals if goal.is_reached(selection, sample)]

    def _joined(self, left: Sequence[Goal]) -> list[Goal]:
        """As many goals as one recipient may reach, the first among them."""
        wanted = [left[0]]
        for goal in left[1:]:
            if not any(goal.rules_out(other) for other in wanted) and self._go_together([*wanted, goal]):
                wanted.append(goal)
        return wanted

    def _go_together(self, wanted: list[Goal]) -> bool:
        return isinstance(self.prover.ask(_all(wanted)), Found)

    def _recipient(self, wanted: list[Goal]) -> Recipient | None:
        answer = self.prover.ask(_all(wanted))
        if not isinstance(answer, Found):
            return None
        plain = self.prover.plain(_all(wanted), answer.recipient)
        tried = [e.name for e in self.program.plan.all_experiments]
        sample = Sample(
            self.program.document, plain
        )  # a name that a hash picks changes nothing that is asked
        return placed(self.program, plain, tried, lambda s: all(g.is_reached(s, sample) for g in wanted))


def _all(wanted: list[Goal]) -> Question:
    return AllOf(tuple(goal.question for goal in wanted)) if wanted else AtLeast(0, ())
