"""A column that the mask does not settle, made ready to ask recipients as little as possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailweave.decisions.columns import Answer, Column, decide, unfilled
from mailweave.decisions.eligibility import Live, is_free, tie_values
from mailweave.decisions.plan import BlockPlan, CellPlan
from mailweave.decisions.selection import Reason


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """`groups` are the cells best first, where their order is known beforehand and no override is in
    force: then whoever asks from the front may stop when enough have won. Else it is None."""

    column: Column
    groups: tuple[tuple[CellPlan, ...], ...] | None
    alone: Mapping[int, Answer]

    @classmethod
    def of(cls, column: Column) -> OpenColumn:
        """The column made ready: `alone` holds the answer of each row that wins alone."""
        lazy = column.is_sorted_beforehand and not column.overrides
        alone = {cell.row: Answer((cell.block,), Reason("matrix", (cell.segment,))) for cell in column.cells}
        return cls(column, column.groups() if lazy else None, alone)

    def decide(self, blocks: Mapping[str, BlockPlan], live: Live) -> Answer:
        """The same as `columns.decide`, asking less where that is possible."""
        if self.groups is None:
            return decide(self.column, blocks, live)
        limit = self.column.limit
        winners: dict[str, CellPlan] = {}
        for group in self.groups:
            for cell in self._in_order(group, blocks, live):
                winners.setdefault(cell.block, cell)
                if len(winners) == limit:
                    return self._answer(list(winners.values()))
        if winners:
            return self._answer(list(winners.values()))
        return unfilled(self.column, blocks, live)

    def _in_order(
        self, group: tuple[CellPlan, ...], blocks: Mapping[str, BlockPlan], live: Live
    ) -> list[CellPlan]:
        """The eligible cells of a group, best first."""
        assert self.column.plan is not None
        free = [cell for cell in group if is_free(blocks[cell.block], live)]
        if len(free) > 1:
            ties = self.column.plan.ties
            free.sort(key=lambda cell: (tie_values(ties, blocks[cell.block], live), cell.row))
        return free

    def _answer(self, winners: list[CellPlan]) -> Answer:
        if len(winners) == 1:
            return self.alone[winners[0].row]
        rows = tuple(cell.segment for cell in winners)
        return Answer(tuple(cell.block for cell in winners), Reason("matrix", rows))
