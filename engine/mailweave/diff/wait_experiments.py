"""Experiments on waits that put recipients into other arms, or give arms other waits."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diff.changes import RuleChange
from mailweave.diff.claims import Claim, everybody
from mailweave.diff.judge import Judge, Verdict
from mailweave.diff.records import judged
from mailweave.diff.structure import Structure
from mailweave.rules.checked import WaitExperiment
from mailweave.rules.wording import spoken
from mailweave.values.durations import spoken as length


def wait_experiment_changes(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    """Every experiment on a wait that is not as it was. What of the declared wait changed, its trigger says."""
    old, new = structure.old.triggers.experiments, structure.new.triggers.experiments
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield RuleChange("experiment", name, "removed", _said(old[name]), "", Verdict())
        elif name not in old:
            yield RuleChange("experiment", name, "added", "", _said(new[name]), Verdict())
        else:
            yield from _changed(judge, structure, old[name], new[name])


def _changed(
    judge: Judge, structure: Structure, old: WaitExperiment, new: WaitExperiment
) -> Iterator[RuleChange]:
    said = _said(old), _said(new)
    if not structure.same(old.only, new.only):
        found = judge.compare(_inside(old), _inside(new))
        yield judged("experiment", f"{new.name}: only", found, *said)
    if _split(old) != _split(new):
        yield RuleChange("experiment", new.name, "changed", *said, Verdict())


def _split(experiment: WaitExperiment) -> tuple[object, ...]:
    """What decides about the arm of whoever takes part, and its wait."""
    control, *others = experiment.arms
    arms = [(arm.name, arm.share, arm.value.value) for arm in others]
    drawn = (experiment.unit, experiment.salt, experiment.holdout)
    return experiment.trigger, experiment.number, drawn, control.name, control.share, arms


def _said(experiment: WaitExperiment) -> str:
    arms = ", ".join(
        f"{arm.name} {float(arm.share):.4g} -> {length(int(arm.value.value))}" for arm in experiment.arms
    )
    only = "" if experiment.only is None else f" only {spoken(experiment.only)};"
    held = f" holdout {float(experiment.holdout):.4g};" if experiment.holdout else ""
    whom = f"by {experiment.unit} salt {experiment.salt!r}"
    return f"on wait of {experiment.mail} {whom};{only}{held} {arms}"


def _inside(experiment: WaitExperiment) -> Claim:
    only = experiment.only
    return everybody if only is None else lambda words: words.condition(only)
