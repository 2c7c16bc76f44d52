"""One recipient's decision, told in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mailweave.decisions.columns import Answer, decide, narrowed
from mailweave.decisions.compile import needs_of, only_condition
from mailweave.decisions.experiments import Assignment, try_experiments
from mailweave.decisions.experiments import Trial as Tried
from mailweave.decisions.explanation.causes import Causes
from mailweave.decisions.explanation.contest import Contest
from mailweave.decisions.explanation.model import (
    Explanation,
    Membership,
    Refusal,
    SlotStory,
    TierStory,
    Trial,
)
from mailweave.decisions.explanation.reading import Reader
from mailweave.decisions.plan import ExperimentPlan, SlotPlan
from mailweave.decisions.recipient import Recipient
from mailweave.rules.admission import Admitted, BadData
from mailweave.rules.interpreter import Person
from mailweave.values.instants import iso, to_datetime

if TYPE_CHECKING:
    from mailweave.decisions.program import Arms, Context, DecisionProgram, Events, Profile


def explain(
    program: DecisionProgram,
    profile: Profile,
    *,
    events: Events,
    now: Any,
    context: Context | None,
    arms: Arms | None,
    show_pii: bool,
) -> Explanation:
    """The explanation; for data that breaks the schema, one that says so and nothing else."""
    happened = tuple(events)
    try:
        admitted = program.admit(profile, happened, now, context)
    except BadData as bad:
        at = now if isinstance(now, str) else now.isoformat()
        refusal = Refusal("bad_data", str(bad))
        return Explanation(program.name, program.version, at, refusal, (), (), ())
    person = Person(program.document, profile, list(happened), context or {}, to_datetime(admitted.now))
    return _Teller(program, admitted, person, arms, show_pii).explanation()


class _Teller:
    """Tells one recipient's decision."""

    def __init__(
        self,
        program: DecisionProgram,
        admitted: Admitted,
        person: Person,
        arms: Mapping[str, str] | None,
        show_pii: bool,
    ) -> None:
        needs = needs_of(program.document)
        self.program, self.plan, self.arms = program, program.plan, arms
        self.mask = program.program.mask(admitted)
        self.evaluation = program.program.evaluation(admitted)
        self.reader = Reader(program.document, person, needs.conditions, needs.values, show_pii)
        self.live = Recipient(program.program, admitted)
        self.causes = Causes(self.plan, self.live, self.reader)

    def explanation(self) -> Explanation:
        program, refusal = self.program, self._refusal()
        slots = () if refusal is not None else tuple(self._slot(slot) for slot in self.plan.slots)
        return Explanation(
            program.name,
            program.version,
            iso(self.live.now),
            refusal,
            tuple(self._segments()),
            tuple(self._tiers()),
            slots,
        )

    def _refusal(self) -> Refusal | None:
        found = self.evaluation.skip
        if found is None:
            return None
        skip = next(s for s in self.program.document.skips if s.name == found.code)
        atoms = self.reader.deciding(skip.condition, wanted=True)
        return Refusal(found.code, found.reason, self.reader.place(skip.span), atoms)

    def _segments(self) -> Iterator[Membership]:
        for segment in self.program.document.segments.values():
            yield self.reader.segment(segment)

    def _tiers(self) -> Iterator[TierStory]:
        for tier in self.program.document.tiers.values():
            yield self.reader.tier(tier)

    def _slot(self, slot: SlotPlan) -> SlotStory:
        plan, column = self.plan, self.plan.columns.get(slot.name)
        narrow = narrowed(slot, column, plan.blocks, plan.overrides, self.mask, self.live.now)
        answer = decide(narrow, plan.blocks, self.live)
        shown, tried = try_experiments(answer.blocks, plan, self.mask, self.live, self.arms)
        return SlotStory(
            slot.name,
            None if column is None else column.policy,
            answer.reason.how,
            shown,
            Contest(plan, slot, self.causes, self.mask, answer).contenders(),
            tuple(self._trials(answer, tried)),
        )

    def _trials(self, answer: Answer, tried: list[Tried]) -> Iterator[Trial]:
        met = {trial.experiment.block: trial.assignment for trial in tried}
        for block in answer.blocks:
            experiment = self.plan.experiments.get(block)
            if experiment is not None:
                yield self._trial(experiment, met.get(block))

    def _trial(self, experiment: ExperimentPlan, found: Assignment | None) -> Trial:
        place = self.reader.place(experiment.span)
        if found is None:
            return Trial(experiment.name, experiment.block, "off", None, experiment.block, None, place)
        arm = found.arm
        only = self.reader.conditions.get(only_condition(experiment.name))
        outside = found.exposure == "outside" and only is not None
        atoms = self.reader.deciding(only, wanted=False) if outside and only is not None else ()
        return Trial(
            experiment.name,
            experiment.block,
            found.exposure,
            None if arm is None else arm.name,
            found.shown(experiment.block),
            found.place,
            place,
            atoms,
        )
