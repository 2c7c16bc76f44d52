"""The way of one recipient: mask, plan of that mask, and what the plan leaves open.

For every mask (and stretch of time between two expiries) it is worked out once what the mask alone
decides: slots that nothing else can change are settled, cells that cannot win are dropped. Most
recipients then cost one look into that memo.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from mailweave.decisions.columns import Answer, Column, decide, narrowed
from mailweave.decisions.eligibility import Nobody, Undecided
from mailweave.decisions.open_column import OpenColumn
from mailweave.decisions.plan import CellPlan, DecisionPlan
from mailweave.decisions.selection import Reason, Skip
from mailweave.decisions.settled_trial import SettledTrial

_REMEMBERED = 4_096  # masks; beyond that the memo begins anew, so that it cannot grow without end


@dataclass(frozen=True, slots=True)
class MaskPlan:
    """What one mask decides.

    blocks: every slot, open ones with their fallback. on_trial: slots that are settled and hold a block
    with an experiment. trial: their experiment, where nothing is open and there is just one.
    """

    skip: Skip | None
    blocks: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, Reason]
    open: tuple[OpenColumn, ...]
    on_trial: tuple[str, ...]
    trial: SettledTrial | None = None


class Selector:
    """Answers for masks. Its memo holds what depends on the key alone, so threads may share it."""

    def __init__(self, plan: DecisionPlan) -> None:
        self.plan = plan
        self._ends = plan.ends()
        self._memos: list[dict[int, MaskPlan]] = [{} for _ in range(len(self._ends) + 1)]

    def mask_plan(self, mask: int, now: int) -> MaskPlan:
        """The plan of a mask at an instant."""
        memo = self._memos[bisect_right(self._ends, now)]
        found = memo.get(mask)
        if found is None:
            found = self._work_out(mask, now)
            if len(memo) >= _REMEMBERED:
                memo.clear()
            memo[mask] = found
        return found

    def _work_out(self, mask: int, now: int) -> MaskPlan:
        plan = self.plan
        skip = next((skip for bit, skip in plan.skips if mask & bit), None)
        if skip is not None:
            return MaskPlan(skip, {}, {}, (), ())
        blocks: dict[str, tuple[str, ...]] = {}
        reasons: dict[str, Reason] = {}
        still_open: list[OpenColumn] = []
        for slot in plan.slots:
            column = pruned(
                narrowed(slot, plan.columns.get(slot.name), plan.blocks, plan.overrides, mask, now), plan
            )
            answer = _settled(column, plan)
            if answer is None:
                still_open.append(OpenColumn.of(column))
            blocks[slot.name] = (slot.fallback,) if answer is None else answer.blocks
            reasons[slot.name] = Reason("fallback") if answer is None else answer.reason
        waiting = {open_.column.slot.name for open_ in still_open}
        on_trial = tuple(
            name
            for name, chosen in blocks.items()
            if name not in waiting and any(block in plan.experiments for block in chosen)
        )
        trial = None if still_open else SettledTrial.of(plan, blocks, on_trial, mask)
        return MaskPlan(None, blocks, reasons, tuple(still_open), on_trial, trial)


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
    if not column.is_sorted_beforehand:
        return column
    losers, winners = {o.loser for o in column.overrides}, {o.winner for o in column.overrides}
    kept: list[CellPlan] = []
    sure: set[str] = set()
    for group in column.groups():
        kept += [cell for cell in group if len(sure) < column.limit or cell.segment in winners]
        sure |= {c.block for c in group if c.segment not in losers and not plan.blocks[c.block].is_live}
    kept.sort(key=lambda cell: cell.row)
    return Column(column.slot, column.plan, tuple(kept), column.overrides, column.otherwise)
