"""Bounded memories of what was worked out before: the same links, prices and products go to many recipients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_MOST = 8192  # values; then it starts anew
_LONGEST = 512  # characters of a text worth remembering
_ROOM = 4_000_000  # characters of what an adaptive cache holds
_TRIAL = 1024  # misses, after which it is asked whether remembering pays

K = TypeVar("K")
T = TypeVar("T")


class Memo(dict[Any, T], Generic[T]):
    """`memo[value]` is `convert(value)`, worked out at most once while it is remembered.

    Values that are equal have to be converted alike: `1`, `1.0` and `True` are one key.

    >>> memo = Memo(str.upper)
    >>> memo["a"], dict(memo)
    ('A', {'a': 'A'})
    """

    __slots__ = ("_convert",)

    def __init__(self, convert: Callable[[Any], T]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, value: Any) -> T:
        converted = self._convert(value)
        if type(value) is not str or len(value) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[value] = converted
        return converted


class AdaptiveCache(dict[K, T], Generic[K, T]):
    """A cache that is bounded by what it holds, and gives up where hardly anything comes again.

    `asked` counts what was looked for; its users add to it. Where fewer than one in nine was known, `pays` is False,
    and nothing is remembered any longer.

    >>> cache = AdaptiveCache()
    >>> for number in range(1024):
    ...     cache.asked += 1
    ...     if cache.missed():
    ...         cache.put(number, str(number), size=4)
    >>> cache.pays, len(cache)
    (False, 0)
    """

    __slots__ = ("_misses", "_size", "asked", "pays")

    def __init__(self) -> None:
        super().__init__()
        self.asked = self._misses = self._size = 0
        self.pays = True

    def missed(self) -> bool:
        """Counts one that was not known; whether things are still remembered."""
        self._misses += 1
        if self._misses >= _TRIAL:
            self.pays = self.pays and self.asked * 8 >= self._misses * 9
            self.asked = self._misses = 0
            if not self.pays:
                self.clear()
        return self.pays

    def put(self, key: K, value: T, size: int) -> None:
        """Remembers a value that is `size` characters long."""
        if size < _ROOM:
            if len(self) >= _MOST or self._size + size > _ROOM:
                self.clear()
                self._size = 0
            self._size += size
            self[key] = value
