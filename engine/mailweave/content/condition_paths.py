"""All ways through the conditions of a page's start tags, as few trees as show each of them.

A condition on an element that only decides over its own style costs nothing beyond its own variants: all such
elements change together. One that decides over elements inside it is a level of its own, because what is
inside may have conditions too.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailweave.markup.branches import Decision, Leaf, leaves
from mailweave.markup.cascade.document import Document

MOST_RUNS = 24


@dataclass(frozen=True, slots=True)
class ConditionPaths:
    """`levels` gives the elements that decide over others a level from 1, by nesting; `above` names them for
    each element inside; `counts` holds the number of variants on each level."""

    decisions: Mapping[int, Decision]
    levels: Mapping[int, int]
    above: Mapping[int, tuple[int, ...]]
    counts: tuple[int, ...]

    @property
    def runs(self) -> int:
        """How many trees show every combination once."""
        return math.prod(self.counts)

    def leaf(self, number: int, run: int) -> Leaf | None:
        """The variant of a tag that a run shows; None for a tag without conditions."""
        decision = self.decisions.get(number)
        if decision is None:
            return None
        found = tuple(leaves(decision))
        level = self.levels.get(number, 0)
        return found[run // self._stride(level) % self.counts[level] % len(found)]

    def deciding(self, number: int) -> tuple[int, ...]:
        """The tags whose conditions decide over the style of a tag: outermost first, its own last."""
        own = (number,) if number in self.decisions else ()
        return (*self.above.get(number, ()), *own)

    def run(self, chosen: Mapping[int, int]) -> int:
        """A run that shows the chosen variants (tag to index of its leaf)."""
        return sum(index * self._stride(self.levels.get(number, 0)) for number, index in chosen.items())

    def _stride(self, level: int) -> int:
        return math.prod(self.counts[:level])


def ways(
    decisions: Mapping[int, Decision], influencing: Collection[int], document: Document
) -> ConditionPaths:
    """Gives each element that decides over others its level."""
    above: dict[int, tuple[int, ...]] = {}
    for number, element in document.numbered.items() if influencing else ():
        found = [e.number for e in element.ancestors() if e.number in influencing and e.number is not None]
        if found:
            above[number] = tuple(reversed(found))
    levels = {number: 1 + len(above.get(number, ())) for number in influencing}
    counts = tuple(_counts(decisions, levels))
    return ConditionPaths(decisions, levels, above, counts)


def _counts(decisions: Mapping[int, Decision], levels: Mapping[int, int]) -> Iterator[int]:
    sizes: Mapping[int, Sequence[int]] = {
        level: [sum(1 for _ in leaves(d)) for n, d in decisions.items() if levels.get(n, 0) == level]
        for level in range(max(levels.values(), default=0) + 1)
    }
    for level in sorted(sizes):
        yield max(sizes[level], default=1)
