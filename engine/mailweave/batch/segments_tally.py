"""Adds up groups of recipients of whom the rules say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any, TypeVar

from mailweave.batch.grouping import Grouping
from mailweave.batch.segments_counts import OPEN, Counts
from mailweave.campaign import Campaign
from mailweave.decisions.columns import narrowed
from mailweave.decisions.selector import Selector
from mailweave.rules.artifact import Bits
from mailweave.rules.reserved import EMPTY

_K = TypeVar("_K")
NONE = "(none)"


def summed(found: Iterable[tuple[_K, int]]) -> Counter[_K]:
    """How many there are of each key."""
    counted: Counter[_K] = Counter()
    for key, n in found:
        counted[key] += n
    return counted


def grouped(
    campaign: Campaign, now: int, by: Grouping, masks: Mapping[tuple[Any, int], int]
) -> dict[str, Counts]:
    """The counts of each group, in the order of its values."""
    labels = by.labels(summed((value, n) for (value, _), n in masks.items()))
    split = summed(((labels[value], mask), n) for (value, mask), n in masks.items())
    groups: dict[str, Counts] = {label: Counts() for label in dict.fromkeys(labels.values())}
    tallies = {label: Tally(campaign, now, counts) for label, counts in groups.items()}
    for (label, mask), n in sorted(split.items()):
        groups[label].recipients += n
        tallies[label].add(mask, n)
    return {label: counts for label, counts in groups.items() if counts.recipients}


class Tally:
    """Adds groups of recipients of whom the rules say the same."""

    def __init__(self, campaign: Campaign, now: int, counts: Counts) -> None:
        self._decisions, self._now, self._counts = campaign.decisions, now, counts
        self._bits: Bits = campaign.decisions.program.bits
        self._selector = Selector(campaign.decisions.plan)
        counts.segments.update(dict.fromkeys(self._bits.segments, 0))
        counts.tiers = {name: Counter(dict.fromkeys(answers, 0)) for name, answers in self._bits.tiers}
        counts.conflicts.update(dict.fromkeys(campaign.decisions.plan.columns, 0))
        counts.blocks = {slot.name: Counter() for slot in campaign.decisions.slots}

    def add(self, mask: int, n: int) -> None:
        """So many recipients of whom the rules say this."""
        counts, found = self._counts, self._decisions.program.evaluation_of(mask)
        inside = [name for name in self._bits.segments if name in found.segments]
        counts.segments.update(dict.fromkeys(inside, n))
        counts.overlaps.update(dict.fromkeys(combinations(inside, 2), n))
        for name, member in found.tiers.items():
            counts.tiers[name][NONE if member is None else member] += n
        if found.skip is not None:
            counts.skipped[found.skip.code] += n
            return
        self._choose(mask, n)

    def _choose(self, mask: int, n: int) -> None:
        plan, counts = self._decisions.plan, self._counts
        for slot in (slot for slot in plan.slots if slot.name in plan.columns):
            ready = {cell.block for cell in narrowed(slot, plan, mask, self._now).cells}
            counts.conflicts[slot.name] += n if len(ready) > 1 else 0
        found = self._selector.mask_plan(mask, self._now)
        still_open = {column.slot.name for column in found.open}
        for name, blocks in found.blocks.items():
            counts.blocks[name].update(dict.fromkeys([OPEN] if name in still_open else blocks or (EMPTY,), n))
