"""The commonest case made quick: the mask settles every slot, and one block of them has an experiment.

Then there are as many answers as arms, and two more; they are made beforehand, and the bucket picks one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailweave.decisions.experiments import Assignment, Trial, arm_index, exposures, is_inside
from mailweave.decisions.plan import DecisionPlan, ExperimentPlan
from mailweave.decisions.selection import Unexposed
from mailweave.values.hashing import has_unit

Blocks = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Variant:
    """What a selection says under one outcome of the experiment."""

    blocks: Blocks
    arms: Mapping[str, str]
    unexposed: Mapping[str, Unexposed]


@dataclass(frozen=True, slots=True)
class PrecomputedExperiment:
    """`variants` in the order of the arms, the one of who is held out last."""

    experiment: ExperimentPlan
    is_inside: bool
    outside: Variant
    variants: tuple[Variant, ...]

    @classmethod
    def of(
        cls, plan: DecisionPlan, blocks: Blocks, on_trial: Sequence[str], mask: int
    ) -> PrecomputedExperiment | None:
        """The trial, or None where there is more than one, or where lists decide who takes part."""
        met = [
            (slot, plan.experiments[b]) for slot in on_trial for b in blocks[slot] if b in plan.experiments
        ]
        if len(met) != 1:
            return None
        slot, experiment = met[0]
        if experiment.lists:
            return None
        outcomes = [Assignment("exposed", arm) for arm in experiment.arms]
        return cls(
            experiment,
            is_inside(experiment, mask),
            _variant(experiment, Assignment("outside"), blocks, slot),
            tuple(_variant(experiment, o, blocks, slot) for o in (*outcomes, Assignment("held_out"))),
        )

    def variant(self, unit: object) -> Variant:
        """The answer for a recipient by the attribute that the experiment hashes."""
        if not self.is_inside or not has_unit(unit):
            return self.outside
        return self.variants[arm_index(self.experiment, unit)[0]]


def _variant(experiment: ExperimentPlan, outcome: Assignment, blocks: Blocks, slot: str) -> Variant:
    chosen = blocks[slot]
    shown = dict.fromkeys(outcome.shown(b) if b == experiment.block else b for b in chosen)
    return Variant({**blocks, slot: tuple(shown)}, *exposures([Trial(experiment, outcome)]))
