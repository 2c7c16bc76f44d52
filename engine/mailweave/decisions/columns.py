"""The answer of one slot: candidates, eligibility, overrides, policy, ties, max, otherwise, fallback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mailweave.decisions.eligibility import Live, is_free, is_ready, rank_of, tie_values
from mailweave.decisions.plan import BlockPlan, CellPlan, ColumnPlan, OverridePlan, SlotPlan
from mailweave.decisions.policies import POLICIES, RANKED, Candidate, Choice
from mailweave.decisions.selection import Reason

FALLBACK, OTHERWISE, BROKEN = Reason("fallback"), Reason("otherwise", ("otherwise",)), Reason("broken")


class Answer(NamedTuple):
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

    @property
    def limit(self) -> int:
        """How many blocks the policy may choose."""
        return self.slot.max if self.plan is not None and self.plan.policy == "collect" else 1

    @property
    def is_sorted_beforehand(self) -> bool:
        """Whether the cells have one order for all recipients, but for ties."""
        if self.plan is None or self.plan.policy not in _SORTED:
            return False
        return all(cell.score is None for cell in self.cells)

    def groups(self) -> tuple[tuple[CellPlan, ...], ...]:
        """The cells best first, those that only a tie tells apart together; for columns sorted beforehand."""
        if self.plan is None or self.plan.policy not in RANKED:
            return tuple((cell,) for cell in self.cells)
        ranks = sorted({cell.rank for cell in self.cells}, reverse=True)
        return tuple(tuple(cell for cell in self.cells if cell.rank == rank) for rank in ranks)


_SORTED = frozenset({"first", "priority", "collect"})


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
    if column.plan is None:
        return Answer((column.slot.fallback,), FALLBACK)
    policy, ties = column.plan.policy, column.plan.ties
    candidates = survivors(eligible_cells(column, blocks, live), column.overrides)
    choice = POLICIES[policy](
        [Candidate(cell.row, cell.block, rank) for cell, rank in candidates],
        column.slot.max,
        lambda candidate: tie_values(ties, blocks[candidate.block], live),
    )
    return _answered(column, choice) or unfilled(column, blocks, live)


def _answered(column: Column, choice: Choice) -> Answer | None:
    if choice.broken:
        return Answer((column.slot.fallback,), BROKEN)
    if not choice.winners:
        return None
    segments = {cell.row: cell.segment for cell in column.cells}
    rows = tuple(segments[winner.row] for winner in choice.winners)
    return Answer(tuple(winner.block for winner in choice.winners), Reason("matrix", rows))


def unfilled(column: Column, blocks: Mapping[str, BlockPlan], live: Live) -> Answer:
    """The row `otherwise` when its block is eligible, else the fallback of the slot."""
    last = column.otherwise
    if last is not None and is_free(blocks[last.block], live):
        return Answer((last.block,), OTHERWISE)
    return Answer((column.slot.fallback,), FALLBACK)


def eligible_cells(
    column: Column, blocks: Mapping[str, BlockPlan], live: Live
) -> list[tuple[CellPlan, int | float]]:
    """The cells whose block may be shown, with their ranks; a cell whose rank is unknown drops out."""
    free = [cell for cell in column.cells if is_free(blocks[cell.block], live)]
    ranked = [(cell, rank_of(cell, live)) for cell in free]
    return [(cell, rank) for cell, rank in ranked if rank == rank]


def survivors(
    cells: list[tuple[CellPlan, int | float]], overrides: Sequence[OverridePlan]
) -> list[tuple[CellPlan, int | float]]:
    """The cells that no override takes away: all at once, so a row that loses still takes others away."""
    if not overrides:
        return cells
    rows = {cell.segment for cell, _ in cells}
    lost = {o.loser for o in overrides if o.winner in rows}
    return [(cell, rank) for cell, rank in cells if cell.segment not in lost]
