"""Why each candidate of one slot won or lost.

It repeats the steps of a decision with nothing left out: where the selector stops at the first reason,
this collects them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.decisions.columns import Answer
from mailweave.decisions.eligibility import rank_of, tie_value, tie_values
from mailweave.decisions.explanation.causes import Causes
from mailweave.decisions.explanation.model import Cause, Contender, Kind
from mailweave.decisions.plan import CellPlan, ColumnPlan, DecisionPlan, SlotPlan
from mailweave.decisions.policies import RANKED, Candidate, in_order


@dataclass(frozen=True, slots=True)
class Contest:
    """One slot of one recipient. `answer` is what the selector chose, before experiments."""

    plan: DecisionPlan
    slot: SlotPlan
    causes: Causes
    mask: int
    answer: Answer

    def contenders(self) -> tuple[Contender, ...]:
        """Everything that could have come into the slot, in row order, `otherwise` and the fallback last."""
        column = self.plan.columns.get(self.slot.name)
        rows = () if column is None else self._rows(column)
        last = () if column is None or column.otherwise is None else (self._otherwise(column.otherwise),)
        return (*rows, *last, self._fallback())

    # ---- the rows of the matrix

    def _rows(self, column: ColumnPlan) -> tuple[Contender, ...]:
        ineligible = {cell: tuple(self.causes.of_cell(cell, self.mask)) for cell in column.cells}
        eligible = [cell for cell in column.cells if not ineligible[cell]]
        overridden = {cell: tuple(self._overridden(cell, eligible)) for cell in eligible}
        left = [cell for cell in eligible if not overridden[cell]]
        lost = dict(zip(left, self._judged(column, left), strict=True))
        why = {**ineligible, **{c: found for c, found in overridden.items() if found}, **lost}
        return tuple(self._contender("row", cell, why[cell]) for cell in column.cells)

    def _overridden(self, cell: CellPlan, eligible: list[CellPlan]) -> Iterator[Cause]:
        present = {other.segment for other in eligible}
        for override in self.plan.overrides:
            in_force = self.mask & override.when == override.when
            if override.loser == cell.segment and override.winner in present and in_force:
                yield self.causes.overridden(override)

    def _judged(self, column: ColumnPlan, left: list[CellPlan]) -> Iterator[tuple[Cause, ...]]:
        """The causes of each candidate that the policy turned down; none for winners."""
        if self.answer.reason.how == "broken":
            yield from ((self.causes.broken(column, left),) for _ in left)
            return
        winners = self._winners(column, left)
        for cell in left:
            yield () if cell in winners else (self._beaten(column, cell, winners),)

    def _winners(self, column: ColumnPlan, left: list[CellPlan]) -> list[CellPlan]:
        """The cells that won, best first: of each chosen block the best one."""
        ranked = self._ranked(column, left)
        return [next(cell for cell in ranked if cell.block == b) for b in self.answer.blocks] if left else []

    def _ranked(self, column: ColumnPlan, left: list[CellPlan]) -> list[CellPlan]:
        if column.policy not in RANKED:
            return left
        by_row = {cell.row: cell for cell in left}
        live, blocks = self.causes.live, self.plan.blocks
        candidates = [Candidate(cell.row, cell.block, rank_of(cell, live)) for cell in left]
        order = in_order(candidates, lambda c: tie_values(column.ties, blocks[c.block], live))
        return [by_row[candidate.row] for candidate in order]

    def _beaten(self, column: ColumnPlan, cell: CellPlan, winners: list[CellPlan]) -> Cause:
        same = next((winner for winner in winners if winner.block == cell.block), None)
        if same is not None:
            return self.causes.better_cell(cell, same)
        last = winners[-1]
        if column.policy == "collect" and len(winners) == self.slot.max > 1:
            return self.causes.beyond_max(cell, last, self.slot)
        return self._compared(column, cell, last)

    def _compared(self, column: ColumnPlan, cell: CellPlan, winner: CellPlan) -> Cause:
        live, blocks = self.causes.live, self.plan.blocks
        if column.policy not in RANKED:
            return self.causes.later_row(cell, winner)
        if rank_of(cell, live) != rank_of(winner, live):
            return self.causes.outranked(cell, winner)
        for key in column.ties:
            ours, theirs = (tie_value(key, blocks[c.block], live) for c in (cell, winner))
            if ours != theirs:
                return self.causes.lost_tie(key, cell, winner)
        return self.causes.later_row(cell, winner)

    # ---- what stands behind the rows

    def _otherwise(self, cell: CellPlan) -> Contender:
        how = self.answer.reason.how
        if how == "otherwise":
            return self._contender("otherwise", cell, ())
        found = (
            tuple(self.causes.of_block(self.plan.blocks[cell.block], self.mask)) if how == "fallback" else ()
        )
        return self._contender("otherwise", cell, found or (self.causes.not_reached(how),))

    def _fallback(self) -> Contender:
        how = self.answer.reason.how
        lost = () if how in ("fallback", "broken") else (self.causes.not_reached(how),)
        place = self.causes.place(self.slot.span)
        return Contender("fallback", "", self.slot.fallback, "lost" if lost else "won", None, place, lost)

    def _contender(self, kind: Kind, cell: CellPlan, causes: tuple[Cause, ...]) -> Contender:
        rank = self.causes.rank_text(cell) if kind == "row" else None
        place = self.causes.place(cell.span)
        return Contender(kind, cell.segment, cell.block, "lost" if causes else "won", rank, place, causes)
