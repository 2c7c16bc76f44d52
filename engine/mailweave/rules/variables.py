"""The local variables of one generated function: what is computed once and read again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_PLAIN: Final = re.compile(r"[a-z][0-9]+|e\[[0-9]+\]|-?[0-9]+(\.[0-9]+)?|now")
_MARK: Final = re.compile("\0([0-9]+)\0")
_SHORT: Final = 8  # shorter code is as fast as a variable


class Variables:
    """Gives out variables, and decides at the end which shared code is worth one.

    Generated code never holds a NUL of its own (`repr` escapes it), so NULs can mark what is shared.
    """

    def __init__(self) -> None:
        self._temps: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._shared: list[str] = []

    def twice(self, code: str) -> tuple[str, str]:
        """Code that computes something and keeps it, and code for what was kept."""
        if _PLAIN.fullmatch(code):
            return code, code
        name = self.temp(code)
        return f"({name} := {code})", name

    def temp(self, code: str) -> str:
        """The variable that holds what `code` computes."""
        return self._temps.setdefault(code, f"x{len(self._temps)}")

    def share(self, code: str) -> str:
        """A mark that `resolve` turns into the code, or, where it occurs more than once, into a variable."""
        if len(code) < _SHORT:
            return code
        place = self._places.get(code)
        if place is None:
            place = self._places[code] = len(self._shared)
            self._shared.append(code)
        return f"\0{place}\0"

    def resolve(self, lines: list[str]) -> list[str]:
        """Lines without marks; the variables they need are set to None before them.

        A variable is computed where it is first asked for, so code that is not reached costs nothing.
        """
        uses = _count_marks([*lines, *self._shared])

        def written(match: re.Match[str]) -> str:
            place = int(match[1])
            code = _MARK.sub(written, self._shared[place])
            if uses[place] == 1:
                return code
            return f"(c{place} if c{place} is not None else (c{place} := {code}))"

        kept = [f"c{place}" for place, count in sorted(uses.items()) if count > 1]
        start = [f"{' = '.join(kept)} = None"] if kept else []
        return start + [_MARK.sub(written, line) for line in lines]


def _count_marks(texts: Iterable[str]) -> dict[int, int]:
    uses: dict[int, int] = {}
    for text in texts:
        for mark in _MARK.findall(text):
            uses[int(mark)] = uses.get(int(mark), 0) + 1
    return uses
