"""Who took which item when, and the moment that parts what is learned from and what judges."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mailweave.insight.purchase_counts import Numbers

_EARLY: Final = 0.8  # of the events, in the order of time, are learned from, and the others judge

Places = npt.NDArray[np.int64]


class Taken(NamedTuple):
    """Who took which item when: places of recipients and items, and an order of time, a row each."""

    people: Places
    items: Places
    order: Numbers

    @property
    def cut(self) -> float:
        """The last moment of the first four fifths."""
        return float(np.quantile(self.order, _EARLY))

    def split(self) -> tuple[Taken, Taken]:
        """What happened until the cut, and behind it.

        >>> early, late = Taken(np.arange(5), np.arange(5), np.arange(5.0)).split()
        >>> early.items.tolist(), late.items.tolist()
        ([0, 1, 2, 3], [4])
        """
        early = self.order <= self.cut
        return self._of(early), self._of(~early)

    def _of(self, rows: npt.NDArray[np.bool_]) -> Taken:
        return Taken(self.people[rows], self.items[rows], self.order[rows])

    def by_person(self) -> dict[int, set[int]]:
        """The items of each who took any."""
        found: dict[int, set[int]] = {}
        for person, item in zip(self.people.tolist(), self.items.tolist(), strict=True):
            found.setdefault(person, set()).add(item)
        return found
