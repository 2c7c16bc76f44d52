"""Experiments on waits: how long the mail of somebody waits, as the hash of their unit says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from mailweave.decisions.experiments import Exposure
from mailweave.rules import checked as c
from mailweave.rules.named import named
from mailweave.rules.typed import Expr
from mailweave.rules.wording import in_full
from mailweave.values.bucket_ranges import Range, bucket_ranges, choose_variation
from mailweave.values.hashing import bucket_after, fnv1a32, has_unit


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm and its wait, in microseconds."""

    name: str
    wait: int


@dataclass(frozen=True, slots=True)
class WaitPlan:
    """An experiment on a wait. declared: the wait of whoever is in no arm. version: a digest of all that decides about
    arms, so that those of two texts are told apart."""

    name: str
    unit: str
    salt_state: int
    declared: int
    arms: tuple[Arm, ...]
    ranges: tuple[Range, ...]
    version: str

    @property
    def longest(self) -> int:
        """The longest wait that anybody may have."""
        return max(self.declared, *(arm.wait for arm in self.arms))


class Drawn(NamedTuple):
    """What the hash says: the arm of who is exposed, and the wait."""

    exposure: Exposure
    arm: str | None
    wait: int


def waits(document: c.CheckedDocument, trigger: str) -> Mapping[int, WaitPlan]:
    """The experiments on the waits of a trigger, by the numbers of its mails."""
    experiments = document.triggers.experiments.values()
    return {one.number: _planned(one, document) for one in experiments if one.trigger == trigger}


def _planned(experiment: c.WaitExperiment, document: c.CheckedDocument) -> WaitPlan:
    weights = [float(arm.share) for arm in experiment.arms]
    return WaitPlan(
        experiment.name,
        experiment.unit,
        fnv1a32(experiment.salt),
        experiment.declared,
        tuple(Arm(arm.name, int(arm.value.value)) for arm in experiment.arms),
        bucket_ranges(len(weights), float(1 - experiment.holdout), weights),
        version(experiment, document),
    )


def version(experiment: c.WaitExperiment, document: c.CheckedDocument) -> str:
    """A digest of all that decides who is in which arm, and what the arms are; 16 hexadecimal digits."""
    arms = [(arm.name, str(arm.share), arm.value.value) for arm in experiment.arms]
    drawn = (experiment.unit, experiment.salt, str(experiment.holdout), _whom(experiment.only, document))
    said = repr((experiment.trigger, experiment.number, experiment.declared, drawn, arms))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _whom(only: Expr | None, document: c.CheckedDocument) -> tuple[object, ...]:
    """Who takes part, in words: a segment may get another meaning where the text of the experiment stays."""
    if only is None:
        return ()
    groups = sorted((name, in_full(one)) for name, one in named(only, document.segments, document.tiers))
    return in_full(only), groups


def draw(plan: WaitPlan, unit: object) -> Drawn:
    """The holdout first, then the arm. unit: what is hashed; None for whoever is outside by `only`.

    >>> arms = (Arm("control", 1_800_000_000), Arm("soon", 600_000_000))
    >>> plan = WaitPlan("patience", "id", fnv1a32("2026-12"), 1_800_000_000, arms, bucket_ranges(2, 0.95), "")
    >>> draw(plan, "ann").arm, draw(plan, "a").arm, draw(plan, None).exposure
    ('soon', 'control', 'outside')
    """
    if not has_unit(unit):
        return Drawn("outside", None, plan.declared)
    place = choose_variation(bucket_after(plan.salt_state, str(unit)), plan.ranges)
    if place < 0:
        return Drawn("held_out", None, plan.declared)
    return Drawn("exposed", plan.arms[place].name, plan.arms[place].wait)
