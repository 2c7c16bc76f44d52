"""What the items of a shared list write: the products of a catalogue are the same for all who are shown them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_MOST = 4096  # items; then it starts anew
_TRIAL = 1024  # new items, after which it is asked whether remembering them pays
_ROOM = 4_000_000  # characters of what they write


class Fragments(dict[int, tuple[Any, str, str]]):
    """HTML and text of items, by the identity of the item, which is held: so no other can have its number.

    An item is kept when it comes a second time; those made for one recipient never do, and where nearly all are such,
    nothing is remembered any longer.

    >>> fragments, item = Fragments(str.strip), {"name": "Lamp"}
    >>> for _ in range(2):
    ...     fragments.keep(item, "<b>Lamp</b>", "Lamp ")
    >>> fragments[id(item)]
    ({'name': 'Lamp'}, '<b>Lamp</b>', 'Lamp')
    """

    __slots__ = ("_fill", "_new", "_pays", "_seen", "_size", "_twice")

    def __init__(self, fill: Callable[[str], str]) -> None:
        super().__init__()
        self._fill = fill
        self._seen: dict[int, Any] = {}
        self._new = self._twice = self._size = 0
        self._pays = True

    def keep(self, item: Any, html: str, text: str) -> None:
        """Remember what an item writes; `fill` does to its text what is done to all text in the end."""
        if not self._pays:
            return
        number = id(item)
        if self._seen.get(number) is not item:
            self._meet(number, item)
            return
        self._twice += 1
        size = len(html) + len(text)
        if size < _ROOM:
            if len(self) >= _MOST or self._size + size > _ROOM:
                self.clear()
                self._size = 0
            self._size += size
            self[number] = item, html, self._fill(text)

    def _meet(self, number: int, item: Any) -> None:
        """An item that comes for the first time."""
        self._new += 1
        if self._new >= _TRIAL:
            self._pays = self._twice * 8 >= self._new
            self._new = self._twice = 0
        if len(self._seen) >= _MOST or not self._pays:
            self._seen.clear()
        if self._pays:
            self._seen[number] = item
