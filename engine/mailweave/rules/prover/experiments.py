"""Experiments that nobody is in, and pairs that meet on one recipient."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from mailweave.rules import checked as c
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.questions import AllOf, Question


def arms(findings: Findings) -> None:
    """Reports arms that nobody can be in."""
    columns = Columns(findings.document)
    for experiment in findings.document.experiments.values():
        question = tried(columns, experiment)
        what = f"anybody takes part in `{experiment.name}`"
        empty = bool(findings.is_nobody(question, experiment.span, what))
        dead = [arm for arm in experiment.arms if empty or experiment.holdout == 1 or not arm.share]
        for arm in dead:
            facts = {"arm": arm.name, "experiment": experiment.name, "what": _brings(experiment)}
            claim = None if empty else question
            findings.report("MW916", arm.span, claim, (), stands_alone=True, **facts)


def _brings(experiment: c.AnyExperiment) -> str:
    """What brings somebody into an experiment."""
    if isinstance(experiment, c.Experiment):
        return f"`only`, the shares, or what brings the block `{experiment.block}`"
    return "`only` or the shares"


def tried(columns: Columns, experiment: c.AnyExperiment) -> Question:
    """That somebody is inside an experiment."""
    return AllOf((columns.mailed(), columns.tried(experiment)))


def meetings(document: c.CheckedDocument) -> Iterator[tuple[c.AnyExperiment, c.AnyExperiment, Question]]:
    """Pairs of experiments, and that somebody is inside both."""
    columns = Columns(document)
    for one, other in combinations(document.content.all_experiments.values(), 2):
        yield one, other, AllOf((columns.mailed(), columns.tried(one), columns.tried(other)))
