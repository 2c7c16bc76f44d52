"""Who gets what, as questions: eligibility, overrides, policies and ties of the matrices.

Where a tie, or a rank that is computed, is open, a cell is taken for one that may win: too many win, never too few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.nodes import PolicyName
from mailweave.rules.policies import POLICIES, SortKey
from mailweave.rules.prover.questions import NEVER, AllOf, AnyOf, AtLeast, Filled, Holds, NotSo, Question
from mailweave.schema.types import Bool, Duration, Instant, Int, Text
from mailweave.source import Span

_SENT, _SENT_BLOCK = "sent", "block"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that may win: `at` is the number of its row."""

    at: int
    segment: str
    cell: c.Cell
    row: c.Row

    @property
    def block(self) -> str:
        """The block it shows."""
        return self.cell.block


@dataclass(frozen=True, slots=True)
class Column:
    """A slot's cells, its policy and ties."""

    slot: c.Slot
    policy: PolicyName
    keys: tuple[SortKey, ...]
    cells: tuple[Cell, ...]
    otherwise: c.Cell | None
    span: Span = field(compare=False)
    open_ends: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it is certain who wins: nothing is computed or drawn, no tie asks what was sent or ends when."""
        asked = {"least recently sent", "drawn"} & {*self.keys} or (
            "expires soonest" in self.keys and self.open_ends
        )
        return all(cell.cell.score is None for cell in self.cells) and not asked

    @property
    def limit(self) -> int:
        """How many blocks may win."""
        return POLICIES[self.policy].limit(self.slot.max)


_Make: TypeAlias = Callable[[Column, Cell, c.Override | None], Question]


@dataclass(slots=True)
class Columns:
    """The columns of a text, and who wins in them."""

    document: c.CheckedDocument
    columns: dict[str, Column] = field(init=False)
    _eligible: dict[str, Question] = field(default_factory=dict)
    _known: dict[tuple[str, str, int, Span | None], Question] = field(default_factory=dict)

    def __post_init__(self) -> None:
        slots = self.document.content.slots
        ends = frozenset(
            name for name, block in self.document.content.blocks.items() if block.after is not None
        )
        self.columns = {
            column.slot: _column(matrix, at, slots[column.slot], ends)
            for matrix in self.document.content.matrices
            for at, column in enumerate(matrix.columns)
        }

    def mailed(self) -> Question:
        """That no `skip` keeps the mail back."""
        return NotSo(AnyOf(tuple(Holds(skip.condition) for skip in self.document.skips)))

    def candidate(self, cell: Cell) -> Question:
        """That a cell's row holds, and its block may be shown."""
        return AllOf((in_segment(cell), self.eligible(cell.block), *_ranked(cell)))

    def eligible(self, name: str) -> Question:
        """That a block may be shown: its conditions, its expiry, its cap, its lists."""
        if name not in self._eligible:
            block = self.document.content.blocks[name]
            parts: list[Question] = [Holds(condition) for condition in block.requires]
            parts += [] if block.expires is None else [_before(block.expires, block.span)]
            parts += [] if block.cap is None else [self._below_cap(block, block.cap)]
            parts += self._filled(block.shows)
            self._eligible[name] = AllOf(tuple(parts))
        return self._eligible[name]

    def _below_cap(self, block: c.Block, cap: c.Cap) -> Question:
        """Sends count under the name of the block and under those of its arms."""
        arms = [
            arm.block
            for e in self.document.content.experiments.values()
            if e.block == block.name
            for arm in e.arms
        ]
        span, names = block.span, tuple(dict.fromkeys([block.name, *arms]))
        shown = x.ItemField(span, Text(), False, _SENT_BLOCK)
        where = x.In(span, Bool(), False, shown, tuple(x.Const(span, Text(), False, name) for name in names))
        window = x.ExactWindow(cap.per, True)
        sent = x.EventAggregate(span, Int(), False, "count", _SENT, None, window, where)
        return Holds(x.Compare(span, Bool(), False, sent, "<", x.Const(span, Int(), False, cap.count)))

    def survives(self, column: Column, cell: Cell, without: c.Override | None = None) -> Question:
        """That a cell is a candidate, and no override takes it away."""
        return self._once("survives", self._surviving, column, cell, without)

    def _once(
        self, what: str, make: _Make, column: Column, cell: Cell, without: c.Override | None
    ) -> Question:
        """What is asked of one cell, put together once: the questions of a column share it."""
        key = (what, column.slot.name, cell.at, None if without is None else without.span)
        if key not in self._known:
            self._known[key] = make(column, cell, without)
        return self._known[key]

    def _surviving(self, column: Column, cell: Cell, without: c.Override | None) -> Question:
        taken = tuple(
            self.takes(column, override)
            for override in self.document.content.overrides
            if override.loser == cell.segment and override is not without
        )
        return AllOf((self.candidate(cell), *map(NotSo, taken)))

    def takes(self, column: Column, override: c.Override) -> Question:
        """That an override is in force in a column, for whoever is in the loser's row."""
        winners = AnyOf(tuple(self.candidate(o) for o in column.cells if o.segment == override.winner))
        return winners if override.condition is None else AllOf((winners, Holds(override.condition)))

    def changes(self, column: Column, cell: Cell, override: c.Override) -> Question:
        """That an override takes a cell that would be shown without it, or would break the column's promise."""
        broken = tuple(
            self.survives(column, other, override)
            for other in column.cells
            if is_conflict(column, cell, other)
        )
        here = AllOf((self.survives(column, cell, override), AnyOf(broken)))
        return AllOf((AnyOf((self.wins(column, cell, override), here)), self.takes(column, override)))

    def wins(self, column: Column, cell: Cell, without: c.Override | None = None) -> Question:
        """That a cell is among those that are shown."""
        return self._once("wins", self._winning, column, cell, without)

    def _winning(self, column: Column, cell: Cell, without: c.Override | None) -> Question:
        here = self.survives(column, cell, without)
        against = [
            (other, self.survives(column, other, without))
            for other in column.cells
            if other is not cell and (self.beats(column, other, cell) or is_conflict(column, other, cell))
        ]
        if column.limit == 1:
            return AllOf((here, *(NotSo(question) for _, question in against)))
        return AllOf((here, *self._collected(column, cell, against)))

    def _collected(
        self, column: Column, cell: Cell, better: list[tuple[Cell, Question]]
    ) -> Iterator[Question]:
        """That it is the best cell of its block, and that fewer other blocks than there is room for are better."""
        yield from (NotSo(question) for other, question in better if other.block == cell.block)
        blocks = dict.fromkeys(other.block for other, _ in better if other.block != cell.block)
        better_blocks = tuple(AnyOf(tuple(q for o, q in better if o.block == block)) for block in blocks)
        if len(better_blocks) >= column.limit:
            yield NotSo(AtLeast(column.limit, better_blocks))

    def beats(self, column: Column, one: Cell, other: Cell) -> bool:
        """Whether it is certain that one cell comes before another where both survive."""
        for key in column.keys:
            if key in ("least recently sent", "drawn") and one.block == other.block:
                continue
            ours, theirs = self._standing(key, one), self._standing(key, other)
            if ours is None or theirs is None:
                return False
            if ours != theirs:
                return ours < theirs
        return False

    def _standing(self, key: SortKey, cell: Cell) -> float | None:
        """What a key says of a cell, the smaller one first; None where that is open."""
        match key:
            case "rank":
                rank = _rank(cell)
                return None if rank is None else -rank
            case "least recently sent" | "drawn":
                return None
            case "expires soonest":
                block = self.document.content.blocks[cell.block]
                return None if block.after is not None else block.expires or float("inf")
            case "row":
                return cell.at

    # ---- slots and blocks

    def unfilled(self, column: Column) -> Question:
        """That no candidate is left in a column."""
        return NotSo(AnyOf(tuple(self.survives(column, cell) for cell in column.cells)))

    def broken(self, column: Column) -> Question:
        """That a promise of `unique` or `any` does not hold."""
        pairs = [
            AllOf((self.survives(column, one), self.survives(column, other)))
            for one, other in rivals(column)
            if is_conflict(column, one, other)
        ]
        return AnyOf(tuple(pairs))

    def last(self, column: Column) -> Question:
        """That the row `otherwise` is shown."""
        if column.otherwise is None:
            return NEVER
        return AllOf((self.unfilled(column), self.eligible(column.otherwise.block)))

    def falls_back(self, slot: c.Slot) -> Question:
        """That the fallback of a slot is shown, or nothing where it is optional."""
        column = self.columns.get(slot.name)
        if column is None:
            return AllOf(())
        nothing: Question = self.unfilled(column)
        if column.otherwise is not None:
            nothing = AllOf((nothing, NotSo(self.eligible(column.otherwise.block))))
        return AnyOf((nothing, self.broken(column)))

    def chosen(self, block: str) -> Question:
        """That a block is chosen for its slot, before any experiment; without `mailed`."""
        slot = self.document.content.slots[self.document.content.blocks[block].slot]
        column = self.columns.get(slot.name)
        ways: list[Question] = []
        if column is not None:
            ways += [self.wins(column, cell) for cell in column.cells if cell.block == block]
            if column.otherwise is not None and column.otherwise.block == block:
                ways.append(self.last(column))
        if slot.fallback == block:
            ways.append(self.falls_back(slot))
        return AnyOf(tuple(ways))

    def tried(self, experiment: c.AnyExperiment) -> Question:
        """That somebody is inside an experiment and has a unit; of one on a block, that this is chosen for them."""
        unit = self.document.schema.profile[experiment.unit]
        value = x.Attribute(experiment.span, unit.type, True, unit.name)
        known = Holds(x.Known(experiment.span, Bool(), False, value))
        only = () if experiment.only is None else (Holds(experiment.only),)
        if not isinstance(experiment, c.Experiment):
            return AllOf((known, *only))
        lists = self._filled(self.document.content.arm_lists(experiment))
        return AllOf((self.chosen(experiment.block), known, *only, *lists))

    def _filled(self, lists: Iterable[str]) -> Iterator[Question]:
        """That lists have items, those that may be without."""
        yield from (Filled(each) for each in lists if not self.document.schema.lists[each].is_filled)

    def shown(self, block: str) -> Question:
        """That somebody gets a block, be it as an arm; whoever the hash then picks."""
        arms = [
            self.tried(e)
            for e in self.document.content.experiments.values()
            for arm in e.arms
            if arm.block == block != e.block and arm.share > 0 and e.holdout < 1
        ]
        return AllOf((self.mailed(), AnyOf((self.chosen(block), *arms))))


def rivals(column: Column) -> Iterator[tuple[Cell, Cell]]:
    """Pairs of cells that break a promise, or compete: of one row's segment there are none."""
    for at, one in enumerate(column.cells):
        for other in column.cells[at + 1 :]:
            if one.block != other.block or is_conflict(column, one, other):
                yield one, other


def is_conflict(column: Column, one: Cell, other: Cell) -> bool:
    """Whether two cells that both survive break the promise of their column."""
    return POLICIES[column.policy].is_broken([one.block, other.block])


def _column(matrix: c.Matrix, at: int, slot: c.Slot, ends: frozenset[str]) -> Column:
    """The column; `ends` are the blocks that end for each recipient on their own."""
    cells = tuple(
        Cell(number, row.segment, cell, row)
        for number, row in enumerate(matrix.rows)
        if row.segment is not None and (cell := row.cells[at]) is not None
    )
    declared = matrix.columns[at]
    keys = POLICIES[declared.policy].keys(matrix.ties)
    open_ends = any(cell.block in ends for cell in cells)
    return Column(slot, declared.policy, keys, cells, matrix.otherwise.cells[at], declared.span, open_ends)


def in_segment(cell: Cell) -> Question:
    """That a cell's row holds."""
    return Holds(x.InSegment(cell.row.span, Bool(), False, cell.segment))


def _ranked(cell: Cell) -> Iterator[Question]:
    """A cell whose rank is unknown drops out."""
    score = cell.cell.score
    if score is not None and score.optional:
        yield Holds(x.Known(score.span, Bool(), False, score))


def _rank(cell: Cell) -> float | None:
    """The rank of a cell; None where it is computed."""
    if cell.cell.score is None:
        return cell.cell.number or 0
    value = x.bare(cell.cell.score)
    return float(value.value) if isinstance(value, x.Const) else None


def _before(end: int, span: Span) -> Question:
    """That it is not yet `end`."""
    since = x.TimeSince(span, Duration(), False, x.Const(span, Instant(), False, end))
    return Holds(x.Compare(span, Bool(), False, since, "<", x.Const(span, Duration(), False, 0)))
