"""Records that come again: the same product lies in many carts, and is read once."""

from __future__ import annotations

from typing import TypeAlias

from mailweave.rules.codecs import Normal
from mailweave.values.bounded_cache import AdaptiveCache

Known: TypeAlias = tuple[tuple[Normal, ...], dict[str, object]]
"""A record in normal form, and as plain values. Nobody changes either."""


class RecordCache(AdaptiveCache[tuple[object, ...], Known]):
    """Records by their values, as they were given."""

    __slots__ = ()

    def keep(self, values: tuple[object, ...], known: Known) -> None:
        """Remember a record that was not known."""
        if self.missed():
            self.put(values, known, sum([len(value) for value in values if isinstance(value, str)]))
