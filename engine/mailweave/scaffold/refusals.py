"""What a list holds and rules cannot declare: gathered, so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from mailweave.batch.raw_rows import RawList
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.scaffold.inference import Undeclarable

_T = TypeVar("_T")


class Refusals:
    """Findings about one list."""

    def __init__(self, place: str) -> None:
        self._place = place
        self.diagnostics: list[Diagnostic] = []

    def add(self, name: str, reason: str, todo: str) -> None:
        """One more thing that cannot be declared, and what to do about it."""
        what = ascii(name)[1:-1]
        self.diagnostics.append(diagnose("MW028", place=self._place, what=what, reason=reason, help=todo))

    def catch(self, make: Callable[[], _T]) -> _T | None:
        """What is made, or None where it cannot be declared."""
        try:
            return make()
        except Undeclarable as refused:
            self.add(refused.name, refused.reason, refused.todo)
            return None


def objects(given: RawList, refusals: Refusals) -> Sequence[dict[str, Any]]:
    """The rows that are objects; a line that is none is refused."""
    if None in given.rows:
        line = f"line {given.rows.index(None) + 1}"
        refusals.add(line, "is no JSON object", "mend the line, or take it out")
    return [row for row in given.rows if row is not None]
