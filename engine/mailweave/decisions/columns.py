"""The answer of one slot: candidates, overrides, policy, ties, max, `otherwise`, fallback.

The one place where a slot is chosen: for a mask alone, for a recipient, and for the explanation.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import NamedTuple

from mailweave.decisions.candidates import (
    Candidate,
    asking,
    best_first,
    eligible,
    first_blocks,
    survivors,
)
from mailweave.decisions.drawing import Drawing, drawn
from mailweave.decisions.eligibility import Live, Nobody, is_free, is_ready
from mailweave.decisions.plan import BlockPlan, CellPlan, ColumnPlan, DecisionPlan, OverridePlan, SlotPlan
from mailweave.decisions.selection import Answer, Draw, Reason
from mailweave.rules.policies import POLICIES

BROKEN = Reason("broken")
_FALLBACK, _EMPTY = Reason("fallback"), Reason("empty")


@dataclass(frozen=True, slots=True)
class Lot:
    """A draw among blocks that are the same for all recipients of a column: the ends of their stretches of [0, 1)."""

    drawing: Drawing
    ends: tuple[float, ...]
    answers: tuple[Answer, ...]

    def answer(self, live: Live) -> Answer:
        """What is drawn for one recipient."""
        place = self.drawing.place(live.unit(self.drawing.unit))
        return self.answers[min(bisect_right(self.ends, place), len(self.answers) - 1)]


@dataclass(frozen=True, slots=True)
class Column:
    """A slot's column for all recipients with one mask: what is false for them is gone.

    cells: rows that hold, with blocks that conditions and expiry allow. overrides: those in force.
    otherwise: absent when its block is not allowed. groups: the cells best first, those that only ties
    tell apart together, where whoever asks from the front may stop when enough have won; else None. bucket: in which a
    block is drawn, where the policy draws; lot: where the recipient decides nothing else.
    """

    slot: SlotPlan
    plan: ColumnPlan | None
    cells: tuple[CellPlan, ...] = ()
    overrides: tuple[OverridePlan, ...] = ()
    otherwise: CellPlan | None = None
    groups: tuple[tuple[Candidate, ...], ...] | None = None
    bucket: str = ""
    lot: Lot | None = None

    def sorted_beforehand(self) -> tuple[tuple[CellPlan, ...], ...] | None:
        """The cells in groups, best first; None where the order differs between recipients."""
        if self.plan is None or self.plan.drawing is not None or any(c.score for c in self.cells):
            return None
        if POLICIES[self.plan.policy].promises:
            return None
        if self.plan.keys[0] == "row":
            return tuple((cell,) for cell in self.cells)
        ranked = sorted(self.cells, key=lambda cell: -cell.rank)
        return tuple(tuple(equals) for _, equals in groupby(ranked, key=lambda cell: cell.rank))

    def prepared(self, blocks: Mapping[str, BlockPlan]) -> Column:
        """The same column, made ready to ask recipients as little as possible."""
        if self.plan is not None and self.plan.drawing is not None:
            is_live = any(blocks[cell.block].is_live for cell in self.cells)
            return self if is_live else replace(self, lot=self._lot(self.plan.drawing, blocks))
        groups = None if self.overrides else self.sorted_beforehand()
        if groups is None:
            return self
        return replace(self, groups=tuple(tuple(Candidate(c, c.rank) for c in group) for group in groups))

    def _lot(self, drawing: Drawing, blocks: Mapping[str, BlockPlan]) -> Lot:
        left = survivors(eligible(self.cells, blocks, Nobody()), self.overrides)
        draw = drawing.over(self.bucket, (one.cell.block for one in left))
        cells = {one.cell.block: one.cell for one in reversed(left)}
        answers = (cells[block].alone._replace(draw=draw) for block in draw.chances)
        return Lot(drawing, tuple(accumulate(draw.chances.values())), tuple(answers))


class Contest(NamedTuple):
    """Who competed for a slot, and won: `winners` best first, None where a promise is broken. `draw`, where one was
    drawn."""

    candidates: list[Candidate]
    survivors: list[Candidate]
    winners: list[Candidate] | None
    draw: Draw | None = None


def narrowed(slot: SlotPlan, plan: DecisionPlan, mask: int, now: float) -> Column:
    """A slot's column with everything gone that this mask and this moment rule out."""
    column, blocks = plan.columns.get(slot.name), plan.blocks
    if column is None:
        return Column(slot, None)
    ready = [c for c in column.cells if mask & c.holds and is_ready(blocks[c.block], mask, now)]
    rows = {cell.segment for cell in ready}
    overrides = [o for o in plan.overrides if mask & o.when == o.when and {o.winner, o.loser} <= rows]
    last = column.otherwise
    if last is not None and not is_ready(blocks[last.block], mask, now):
        last = None
    bucket = "" if column.drawing is None else column.drawing.bucket(mask)
    return Column(slot, column, tuple(ready), tuple(overrides), last, bucket=bucket)


def decide(column: Column, blocks: Mapping[str, BlockPlan], live: Live) -> Answer:
    """The one answer of a slot. Raises whatever `live` raises."""
    if column.plan is None:
        return unchosen(column.slot)
    if column.lot is not None:
        return column.lot.answer(live)
    draw = None
    if column.groups is None:
        _, _, winners, draw = contest(column, column.plan, blocks, live)
    else:
        winners = first_blocks(_from_the_front(column.groups, column.plan, blocks, live), column.plan.limit)
    if winners is None:
        return Answer(column.slot.spare, BROKEN)
    return _answered(winners, draw) if winners else _unfilled(column, blocks, live)


def contest(column: Column, plan: ColumnPlan, blocks: Mapping[str, BlockPlan], live: Live) -> Contest:
    """All candidates of a column, asked one and all."""
    candidates = eligible(column.cells, blocks, live)
    left = survivors(candidates, column.overrides)
    if plan.drawing is not None and left:
        return Contest(candidates, left, *_by_lot(plan.drawing, column.bucket, left, live))
    if POLICIES[plan.policy].is_broken([one.cell.block for one in left]):
        return Contest(candidates, left, None)
    ordered = best_first(left, plan.keys, asking(blocks, live))
    return Contest(candidates, left, first_blocks(ordered, plan.limit))


def _by_lot(drawing: Drawing, bucket: str, left: list[Candidate], live: Live) -> tuple[list[Candidate], Draw]:
    """The one that is drawn, by its first row; where there is no choice nobody is asked."""
    draw = drawing.over(bucket, (one.cell.block for one in left))
    block = left[0].cell.block
    if len(draw.chances) > 1:
        block = drawn(draw, drawing.place(live.unit(drawing.unit)))
    return [next(one for one in left if one.cell.block == block)], draw


def _from_the_front(
    groups: tuple[tuple[Candidate, ...], ...], plan: ColumnPlan, blocks: Mapping[str, BlockPlan], live: Live
) -> Iterator[Candidate]:
    """The same winners first, for cells whose order is known but for ties."""
    for group in groups:
        free = [one for one in group if is_free(blocks[one.cell.block], live)]
        yield from free if len(free) < 2 else best_first(free, plan.keys[1:], asking(blocks, live))


def _answered(winners: list[Candidate], draw: Draw | None) -> Answer:
    if len(winners) == 1:
        alone = winners[0].cell.alone
        return alone if draw is None else alone._replace(draw=draw)
    rows = tuple(winner.cell.segment for winner in winners)
    return Answer(tuple(winner.cell.block for winner in winners), Reason("matrix", rows))


def _unfilled(column: Column, blocks: Mapping[str, BlockPlan], live: Live) -> Answer:
    """The row `otherwise` when its block is eligible, else what the slot shows unchosen."""
    last = column.otherwise
    if last is not None and is_free(blocks[last.block], live):
        return last.alone
    return unchosen(column.slot)


def unchosen(slot: SlotPlan) -> Answer:
    """What a slot shows where no block was chosen: its fallback, or nothing where it is optional."""
    return Answer(slot.spare, _EMPTY if slot.fallback is None else _FALLBACK)
