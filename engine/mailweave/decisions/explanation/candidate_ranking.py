"""Why each candidate of one slot won or lost.

The contest is the one that decides, with everybody asked; where a decision stops at the first reason, this
collects them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.decisions.candidates import Candidate, asking, in_force
from mailweave.decisions.columns import Column, Contest, contest
from mailweave.decisions.explanation.model import Cause, Contender, Kind
from mailweave.decisions.explanation.reasons import Causes
from mailweave.decisions.plan import CellPlan, ColumnPlan, DecisionPlan, SlotPlan
from mailweave.decisions.selection import Answer, Draw


@dataclass(frozen=True, slots=True)
class CandidateRanking:
    """One slot of one recipient. `answer` is what was decided of `column`, before experiments."""

    plan: DecisionPlan
    column: Column
    causes: Causes
    mask: int
    answer: Answer

    @property
    def slot(self) -> SlotPlan:
        return self.column.slot

    def contenders(self) -> tuple[Contender, ...]:
        """Everything that could have come into the slot, in row order, `otherwise` and the fallback last."""
        column = self.column.plan
        rows = () if column is None else tuple(self._rows(column))
        last = () if column is None or column.otherwise is None else (self._otherwise(column.otherwise),)
        return (*rows, *last, *(self._fallback(block) for block in self.slot.spare))

    # ---- the rows of the matrix

    def _rows(self, column: ColumnPlan) -> Iterator[Contender]:
        found = contest(self.column, column, self.plan.blocks, self.causes.live)
        eligible, left = ({one.cell.row: one for one in ones} for ones in (found.candidates, found.survivors))
        for cell in column.cells:
            if cell.row in left:
                why = self._judged(column, left[cell.row], found)
            elif cell.row in eligible:
                why = tuple(self._overridden(cell, found))
            else:
                why = tuple(self.causes.of_cell(cell, self.mask))
            yield self._contender("row", cell, why)

    def _overridden(self, cell: CellPlan, found: Contest) -> Iterator[Cause]:
        for override in in_force(found.candidates, self.column.overrides):
            if override.loser == cell.segment:
                yield self.causes.overridden(override)

    def _judged(self, column: ColumnPlan, one: Candidate, found: Contest) -> tuple[Cause, ...]:
        """The cause if the policy turned a candidate down; none for winners."""
        if found.winners is None:
            return (self.causes.broken(column, [each.cell for each in found.survivors]),)
        if found.draw is not None and one not in found.winners:
            return (self._not_drawn(one, found.winners[0], found.draw),)
        return () if one in found.winners else (self._beaten(column, one, found.winners),)

    def _not_drawn(self, one: Candidate, winner: Candidate, draw: Draw) -> Cause:
        if one.cell.block == winner.cell.block:
            return self.causes.better_cell(one.cell, winner.cell)
        return self.causes.not_drawn(one.cell, winner.cell, draw)

    def _beaten(self, column: ColumnPlan, one: Candidate, winners: list[Candidate]) -> Cause:
        same = next((winner for winner in winners if winner.cell.block == one.cell.block), None)
        if same is not None:
            return self.causes.better_cell(one.cell, same.cell)
        last = winners[-1]
        if len(winners) == column.limit > 1:
            return self.causes.beyond_max(one.cell, last.cell, self.slot)
        return self._compared(column, one, last)

    def _compared(self, column: ColumnPlan, one: Candidate, winner: Candidate) -> Cause:
        ask = asking(self.plan.blocks, self.causes.live)
        key = next(key for key in column.keys if ask(key, one) != ask(key, winner))
        if key == "rank":
            return self.causes.outranked(one, winner)
        if key == "row":
            return self.causes.later_row(one.cell, winner.cell)
        return self.causes.lost_tie(key, ask(key, one), ask(key, winner), winner.cell)

    # ---- what stands behind the rows

    def _otherwise(self, cell: CellPlan) -> Contender:
        how = self.answer.reason.how
        if how == "otherwise":
            return self._contender("otherwise", cell, ())
        found = (
            tuple(self.causes.of_block(self.plan.blocks[cell.block], self.mask))
            if how in ("fallback", "empty")
            else ()
        )
        return self._contender("otherwise", cell, found or (self.causes.not_reached(how),))

    def _fallback(self, block: str) -> Contender:
        how = self.answer.reason.how
        lost = () if how in ("fallback", "broken") else (self.causes.not_reached(how),)
        place = self.causes.place(self.slot.span)
        return Contender("fallback", "", block, "lost" if lost else "won", None, place, lost)

    def _contender(self, kind: Kind, cell: CellPlan, causes: tuple[Cause, ...]) -> Contender:
        rank = self._rank_text(cell) if kind == "row" else None
        place = self.causes.place(cell.span)
        return Contender(kind, cell.segment, cell.block, "lost" if causes else "won", rank, place, causes)

    def _rank_text(self, cell: CellPlan) -> str | None:
        """The rank, or the chance with which a block that might be shown was drawn."""
        draw = self.answer.draw
        if draw is None:
            return self.causes.rank_text(cell)
        return f"{draw.chances[cell.block]:.4g}" if cell.block in draw.chances else None
