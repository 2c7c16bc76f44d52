"""Rows that are one person, put together pair by pair; whoever contradicts somebody in a group does not join it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable


class Clusters:
    """Disjoint groups of rows (Galler and Fischer 1964), each known by its first row.

    >>> groups = Clusters(4)
    >>> groups.join(2, 3), groups.join(0, 3), groups.first(3), list(groups.members([0, 1, 2, 3]))
    (True, True, 0, [[0, 2, 3]])
    """

    def __init__(self, rows: int) -> None:
        self._above = array("q", range(rows))
        self._known: dict[int, tuple[str | None, ...]] = {}
        self._apart: dict[int, set[int]] = {}

    def first(self, row: int) -> int:
        """The first row of the group that a row is in."""
        while self._above[row] != row:
            self._above[row] = self._above[self._above[row]]
            row = self._above[row]
        return row

    def know(self, row: int, values: tuple[str | None, ...]) -> None:
        """Values of which people have one, of a row."""
        self._known.setdefault(row, values)

    def keep_apart(self, one: int, other: int) -> None:
        """Two rows that are never in one group."""
        self._apart.setdefault(one, set()).add(other)
        self._apart.setdefault(other, set()).add(one)

    def join(self, one: int, other: int, *, surely: bool = False) -> bool:
        """Makes two groups one, and whether it did: not where somebody of one contradicts somebody of the other.

        `surely`: somebody has said that they are one, which counts more than what is known of them.
        """
        low, high = sorted((self.first(one), self.first(other)))
        if low == high:
            return True
        if self._forbidden(low, high) or (not surely and self._contradict(low, high)):
            return False
        self._above[high] = low
        mine, theirs = self._known.get(low, ()), self._known.pop(high, ())
        if mine or theirs:
            self._known[low] = tuple(
                a if a is not None else b for a, b in zip(mine or theirs, theirs or mine, strict=True)
            )
        if high in self._apart:
            self._apart.setdefault(low, set()).update(self._apart.pop(high))
        return True

    def members(self, rows: Iterable[int]) -> Iterable[list[int]]:
        """The groups of more than one row, in the order of their first ones."""
        found: dict[int, list[int]] = {}
        for row in rows:
            found.setdefault(self.first(row), []).append(row)
        return [group for _, group in sorted(found.items()) if len(group) > 1]

    def _contradict(self, low: int, high: int) -> bool:
        mine, theirs = self._known.get(low, ()), self._known.get(high, ())
        return any(a is not None and b is not None and a != b for a, b in zip(mine, theirs, strict=False))

    def _forbidden(self, low: int, high: int) -> bool:
        return any(self.first(row) == high for row in self._apart.get(low, ()))
