"""Whether a slot is filled alike on both sides: cell by cell, written alike or, with a judge, proved to mean the same."""

from __future__ import annotations

from mailweave.diff.judge import Judge
from mailweave.diff.structure import Structure
from mailweave.rules import checked as c
from mailweave.rules.prover.columns import Cell, Column, Columns


def is_eligibility_alike(old: c.Block, new: c.Block, structure: Structure) -> bool:
    """Whether a block may be shown to the same, as far as that is written."""
    if (old.expires, old.cap, old.shows) != (new.expires, new.cap, new.shows):
        return False
    lists = structure.old.schema.lists, structure.new.schema.lists
    kept = all(lists[0].get(name) == lists[1].get(name) for name in old.shows)
    events = structure.old.schema.events.get("sent"), structure.new.schema.events.get("sent")
    return (
        kept
        and (old.cap is None or events[0] == events[1])
        and structure.same_all(old.requires, new.requires)
    )


def is_column_alike(slot: str, structure: Structure, judge: Judge | None = None) -> bool:
    """Whether the column of a slot is the same, its cells in their order. `judge` proves what is written otherwise."""
    return _Compared(slot, structure, judge).is_alike()


class _Compared:
    """One slot of both sides."""

    def __init__(self, slot: str, structure: Structure, judge: Judge | None) -> None:
        self.slot, self.structure, self.judge = slot, structure, judge
        self.columns = Columns(structure.old), Columns(structure.new)

    def is_alike(self) -> bool:
        old, new = self.structure.old.content.slots[self.slot], self.structure.new.content.slots[self.slot]
        columns = [columns.columns.get(self.slot) for columns in self.columns]
        if (old.max, old.fallback) != (new.max, new.fallback) or (columns[0] is None) != (columns[1] is None):
            return False
        if columns[0] is None or columns[1] is None:
            return old.fallback is None or self._is_block_alike(old.fallback)
        return self._same_column(columns[0], columns[1]) and self._same_overrides(columns[0], columns[1])

    def _same_column(self, old: Column, new: Column) -> bool:
        last = [None if column.otherwise is None else column.otherwise.block for column in (old, new)]
        if (old.policy, old.keys) != (new.policy, new.keys) or last[0] != last[1]:
            return False
        if len(old.cells) != len(new.cells) or (last[0] is not None and not self._is_block_alike(last[0])):
            return False
        return all(map(self._same_cell, old.cells, new.cells))

    def _same_cell(self, old: Cell, new: Cell) -> bool:
        if (old.block, old.cell.number) != (new.block, new.cell.number):
            return False
        same_rank = self.structure.same(old.cell.score, new.cell.score)
        return same_rank and self._same_row(old.segment, new.segment) and self._is_block_alike(old.block)

    def _same_row(self, old: str, new: str) -> bool:
        if self.structure.twins.get(old) == new and old in self.structure.alike:
            return True
        if self.judge is None:
            return False
        return self.judge.compare(lambda words: words.segment(old), lambda words: words.segment(new)).is_same

    def _is_block_alike(self, name: str) -> bool:
        old, new = self.structure.old.content.blocks[name], self.structure.new.content.blocks.get(name)
        if new is None or old.slot != new.slot:
            return False
        if is_eligibility_alike(old, new, self.structure):
            return True
        if self.judge is None:
            return False
        return self.judge.compare(
            lambda words: words.columns.eligible(name), lambda words: words.columns.eligible(name)
        ).is_same

    def _same_overrides(self, old: Column, new: Column) -> bool:
        """Those that can act in this column: both of their rows have a cell there."""
        mine, yours = _acting(self.structure.old, old), _acting(self.structure.new, new)
        return len(mine) == len(yours) and all(map(self._same_override, mine, yours))

    def _same_override(self, old: c.Override, new: c.Override) -> bool:
        pairs = ((old.winner, new.winner), (old.loser, new.loser))
        return all(self._same_row(*pair) for pair in pairs) and self.structure.same(
            old.condition, new.condition
        )


def _acting(document: c.CheckedDocument, column: Column) -> list[c.Override]:
    rows = {cell.segment for cell in column.cells}
    return [each for each in document.content.overrides if {each.winner, each.loser} <= rows]
