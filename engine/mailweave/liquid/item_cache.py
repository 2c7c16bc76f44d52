"""What the items of a shared list write: the products of a catalogue are the same for all who are shown them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mailweave.values.bounded_cache import AdaptiveCache

_MOST = 4096  # items that came once; then it starts anew


class ItemCache(AdaptiveCache[int, tuple[Any, str, str]]):
    """HTML and text of items, by the identity of the item, which is held: so no other can have its number.

    An item is kept when it comes a second time; those made for one recipient never do, and where nearly all are such,
    nothing is remembered any longer.

    >>> fragments, item = ItemCache(str.strip), {"name": "Lamp"}
    >>> for _ in range(2):
    ...     fragments.keep(item, "<b>Lamp</b>", "Lamp ")
    >>> fragments[id(item)]
    ({'name': 'Lamp'}, '<b>Lamp</b>', 'Lamp')
    """

    __slots__ = ("_fill", "_seen")

    def __init__(self, fill: Callable[[str], str]) -> None:
        super().__init__()
        self._fill = fill
        self._seen: dict[int, Any] = {}

    def keep(self, item: Any, html: str, text: str) -> None:
        """Remember what an item writes; `fill` does to its text what is done to all text in the end."""
        if not self.pays:
            return
        number = id(item)
        self.asked += 1
        if self._seen.get(number) is item:
            self.put(number, (item, html, self._fill(text)), len(html) + len(text))
            return
        remembers = self.missed()
        if len(self._seen) >= _MOST or not remembers:
            self._seen.clear()
        if remembers:
            self._seen[number] = item
