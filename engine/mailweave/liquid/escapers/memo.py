"""A bounded memory of texts that were escaped before: the same links go to many recipients."""

from __future__ import annotations

from collections.abc import Callable

_MOST = 4096  # texts; then it starts anew
_LONGEST = 512  # characters of a text worth remembering


class Memo(dict[str, str]):
    """`memo[text]` is `convert(text)`, worked out at most once while it is remembered.

    >>> memo = Memo(str.upper)
    >>> memo["a"], dict(memo)
    ('A', {'a': 'A'})
    """

    __slots__ = ("_convert",)

    def __init__(self, convert: Callable[[str], str]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, text: str) -> str:
        converted = self._convert(text)
        if len(text) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[text] = converted
        return converted
