"""One recipient's decision, told in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from mailweave.decisions.columns import decide, narrowed
from mailweave.decisions.experiments import Assignment, arm_index, is_inside, on_constants, try_experiments
from mailweave.decisions.experiments import Trial as Tried
from mailweave.decisions.explanation.candidate_ranking import CandidateRanking
from mailweave.decisions.explanation.evaluated_conditions import Reader
from mailweave.decisions.explanation.explanation import Explanation
from mailweave.decisions.explanation.model import (
    Atom,
    ConstantTrial,
    Membership,
    Refusal,
    SlotExplanation,
    TierStory,
    Trial,
)
from mailweave.decisions.explanation.reasons import Causes
from mailweave.decisions.explanation.sentences import slot_sentence
from mailweave.decisions.plan import AnyExperimentPlan, ConstantPlan, DecisionPlan, ExperimentPlan, SlotPlan
from mailweave.decisions.planner import needs_of, only_condition
from mailweave.decisions.recipient import Recipient
from mailweave.decisions.selection import Answer
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.program import Program
from mailweave.rules.reference_evaluator import RecipientValues
from mailweave.rules.validation import BadData, ValidatedRecipient
from mailweave.rules.wording import constant
from mailweave.values.instants import iso, to_datetime

Data: TypeAlias = Mapping[str, Any]


class Decides(Protocol):
    """What is asked of the program whose decision is explained."""

    document: CheckedDocument
    program: Program
    plan: DecisionPlan

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    def admit(
        self, profile: Data, events: Iterable[Data], now: datetime | str, context: Data | None
    ) -> ValidatedRecipient: ...


def explain(
    program: Decides,
    profile: Data,
    *,
    events: Iterable[Data],
    now: Any,
    context: Data | None,
    arms: Mapping[str, str] | None,
    show_pii: bool,
) -> Explanation:
    """The explanation; for data that breaks the schema, one that says so and nothing else."""
    happened = tuple(events)
    try:
        admitted = program.admit(profile, happened, now, context)
    except BadData as bad:
        return refused(program, str(bad), now if isinstance(now, str) else now.isoformat())
    if arms is not None:
        admitted = admitted.in_arms(arms)
    person = RecipientValues(
        program.document, profile, list(happened), context or {}, to_datetime(admitted.now), arms
    )
    return _Explainer(program, admitted, person, arms, show_pii).explanation()


def refused(program: Decides, reason: str, at: str) -> Explanation:
    """The explanation of data that is refused: why, and nothing else."""
    return Explanation(program.name, program.version, at, Refusal("bad_data", reason), (), (), ())


class _Explainer:
    """Tells one recipient's decision."""

    def __init__(
        self,
        program: Decides,
        admitted: ValidatedRecipient,
        person: RecipientValues,
        arms: Mapping[str, str] | None,
        show_pii: bool,
    ) -> None:
        needs = needs_of(program.document)
        self.program, self.plan, self.arms = program, program.plan, arms
        self.admitted = admitted
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
            trials=tuple(self._constants()),
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

    def _slot(self, slot: SlotPlan) -> SlotExplanation:
        plan = self.plan
        column = narrowed(slot, plan, self.mask, self.live.now)
        answer = decide(column, plan.blocks, self.live)
        shown, tried = try_experiments(answer.blocks, plan, self.mask, self.live, self.arms)
        told = SlotExplanation(
            slot.name,
            None if column.plan is None else column.plan.policy,
            answer.reason.how,
            shown,
            CandidateRanking(plan, column, self.causes, self.mask, answer).contenders(),
            tuple(self._trials(answer, tried)),
        )
        return replace(told, sentence=slot_sentence(told))

    def _trials(self, answer: Answer, tried: list[Tried]) -> Iterator[Trial]:
        met = {trial.experiment.name: trial.assignment for trial in tried}
        for block in answer.blocks:
            experiment = self.plan.experiments.get(block)
            if experiment is not None:
                yield self._trial(experiment, met.get(experiment.name))

    def _trial(self, experiment: ExperimentPlan, found: Assignment | None) -> Trial:
        place = self.reader.place(experiment.span)
        if found is None:
            return Trial(experiment.name, experiment.block, "off", None, experiment.block, None, place)
        arm = found.arm
        return Trial(
            experiment.name,
            experiment.block,
            found.exposure,
            None if arm is None else arm.name,
            found.shown(experiment.block),
            found.place,
            place,
            self._why_outside(experiment),
        )

    def _why_outside(self, experiment: AnyExperimentPlan) -> tuple[Atom, ...]:
        only = self.reader.conditions.get(only_condition(experiment.name))
        if only is None or is_inside(experiment, self.mask):
            return ()
        return self.reader.deciding(only, wanted=False)

    def _constants(self) -> Iterator[ConstantTrial]:
        """The experiments on constants, each with the value that holds here."""
        met = {t.experiment.name: t.assignment for t in on_constants(self.plan, self.mask, self.admitted)}
        for experiment in self.plan.constants:
            declared = self.program.document.content.constants[experiment.name].arms
            found = met.get(experiment.name, Assignment("outside"))
            arm = next((one for one in declared if found.arm and one.name == found.arm.name), None)
            value = (arm or declared[0]).value
            yield ConstantTrial(
                experiment.name,
                experiment.constant,
                constant(value.value, value.type),
                found.exposure if experiment.name in met else "off",
                None if arm is None else arm.name,
                self._bucket(experiment, found),
                self.reader.place(experiment.span),
                self._why_outside(experiment) if experiment.name in met else (),
            )

    def _bucket(self, experiment: ConstantPlan, found: Assignment) -> float | None:
        """Where the hash puts who takes part; None where the arm was given by hand."""
        unit = self.admitted.attributes[experiment.unit]
        if found.exposure == "outside" or self.arms is not None:
            return None
        return arm_index(experiment, unit)[1]
