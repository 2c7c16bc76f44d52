"""A bounded memory of what was worked out before: the same links, names and prices go to many recipients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_MOST = 8192  # values; then it starts anew
_LONGEST = 512  # characters of a text worth remembering

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
