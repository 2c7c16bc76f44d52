"""Which arm of an experiment somebody is in: `only`, then holdout, then the arm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mailweave.decisions.hashing import bucket_after
from mailweave.decisions.plan import ArmPlan, ExperimentPlan
from mailweave.decisions.ranges import choose_variation

Exposure: TypeAlias = Literal["exposed", "outside", "held_out"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """`arm` is set for who is exposed; `place` is the bucket, for who has one."""

    exposure: Exposure
    arm: ArmPlan | None = None
    place: float | None = None


_OUTSIDE = Assignment("outside")


def assign(experiment: ExperimentPlan, mask: int, unit: object) -> Assignment:
    """Outside when `only` does not hold or the unit is missing or empty; held out beyond every arm's range.

    `unit` is the value of the experiment's attribute, None when missing; a number counts as its digits.
    """
    if mask & experiment.only != experiment.only or unit is None or unit == "":
        return _OUTSIDE
    place = bucket_after(experiment.salt_state, str(unit))
    index = choose_variation(place, experiment.ranges)
    if index < 0:
        return Assignment("held_out", None, place)
    return Assignment("exposed", experiment.arms[index], place)


def assign_by_hand(experiment: ExperimentPlan, mask: int, arm: str) -> Assignment:
    """The arm that a test or a preview names; `only` still counts, the holdout does not."""
    if mask & experiment.only != experiment.only:
        return _OUTSIDE
    return Assignment("exposed", next(a for a in experiment.arms if a.name == arm))
