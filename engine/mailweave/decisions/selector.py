"""The way of one recipient: mask, plan of that mask, and what the plan leaves open.

For every mask (and stretch of time between two expiries) it is worked out once what the mask alone
decides: slots that nothing else can change are settled, cells that cannot win are dropped. Most
recipients then cost one look into that memo.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from mailweave.decisions.columns import Column, decide, narrowed, unchosen
from mailweave.decisions.eligibility import Nobody, Undecided
from mailweave.decisions.plan import CellPlan, DecisionPlan
from mailweave.decisions.precomputed_experiment import PrecomputedExperiment
from mailweave.decisions.selection import Answer, Draw, Reason, Skip
from mailweave.values.bounded_cache import Memo


@dataclass(frozen=True, slots=True)
class MaskPlan:
    """What one mask decides.

    blocks: every slot, open ones with what they show unchosen. on_trial: slots that are settled and hold a block
    with an experiment. trial: their experiment, where nothing is open and there is just one. draws: of the slots that are
    settled.
    """

    skip: Skip | None
    blocks: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, Reason]
    open: tuple[Column, ...]
    on_trial: tuple[str, ...]
    trial: PrecomputedExperiment | None = None
    draws: Mapping[str, Draw] = field(default_factory=dict)


class Selector:
    """Answers for masks. Its memo holds what depends on the key alone, so threads may share it."""

    def __init__(self, plan: DecisionPlan) -> None:
        self.plan = plan
        self._ends = plan.ends()
        # between two ends every instant is as good as the first
        starts = (self._ends[0] - 1, *self._ends) if self._ends else (0,)
        self._memos = [Memo(partial(self._work_out, start)) for start in starts]

    def mask_plan(self, mask: int, now: int) -> MaskPlan:
        """The plan of a mask at an instant."""
        return self._memos[bisect_right(self._ends, now)][mask]

    def _work_out(self, now: int, mask: int) -> MaskPlan:
        plan = self.plan
        skip = next((skip for bit, skip in plan.skips if mask & bit), None)
        if skip is not None:
            return MaskPlan(skip, {}, {}, (), ())
        blocks: dict[str, tuple[str, ...]] = {}
        reasons: dict[str, Reason] = {}
        draws: dict[str, Draw] = {}
        still_open: list[Column] = []
        for slot in plan.slots:
            column = pruned(narrowed(slot, plan, mask, now), plan)
            answer = _settled(column, plan)
            if answer is None:
                still_open.append(column.prepared(plan.blocks))
            blocks[slot.name], reasons[slot.name], draw = unchosen(slot) if answer is None else answer
            if draw is not None:
                draws[slot.name] = draw
        waiting = {column.slot.name for column in still_open}
        on_trial = tuple(
            name
            for name, chosen in blocks.items()
            if name not in waiting and any(block in plan.experiments for block in chosen)
        )
        trial = None if still_open else PrecomputedExperiment.of(plan, blocks, on_trial, mask)
        return MaskPlan(None, blocks, reasons, tuple(still_open), on_trial, trial, draws)


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
    groups = column.sorted_beforehand()
    if groups is None or column.plan is None:
        return column
    losers, winners = {o.loser for o in column.overrides}, {o.winner for o in column.overrides}
    kept: list[CellPlan] = []
    sure: set[str] = set()
    for group in groups:
        kept += [cell for cell in group if len(sure) < column.plan.limit or cell.segment in winners]
        sure |= {c.block for c in group if c.segment not in losers and not plan.blocks[c.block].is_live}
    kept.sort(key=lambda cell: cell.row)
    return replace(column, cells=tuple(kept))
