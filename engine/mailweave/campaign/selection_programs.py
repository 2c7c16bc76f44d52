"""Which programs of selections there are: made when a selection recurs, dropped when it was not met for long."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from mailweave.campaign.selection_program import SelectionProgram

K = TypeVar("K", bound=Hashable)
_RECURS = 3
"""At the third meeting it is joined: a list of selections that all differ pays for none."""
_NEVER = -1  # in place of how often: it cannot be one program
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

    def at_once(self, key: K) -> SelectionProgram | None:
        """The program of a selection, however often it was met; None where there is none."""
        made = self._made.pop(key, None)
        if made is None and self._met.get(key) != _NEVER:
            made = self._joined(key)
        if made is not None:
            self._made[key] = made
        return made

    def _recurring(self, key: K) -> SelectionProgram | None:
        met = self._met.get(key, 0)
        if met == _NEVER:
            return None
        if len(self._met) >= _MOST:
            self._met.clear()
        self._met[key] = met + 1
        return self._joined(key) if met + 1 == _RECURS else None

    def _joined(self, key: K) -> SelectionProgram | None:
        made = self._make(key)
        if made is None:
            self._met[key] = _NEVER
            return None
        self._size += made.size
        while self._size > _ROOM and self._made:
            old, dropped = self._made.popitem(last=False)
            self._size -= dropped.size
            self._met.pop(old, None)
        return made
