"""The answer of one slot: candidates, eligibility, overrides, policy, ties, max, otherwise, fallback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailweave.decisions.eligibility import Live, is_free, is_ready, rank_of, tie_values
from mailweave.decisions.plan import BlockPlan, CellPlan, ColumnPlan, OverridePlan, SlotPlan
from mailweave.decisions.policies import POLICIES, Candidate
from mailweave.decisions.selection import Reason

FALLBACK, OTHERWISE, BROKEN = Reason("fallback"), Reason("otherwise", ("otherwise",)), Reason("broken")


@dataclass(frozen=True, slots=True)
class Answer:
    """The blocks of a slot and how it came by them."""

    blocks: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Column:
    """A slot's column for all recipients with one mask: what is false for them is gone.

    cells: rows that hold, with blocks that conditions and expiry allow. overrides: those in force.
    otherwise: absent when its block is not allowed.
    """

    slot: SlotPlan
    plan: ColumnPlan | None
    cells: tuple[CellPlan, ...] = ()
    overrides: tuple[OverridePlan, ...] = ()
    otherwise: CellPlan | None = None


def narrowed(
    slot: SlotPlan,
    plan: ColumnPlan | None,
    blocks: Mapping[str, BlockPlan],
    overrides: Sequence[OverridePlan],
    mask: int,
    now: float,
) -> Column:
    """A column with everything gone that this mask and this moment rule out."""
    if plan is None:
        return Column(slot, None)
    ready = [c for c in plan.cells if mask & c.holds and is_ready(blocks[c.block], mask, now)]
    rows = {cell.segment for cell in ready}
    in_force = [o for o in overrides if mask & o.when == o.when and {o.winner, o.loser} <= rows]
    last = plan.otherwise
    if last is not None and not is_ready(blocks[last.block], mask, now):
        last = None
    return Column(slot, plan, tuple(ready), tuple(in_force), last)


def decide(column: Column, blocks: Mapping[str, BlockPlan], live: Live) -> Answer:
    """The one answer of a slot. Raises whatever `live` raises."""
    fallback = Answer((column.slot.fallback,), FALLBACK)
    if column.plan is None:
        return fallback
    policy, ties = column.plan.policy, column.plan.ties
    eligible = eligible_cells(column, blocks, live)
    kept = survivors(list(eligible), column.overrides)
    candidates = [Candidate(cell.row, cell.block, eligible[cell]) for cell in kept]
    choice = POLICIES[policy](candidates, column.slot.max, lambda c: tie_values(ties, c, blocks, live))
    if choice.broken:
        return Answer((column.slot.fallback,), BROKEN)
    if choice.winners:
        segments = {cell.row: cell.segment for cell in kept}
        rows = tuple(segments[winner.row] for winner in choice.winners)
        return Answer(tuple(winner.block for winner in choice.winners), Reason("matrix", rows))
    if column.otherwise is not None and is_free(blocks[column.otherwise.block], live):
        return Answer((column.otherwise.block,), OTHERWISE)
    return fallback


def eligible_cells(
    column: Column, blocks: Mapping[str, BlockPlan], live: Live
) -> dict[CellPlan, int | float]:
    """The cells whose block may be shown, with their ranks; a cell whose rank is unknown drops out."""
    free: dict[str, bool] = {}
    found: dict[CellPlan, int | float] = {}
    for cell in column.cells:
        if cell.block not in free:
            free[cell.block] = is_free(blocks[cell.block], live)
        rank = rank_of(cell, live) if free[cell.block] else float("nan")
        if free[cell.block] and rank == rank:
            found[cell] = rank
    return found


def survivors(cells: Sequence[CellPlan], overrides: Sequence[OverridePlan]) -> list[CellPlan]:
    """The cells that no override takes away: all at once, so a row that loses still takes others away."""
    rows = {cell.segment for cell in cells}
    lost = {o.loser for o in overrides if o.winner in rows}
    return [cell for cell in cells if cell.segment not in lost]
