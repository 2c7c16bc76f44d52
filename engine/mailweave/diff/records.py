"""From a verdict to the record of a change."""

from __future__ import annotations

from mailweave.diff.changes import Kind, RuleChange, Status
from mailweave.diff.claims import Claim, SideName
from mailweave.diff.judge import Judge, Verdict, Witness
from mailweave.rules.prover.prover import Undecided


def judged(
    kind: Kind, name: str, found: Verdict, old: str, new: str, through: tuple[str, ...] = ()
) -> RuleChange:
    """What both sides have."""
    status: Status = "changed" if found.only_old or found.only_new else "undecided"
    return RuleChange(kind, name, "rewritten" if found.is_same else status, old, new, found, through)


def alone(judge: Judge, kind: Kind, name: str, side: SideName, claim: Claim, said: str) -> RuleChange:
    """What one side has alone, with somebody in it."""
    found = judge.somebody(side, claim)
    witness = found if isinstance(found, Witness) else None
    open_ = (found.reason,) if isinstance(found, Undecided) else ()
    if side == "old":
        return RuleChange(kind, name, "removed", said, "", Verdict(only_old=witness, undecided=open_))
    return RuleChange(kind, name, "added", "", said, Verdict(only_new=witness, undecided=open_))
