"""The way of one recipient: mask, plan of that mask, and what the plan leaves open.

For every mask (and stretch of time between two expiries) it is worked out once what the mask alone
decides: slots that nothing else can change are settled, cells that cannot win are dropped. Most
recipients then cost one look into that memo.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailweave.decisions.columns import Answer, Column, decide, narrowed
from mailweave.decisions.eligibility import Live, Nobody, Undecided
from mailweave.decisions.experiments import Assignment, assign, assign_by_hand
from mailweave.decisions.plan import CellPlan, DecisionPlan, ExperimentPlan, OverridePlan
from mailweave.decisions.policies import RANKED
from mailweave.decisions.selection import Reason, Skip, Unexposed

_REMEMBERED = 4_096  # masks; beyond that the memo begins anew, so that it cannot grow without end


@dataclass(frozen=True, slots=True)
class MaskPlan:
    """What one mask decides. `blocks` has every slot, open ones with their fallback; `settled_on_trial`:
    slots that are settled and hold a block with an experiment."""

    skip: Skip | None
    blocks: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, Reason]
    open: tuple[Column, ...]
    settled_on_trial: tuple[str, ...]


class Selector:
    """Answers for masks. Its memo holds what depends on the key alone, so threads may share it."""

    def __init__(self, plan: DecisionPlan) -> None:
        self.plan = plan
        self._ends = plan.ends()
        self._memo: dict[tuple[int, int], MaskPlan] = {}

    def mask_plan(self, mask: int, now: int) -> MaskPlan:
        """The plan of a mask at an instant."""
        key = (mask, bisect_right(self._ends, now))
        found = self._memo.get(key)
        if found is None:
            found = self._work_out(mask, now)
            if len(self._memo) >= _REMEMBERED:
                self._memo = {}
            self._memo[key] = found
        return found

    def _work_out(self, mask: int, now: int) -> MaskPlan:
        plan = self.plan
        skip = next((skip for bit, skip in plan.skips if mask & bit), None)
        if skip is not None:
            return MaskPlan(skip, {}, {}, (), ())
        blocks: dict[str, tuple[str, ...]] = {}
        reasons: dict[str, Reason] = {}
        still_open: list[Column] = []
        for slot in plan.slots:
            column = pruned(
                narrowed(slot, plan.columns.get(slot.name), plan.blocks, plan.overrides, mask, now), plan
            )
            answer = _settled(column, plan)
            if answer is None:
                still_open.append(column)
            blocks[slot.name] = (slot.fallback,) if answer is None else answer.blocks
            reasons[slot.name] = Reason("fallback") if answer is None else answer.reason
        waiting = {column.slot.name for column in still_open}
        on_trial = (
            name
            for name, chosen in blocks.items()
            if name not in waiting and any(block in plan.experiments for block in chosen)
        )
        return MaskPlan(None, blocks, reasons, tuple(still_open), tuple(on_trial))


def _settled(column: Column, plan: DecisionPlan) -> Answer | None:
    try:
        return decide(column, plan.blocks, Nobody())
    except Undecided:
        return None


def pruned(column: Column, plan: DecisionPlan) -> Column:
    """The column without cells that cannot win, whatever the recipient's sends and lists are.

    A cell is sure when nothing can take it away; the cells behind enough sure ones are dropped,
    unless they may take others away themselves.
    """
    if column.plan is None or not _can_be_pruned(column):
        return column
    losers, winners = _rows(column.overrides)
    limit = column.slot.max if column.plan.policy == "collect" else 1
    kept: list[CellPlan] = []
    sure: set[str] = set()
    for group in _groups(column):
        kept += [cell for cell in group if len(sure) < limit or cell.segment in winners]
        sure |= {c.block for c in group if c.segment not in losers and not plan.blocks[c.block].is_live}
    kept.sort(key=lambda cell: cell.row)
    return Column(column.slot, column.plan, tuple(kept), column.overrides, column.otherwise)


def _can_be_pruned(column: Column) -> bool:
    assert column.plan is not None
    by_row_alone = column.plan.policy == "first"
    return by_row_alone or (column.plan.policy in RANKED and all(cell.score is None for cell in column.cells))


def _rows(overrides: Sequence[OverridePlan]) -> tuple[set[str], set[str]]:
    return {o.loser for o in overrides}, {o.winner for o in overrides}


def _groups(column: Column) -> list[list[CellPlan]]:
    """The cells best first, those that only a tie tells apart together."""
    assert column.plan is not None
    if column.plan.policy == "first":
        return [[cell] for cell in column.cells]
    ranks = sorted({cell.rank for cell in column.cells}, reverse=True)
    return [[cell for cell in column.cells if cell.rank == rank] for rank in ranks]


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment on a block of one slot, and how it came out."""

    slot: str
    experiment: ExperimentPlan
    assignment: Assignment


def try_experiments(
    chosen: tuple[str, ...],
    slot: str,
    plan: DecisionPlan,
    mask: int,
    live: Live,
    by_hand: Mapping[str, str] | None,
) -> tuple[tuple[str, ...], list[Trial]]:
    """The blocks that are shown in the place of the chosen ones, each once, and the experiments met.

    `by_hand` names arms and switches every other experiment off; None lets the hash decide.
    """
    shown: dict[str, None] = {}
    trials: list[Trial] = []
    for block in chosen:
        experiment = plan.experiments.get(block)
        trial = None if experiment is None else _try(experiment, slot, mask, live, by_hand)
        if trial is not None:
            trials.append(trial)
        arm = None if trial is None else trial.assignment.arm
        shown[block if arm is None or arm.block is None else arm.block] = None
    return tuple(shown), trials


def _try(
    experiment: ExperimentPlan, slot: str, mask: int, live: Live, by_hand: Mapping[str, str] | None
) -> Trial | None:
    if by_hand is None:
        return Trial(slot, experiment, assign(experiment, mask, live.unit(experiment.unit)))
    if experiment.name not in by_hand:
        return None
    return Trial(slot, experiment, assign_by_hand(experiment, mask, by_hand[experiment.name]))


def exposures(trials: Sequence[Trial]) -> tuple[dict[str, str], dict[str, Unexposed]]:
    """Experiment to arm for who is counted; experiment to why not for the others."""
    arms: dict[str, str] = {}
    unexposed: dict[str, Unexposed] = {}
    for trial in trials:
        found = trial.assignment
        if found.arm is not None:
            arms[trial.experiment.name] = found.arm.name
        elif found.exposure != "exposed":
            unexposed[trial.experiment.name] = found.exposure
    return arms, unexposed
