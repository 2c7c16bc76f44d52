"""Items in the order in which they are popular: with everybody, or with those of one's own group first."""

from __future__ import annotations

from typing import Final

import numpy as np

from mailweave.insight.taken_items import Places, Taken

NOWHERE: Final = -1
"""The group of who is in none."""


class Popularity:
    """How often items were taken, and within groups where there are some.

    groups: a number from 0 for each recipient, or `NOWHERE`. In a group, what it took most stands first; items that it
    took equally often, or never, stand as they do with everybody.

    >>> taken = Taken(np.array([0, 0, 1, 2, 2]), np.array([1, 0, 1, 2, 1]), np.arange(5.0))
    >>> popular = Popularity(taken, 3, np.array([0, NOWHERE, 1]))
    >>> [popular.order(group).tolist() for group in (0, 1, NOWHERE)]
    [[1, 0, 2], [1, 2, 0], [1, 0, 2]]
    """

    def __init__(self, taken: Taken, items: int, groups: Places | None = None) -> None:
        self._groups = groups
        everybody = np.bincount(taken.items, minlength=items)
        self._orders = {NOWHERE: np.argsort(-everybody, kind="stable")}
        if groups is not None:
            whose = groups[taken.people]
            for group in set(groups.tolist()) - {NOWHERE}:
                within = np.bincount(taken.items[whose == group], minlength=items)
                self._orders[group] = np.lexsort((-everybody, -within))

    def order(self, group: int) -> Places:
        """All items, the most popular first."""
        return self._orders[group]

    def of(self, person: int) -> Places:
        """All items, in the order of the group of a recipient."""
        return self.order(NOWHERE if self._groups is None else int(self._groups[person]))
