"""Which programs of selections there are: made when a selection recurs, dropped when it was not met for long."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

from mailweave.campaign.selection_program import SelectionProgram

K = TypeVar("K", bound=Hashable)
_RECURS = 3
"""At the third meeting it is joined, at the earliest: a list of selections that all differ pays for none."""
_NEVER = -1  # in place of how often: it cannot be one program
_FEW, _OFTEN = 256, 8  # selections for which nobody asks whether it pays; meetings of each, else
_FAILURES = 10
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
        self._size = self._meetings = 0
        self._failed: dict[K, int] = {}
        self._lock = Lock()

    def of(self, key: K) -> SelectionProgram | None:
        """The program of a selection; None where there is none, or not yet."""
        return self._latest(key) or self._recurring(key)

    def at_once(self, key: K) -> SelectionProgram | None:
        """The program of a selection, however often it was met; None where there is none."""
        made = self._latest(key)
        return self._joined(key) if made is None and self._met.get(key) != _NEVER else made

    def drop(self, key: K) -> None:
        """Says that the program of a selection could not answer where the blocks one by one could; after a few times
        it is asked no more."""
        with self._lock:
            failed = self._failed.get(key, 0) + 1
            self._failed[key] = failed
            if failed >= _FAILURES and key in self._made:
                self._size -= self._made.pop(key).size
                self._met[key] = _NEVER

    def _latest(self, key: K) -> SelectionProgram | None:
        made = self._made.get(key)
        if made is not None:
            with suppress(KeyError):  # another thread has dropped it
                self._made.move_to_end(key)
        return made

    def _recurring(self, key: K) -> SelectionProgram | None:
        met = self._met.get(key, 0)
        if met == _NEVER:
            return None
        if len(self._met) >= _MOST and not met:
            self._met = {one: times for one, times in self._met.copy().items() if times != 1}
            if len(self._met) >= _MOST:
                self._met = {}
        self._met[key] = met + 1
        self._meetings += 1
        return self._joined(key) if met + 1 >= _RECURS and self._pays() else None

    def _pays(self) -> bool:
        """Whether selections recur so often that joining one is paid back: it takes as long as ten mails gain."""
        return len(self._met) <= _FEW or self._meetings >= _OFTEN * len(self._met)

    def _joined(self, key: K) -> SelectionProgram | None:
        made = self._make(key)
        if made is None:
            self._met[key] = _NEVER
            return None
        with self._lock:
            self._size += made.size - (self._made[key].size if key in self._made else 0)
            self._made[key] = made
            while self._size > _ROOM and len(self._made) > 1:
                old, dropped = self._made.popitem(last=False)
                self._size -= dropped.size
                self._met.pop(old, None)
        return made
