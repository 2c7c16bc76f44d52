"""Which arm of an experiment somebody is in: lists of arms, `only`, then holdout, then the arm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from mailweave.decisions.eligibility import Live
from mailweave.decisions.plan import AnyExperimentPlan, ArmPlan, ConstantPlan, DecisionPlan, ExperimentPlan
from mailweave.decisions.selection import Unexposed
from mailweave.rules.compiled_inputs import HELD_OUT, NO_UNIT, SWITCHED_OFF
from mailweave.rules.validation import ValidatedRecipient
from mailweave.values.bucket_ranges import choose_variation
from mailweave.values.hashing import bucket_after, has_unit

Exposure: TypeAlias = Literal["exposed", "outside", "held_out"]


class Assignment(NamedTuple):
    """`arm` is set for who is exposed; `place` is the bucket, for who was hashed."""

    exposure: Exposure
    arm: ArmPlan | None = None
    place: float | None = None

    def shown(self, block: str) -> str:
        """What is shown to somebody for whom `block` was chosen."""
        return block if self.arm is None or self.arm.block is None else self.arm.block


class Trial(NamedTuple):
    """An experiment on a block that was chosen, or on a constant, and how it came out."""

    experiment: AnyExperimentPlan
    assignment: Assignment


_OUTSIDE = Assignment("outside")


def is_inside(experiment: AnyExperimentPlan, mask: int) -> bool:
    """Whether `only` holds."""
    return mask & experiment.only == experiment.only


def arm_index(experiment: AnyExperimentPlan, unit: object) -> tuple[int, float]:
    """The place of the arm in the split, -1 for who is held out; and the bucket of the unit, read as text."""
    place = bucket_after(experiment.salt_state, str(unit))
    return choose_variation(place, experiment.ranges), place


def assign(experiment: ExperimentPlan, mask: int, unit: object) -> Assignment:
    """What the hash says of somebody with this unit."""
    if not is_inside(experiment, mask) or not has_unit(unit):
        return _OUTSIDE
    index, place = arm_index(experiment, unit)
    if index < 0:
        return Assignment("held_out", None, place)
    return Assignment("exposed", experiment.arms[index], place)


def assign_by_hand(experiment: ExperimentPlan, mask: int, arm: str) -> Assignment:
    """The arm that a test or a preview names; `only` still counts, the holdout does not."""
    if not is_inside(experiment, mask):
        return _OUTSIDE
    return Assignment("exposed", next(a for a in experiment.arms if a.name == arm))


def try_experiments(
    chosen: tuple[str, ...],
    plan: DecisionPlan,
    mask: int,
    live: Live,
    by_hand: Mapping[str, str] | None,
) -> tuple[tuple[str, ...], list[Trial]]:
    """The blocks that are shown in the place of the chosen ones, each once, and the experiments met.

    `by_hand` names arms and switches every other experiment off; None lets the hash decide.
    """
    shown: list[str] = []
    trials: list[Trial] = []
    for block in chosen:
        experiment = plan.experiments.get(block)
        found = None if experiment is None else _assigned(experiment, mask, live, by_hand)
        if experiment is not None and found is not None:
            trials.append(Trial(experiment, found))
        shown.append(block if found is None else found.shown(block))
    return tuple(dict.fromkeys(shown)), trials


def _assigned(
    experiment: ExperimentPlan, mask: int, live: Live, by_hand: Mapping[str, str] | None
) -> Assignment | None:
    if by_hand is not None and experiment.name not in by_hand:
        return None
    if not all(map(live.has_items, experiment.lists)):
        return _OUTSIDE
    if by_hand is None:
        return assign(experiment, mask, live.unit(experiment.unit))
    return assign_by_hand(experiment, mask, by_hand[experiment.name])


def on_constants(plan: DecisionPlan, mask: int, admitted: ValidatedRecipient) -> Iterator[Trial]:
    """The experiments on constants, and the arm that decided about the mask; those that are switched off are left out."""
    for experiment in plan.constants:
        place = admitted.arm(experiment.name)
        if place != SWITCHED_OFF:
            yield Trial(experiment, _on_constant(experiment, mask, place))


def _on_constant(experiment: ConstantPlan, mask: int, place: int) -> Assignment:
    if place == NO_UNIT or not is_inside(experiment, mask):
        return _OUTSIDE
    return Assignment("held_out") if place == HELD_OUT else Assignment("exposed", experiment.arms[place])


def exposures(trials: Iterable[Trial]) -> tuple[dict[str, str], dict[str, Unexposed]]:
    """Experiment to arm for who is counted; experiment to why not for the others."""
    arms: dict[str, str] = {}
    unexposed: dict[str, Unexposed] = {}
    for experiment, found in trials:
        if found.arm is not None:
            arms[experiment.name] = found.arm.name
        elif found.exposure != "exposed":
            unexposed[experiment.name] = found.exposure
    return arms, unexposed
