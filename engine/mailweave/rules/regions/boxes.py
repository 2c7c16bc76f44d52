"""Boxes: for each variable the cells that are left. What they cannot tell apart, no condition does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import TypeAlias

from mailweave.rules import typed as x
from mailweave.rules.regions.formulas import (
    All,
    Complement,
    Disjunction,
    Either,
    Formula,
    Given,
    IsTrue,
    Test,
    TooLarge,
)
from mailweave.rules.regions.variables import Cell, Cuts, Range, Variable

Box: TypeAlias = tuple[int, ...]  # for each variable the set of its cells, as bits
_MOST_BOXES = 3_000


class Space:
    """The variables of some formulas, their cells, and the axioms that tie counts together.

    effort: how many pairs of boxes are held against each other before it counts as too large.
    """

    def __init__(self, formulas: Iterable[Formula], effort: float = inf) -> None:
        self._effort = effort
        self._cuts: dict[Variable, Cuts] = {}
        for formula in formulas:
            self._collect(formula)
        self.variables = tuple(self._cuts)
        self._at = {variable: at for at, variable in enumerate(self.variables)}
        self.cells: list[tuple[Cell, ...]] = [cuts.cells() for cuts in self._cuts.values()]
        self.everything: Box = tuple((1 << len(cells)) - 1 for cells in self.cells)
        self._below = _axioms(self.variables)

    def _collect(self, formula: Formula) -> None:
        match formula:
            case Test(variable=variable, ranges=ranges, labels=labels):
                cuts = self._cuts.setdefault(variable, Cuts(variable))
                ends = (end for each in ranges for end in (each.low, each.high))
                cuts.numbers.update(end for end in ends if abs(end) != inf)
                cuts.labels.update(labels)
            case Given(variable=variable):
                self._cuts.setdefault(variable, Cuts(variable))
            case All(parts=parts) | Disjunction(parts=parts):
                for part in parts:
                    self._collect(part)
            case Complement(part=part) | IsTrue(part=part):
                self._collect(part)
            case Either(true=true, false=false):
                self._collect(true)
                self._collect(false)

    # ---- where a formula is true, where it is false

    def true(self, formula: Formula) -> list[Box]:
        """The boxes in which a formula is true. Raises TooLarge."""
        return self._where(formula, wanted=True)

    def _where(self, formula: Formula, *, wanted: bool) -> list[Box]:
        match formula:
            case Test():
                return self._tested(formula, wanted=wanted)
            case Given(variable=variable):
                return self._one(variable, self._mask(variable, lambda cell: cell.missing != wanted))
            case Complement(part=part):
                return self._where(part, wanted=not wanted)
            case Either(true=true, false=false):
                return self._where(true if wanted else false, wanted=True)
            case IsTrue(part=part):
                found = self._where(part, wanted=True)
                return found if wanted else self.outside(found)
            case All(parts=parts):
                return self._all(parts, wanted=True) if wanted else self._some(parts, wanted=False)
            case Disjunction(parts=parts):
                return self._some(parts, wanted=True) if wanted else self._all(parts, wanted=False)

    def _all(self, parts: Sequence[Formula], *, wanted: bool) -> list[Box]:
        found = [self.everything]
        for part in parts:
            found = self._met(found, self._where(part, wanted=wanted))
        return found

    def _some(self, parts: Sequence[Formula], *, wanted: bool) -> list[Box]:
        return _few([box for part in parts for box in self._where(part, wanted=wanted)])

    def _tested(self, test: Test, *, wanted: bool) -> list[Box]:
        def holds(cell: Cell) -> bool:
            if cell.missing:
                return False
            if cell.range is None:
                return (cell.label in test.labels) == wanted
            inside = any(_inside(cell, each) for each in test.ranges)
            return inside == wanted

        return self._one(test.variable, self._mask(test.variable, holds))

    def _mask(self, variable: Variable, holds: Callable[[Cell], bool]) -> int:
        cells = self.cells[self._at[variable]]
        return sum(1 << at for at, cell in enumerate(cells) if holds(cell))

    def _one(self, variable: Variable, mask: int) -> list[Box]:
        at = self._at[variable]
        box = (*self.everything[:at], mask, *self.everything[at + 1 :])
        return [box] if mask else []

    def _met(self, left: list[Box], right: list[Box]) -> list[Box]:
        self._effort -= len(left) * len(right)
        if self._effort < 0:
            raise TooLarge
        pairs = ((one, other) for one in left for other in right)
        met = dict.fromkeys(tuple(a & b for a, b in zip(*pair, strict=True)) for pair in pairs)
        return _few([box for box in met if self.possible(box)])

    def outside(self, boxes: Iterable[Box]) -> list[Box]:
        """What some boxes leave over, as boxes that do not meet. Raises TooLarge."""
        left = [self.everything]
        for box in boxes:
            left = _few([rest for whole in left for rest in self._without(whole, box)])
        return left

    def _without(self, whole: Box, box: Box) -> Iterable[Box]:
        if any(not a & b for a, b in zip(whole, box, strict=True)):
            yield whole
            return
        rest = list(whole)
        for at, mask in enumerate(box):
            over = rest[at] & ~mask
            if over:
                piece = (*rest[:at], over, *rest[at + 1 :])
                if self.possible(piece):
                    yield piece
            rest[at] &= mask

    # ---- the axioms

    def possible(self, box: Box) -> bool:
        """Whether somebody can be in a box, as far as the axioms know."""
        return self.least(box) is not None

    def least(self, box: Box) -> tuple[float | None, ...] | None:
        """The least number in each variable that satisfies the axioms; None in the tuple for labels."""
        if not all(box):
            return None
        found: list[float | None] = [None] * len(box)
        for at, below in self._below:
            floor = max((found[b] or 0 for b in below), default=-inf)
            found[at] = self._at_least(at, box[at], floor)
            if found[at] is None and not self._labelled_or_missing(at, box[at]):
                return None
        return tuple(found)

    def _at_least(self, at: int, mask: int, floor: float) -> float | None:
        for place, cell in enumerate(self.cells[at]):
            if mask >> place & 1 and cell.range is not None and cell.range.high >= floor:
                return max(cell.range.low, floor)
        return None

    def _labelled_or_missing(self, at: int, mask: int) -> bool:
        cells = self.cells[at]
        return any(mask >> place & 1 and cell.range is None for place, cell in enumerate(cells))


def _inside(cell: Cell, wanted: Range) -> bool:
    """Whether a cell lies in a range; as no condition divides it, one of its numbers tells."""
    found = cell.range
    assert found is not None
    return _one_of(found) in wanted


def _one_of(found: Range) -> float:
    if not found.low_open and found.low != -inf:
        return found.low
    if not found.high_open and found.high != inf:
        return found.high
    if found.low == -inf:
        return found.high - 1 if found.high != inf else 0
    return found.low + 1 if found.high == inf else (found.low + found.high) / 2


def _few(boxes: list[Box]) -> list[Box]:
    if len(boxes) > _MOST_BOXES:
        raise TooLarge
    return boxes


def _axioms(variables: Sequence[Variable]) -> list[tuple[int, list[int]]]:
    """For each variable those that are at most as great, smaller windows first."""
    at = sorted(range(len(variables)), key=lambda i: _reach(variables[i].key))
    return [(i, [j for j in at if j != i and _at_most(variables[j].key, variables[i].key)]) for i in at]


def _reach(key: x.Expr) -> tuple[float, bool]:
    """Sorts counts so that each stands behind those that cannot be greater."""
    if not isinstance(key, x.EventAggregate) or key.function != "count":
        return (-1.0, False)
    window = key.window
    length = inf if window is None else float(window.length) if isinstance(window, x.ExactWindow) else 0.5
    return (length, key.where is None)


def _at_most(one: x.Expr, other: x.Expr) -> bool:
    """Whether one count can never be greater than another: a part of its window, a filter on it."""
    if not isinstance(one, x.EventAggregate) or not isinstance(other, x.EventAggregate):
        return False
    if one.function != "count" or other.function != "count" or one.event != other.event:
        return False
    if other.where is not None and one.where != other.where:
        return False
    if other.window is None or one.window == other.window:
        return True
    if not isinstance(one.window, x.ExactWindow) or not isinstance(other.window, x.ExactWindow):
        return False
    return one.window.length <= other.window.length
