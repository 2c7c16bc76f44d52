"""The quantities that conditions set against constants, each cut into the cells between those constants."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from mailweave.rules import typed as x


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers between two ends, which may be left out."""

    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: float) -> bool:
        above = value > self.low if self.low_open else value >= self.low
        return above and (value < self.high if self.high_open else value <= self.high)


@dataclass(frozen=True, slots=True)
class Variable:
    """A quantity, or a question with few answers.

    `labels` are its answers; without them it is a number, a whole one or not, in `extent`. `opaque`: nothing
    is known of how it hangs together with others.
    """

    key: x.Expr
    optional: bool
    labels: tuple[object, ...] | None = None
    whole: bool = False
    extent: Range = Range()
    opaque: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a variable's domain that no condition divides: a range, one label, or `missing`."""

    range: Range | None = None
    label: object = None
    missing: bool = False


@dataclass(slots=True)
class Cuts:
    """The constants that a variable is compared with."""

    variable: Variable
    numbers: set[float] = field(default_factory=set)
    labels: set[object] = field(default_factory=set)

    def cells(self) -> tuple[Cell, ...]:
        """The cells that the constants make, in ascending order; missing last."""
        missing = (Cell(missing=True),) if self.variable.optional else ()
        if self.variable.labels is not None:
            labels = dict.fromkeys((*self.variable.labels, *sorted(self.labels, key=str)))
            return (*(Cell(label=label) for label in labels), *missing)
        return (*self._ranges(), *missing)

    def _ranges(self) -> list[Cell]:
        found, extent = [], self.variable.extent
        low, open_ = extent.low, extent.low_open
        for number in sorted(n for n in self.numbers if n in extent):
            found += [Range(low, number, open_, True), Range(number, number)]
            low, open_ = number, True
        found.append(Range(low, extent.high, open_, extent.high_open))
        ranges = [_whole(each) if self.variable.whole else each for each in found]
        return [Cell(range=each) for each in ranges if not _empty(each)]


def _whole(found: Range) -> Range:
    """The same whole numbers, with closed ends."""
    low = found.low + 1 if found.low_open and found.low != -inf else found.low
    high = found.high - 1 if found.high_open and found.high != inf else found.high
    return Range(low, high)


def _empty(found: Range) -> bool:
    return found.low > found.high or (found.low == found.high and (found.low_open or found.high_open))
