"""Records that come again: the same product lies in many carts, and is read once."""

from __future__ import annotations

from typing import TypeAlias

from mailweave.rules.forms import Normal

_MOST = 8192  # records; then it starts anew
_ROOM = 4_000_000  # characters of their texts
_TRIAL = 1024  # new records, after which it is asked whether remembering them pays

Known: TypeAlias = tuple[tuple[Normal, ...], dict[str, object]]
"""A record in normal form, and as plain values. Nobody changes either."""


class Recurring(dict[tuple[object, ...], Known]):
    """Records by their values, as they were given.

    `asked` counts the records that were looked for. Where fewer than one in nine was known, the list is one of
    which each recipient has their own (orders, say), and nothing is remembered any longer: `pays` is False.

    >>> records = Recurring()
    >>> for number in range(1024):
    ...     records.keep((number,), ((number,), {"number": number}))
    >>> records.pays, len(records)
    (False, 0)
    """

    __slots__ = ("_size", "asked", "kept", "pays")

    def __init__(self) -> None:
        super().__init__()
        self.asked = self.kept = self._size = 0
        self.pays = True

    def keep(self, values: tuple[object, ...], known: Known) -> None:
        """Remember a record that was not known."""
        self.kept += 1
        if self.kept >= _TRIAL:
            self.pays = self.asked * 8 >= self.kept * 9
            self.asked = self.kept = 0
            if not self.pays:
                self.clear()
        size = sum([len(value) for value in values if isinstance(value, str)])
        if self.pays and size < _ROOM:
            if len(self) >= _MOST or self._size + size > _ROOM:
                self.clear()
                self._size = 0
            self._size += size
            self[values] = known
