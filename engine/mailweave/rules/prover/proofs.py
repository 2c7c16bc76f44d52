"""Everything that is proved from a rule text alone."""

from __future__ import annotations

from mailweave.diagnostics import Diagnostic, Severity, ordered
from mailweave.rules.prover.choices import choices
from mailweave.rules.prover.conditions import conditions
from mailweave.rules.prover.experiments import arms
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.memberships import segments, tiers
from mailweave.rules.prover.prover import Prover
from mailweave.rules.prover.triggers import triggers

_UNDECIDED = "MW930"


def proved(prover: Prover) -> tuple[Diagnostic, ...]:
    """The findings of a rule text, sorted; each example stood the replay."""
    findings = Findings(prover)
    conditions(findings)
    tiers(findings)
    segments(findings)
    choices(findings)
    arms(findings)
    triggers(findings)
    return ordered(findings.replayed())


def proved_quickly(prover: Prover) -> tuple[Diagnostic, ...]:
    """The faults of single conditions, members, rows, blocks, overrides, arms and triggers, without what is undecided.

    Segments are not compared with each other: that grows with their square.
    """
    findings = Findings(prover)
    for run in (conditions, tiers, choices, arms, triggers):
        run(findings)
    found = findings.replayed()
    return ordered(d for d in found if d.severity is not Severity.NOTE and d.code != _UNDECIDED)
