"""Which programs of selections there are: made when a selection recurs, dropped when it was not met for long."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from mailweave.campaign.selection_program import SelectionProgram

K = TypeVar("K", bound=Hashable)
_RECURS = 3
"""At the third meeting it is joined: a list of selections that all differ pays for none."""
_ROOM = 24_000_000  # characters of all programs
_MOST = 20_000  # selections that are counted; then it starts anew


class SelectionPrograms(Generic[K]):
    """Programs by selection; safe to share between threads, which at worst make one twice.

    >>> made = SelectionPrograms(lambda key: print("made", key))
    >>> for _ in range(4):
    ...     made.of("a")
    made a
    """

    def __init__(self, make: Callable[[K], SelectionProgram | None]) -> None:
        self._make = make
        self._made: OrderedDict[K, SelectionProgram] = OrderedDict()
        self._met: dict[K, int] = {}
        self._size = 0

    def of(self, key: K) -> SelectionProgram | None:
        """The program of a selection; None where there is none, or not yet."""
        made = self._made.pop(key, None)  # put back as the latest
        if made is None:
            made = self._recurring(key)
        if made is not None:
            self._made[key] = made
        return made

    def _recurring(self, key: K) -> SelectionProgram | None:
        met = self._met.get(key, 0) + 1
        if len(self._met) >= _MOST:
            self._met.clear()
        self._met[key] = met
        if met != _RECURS:
            return None
        made = self._make(key)
        if made is not None:
            self._keep(key, made)
        return made

    def _keep(self, key: K, made: SelectionProgram) -> None:
        self._size += made.size
        while self._size > _ROOM and self._made:
            old, dropped = self._made.popitem(last=False)
            self._size -= dropped.size
            self._met.pop(old, None)
