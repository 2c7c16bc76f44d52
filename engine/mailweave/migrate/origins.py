"""Which place of the old template each place of the Liquid comes from."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_FIRST, _LAST = 0xE000, 0xF8FF  # signs for private use


@dataclass(frozen=True, slots=True)
class Origins:
    """Offsets in the Liquid, ascending, and those in the template from there on; None where it is not known.

    What stands before the first of them comes from the start of the template."""

    offsets: tuple[int, ...] = ()
    places: tuple[int | None, ...] = ()

    def at(self, offset: int) -> int | None:
        """The offset in the template."""
        index = bisect_right(self.offsets, offset) - 1
        return self.places[index] if index >= 0 else 0


class Marks:
    """Marks in the text that is being written, by a sign that the template does not have.

    >>> marks = Marks("Hi {{ a }}")
    >>> text, origins = marks.taken_from(marks.nowhere + "Hi " + marks.place(3) + "{{ profile.a }}")
    >>> text, origins.at(3), origins.at(2)
    ('Hi {{ profile.a }}', 3, None)
    """

    def __init__(self, template: str) -> None:
        taken = set(template)
        self._sign = next(sign for sign in map(chr, range(_FIRST, _LAST + 1)) if sign not in taken)
        self.nowhere = f"{self._sign}-{self._sign}"

    def place(self, at: int) -> str:
        """A mark: what follows comes from there."""
        return f"{self._sign}{at}{self._sign}"

    def taken_from(self, written: str) -> tuple[str, Origins]:
        """The text without its marks, and what they said."""
        pieces = re.split(f"{self._sign}([0-9]+|-){self._sign}", written)
        offsets, offset = [], 0
        for piece in pieces[::2]:
            offset += len(piece)
            offsets.append(offset)
        places = tuple(None if mark == "-" else int(mark) for mark in pieces[1::2])
        return "".join(pieces[::2]), Origins(tuple(offsets[:-1]), places)
