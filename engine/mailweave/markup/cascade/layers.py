"""The order of layers: one for all the ways in which sheets come together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from mailweave.markup.cascade.ranks import Order, Selected
from mailweave.markup.cascade.stylesheet import Layer


class Disagreement(Exception):
    """Layers of which one comes first in one way, and another in another; `layers` are these."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__(layers)
        self.layers = layers


@dataclass(frozen=True, slots=True)
class Layers:
    """Layers with their numbers, in order."""

    _numbers: Mapping[Layer, int] = field(default_factory=dict)

    @classmethod
    def ordered(cls, ways: Iterable[Sequence[Layer]]) -> Layers:
        """Layers by first appearance in each way. Raises Disagreement where no order is right for all.

        >>> Layers.ordered([[("a",), ("b",)], [("b",), ("c",)]]).place(("c",))
        (2.0, inf)
        """
        asked: TopologicalSorter[Layer] = TopologicalSorter()
        for way in dict.fromkeys(map(tuple, ways)):
            beside: dict[Layer, list[Layer]] = {}
            for layer in dict.fromkeys(way):
                asked.add(layer)
                beside.setdefault(layer[:-1], []).append(layer)
            for before, after in (pair for some in beside.values() for pair in pairwise(some)):
                asked.add(after, before)
        try:
            return cls({layer: number for number, layer in enumerate(asked.static_order())})
        except CycleError as fault:
            raise Disagreement(fault.args[1]) from None

    def place(self, layer: Layer) -> Order:
        """Where a layer stands; what stands in none of its layers comes after them."""
        return (*(float(self._numbers.get(layer[: n + 1], 0)) for n in range(len(layer))), math.inf)

    def rank(self, selected: Selected) -> None:
        """Gives the declarations of a selector their ranks."""
        place = self.place(selected.rule.layer)
        against = tuple(-one for one in place)  # of important ones, the first layer wins
        weight = selected.selector.specificity
        for one in selected.declarations:
            important = one.declaration.important
            one.rank = (int(important), 0, against if important else place, weight, one.order)
