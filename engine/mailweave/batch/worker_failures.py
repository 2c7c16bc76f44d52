"""Whether dying workers are a recipient's fault: what has died since anybody was last rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

APART: Final = 4  # ranges that have nothing in common, after which it is no recipient's fault
_STARTS: Final = 3  # workers that may end before they begin, for each that there should be


@dataclass(slots=True)
class WorkerFailures:
    """Deaths in a row. `workers`: how many work at a time.

    >>> vigil = WorkerFailures(1)
    >>> vigil.died(0, 8, "killed"), vigil.died(0, 4, "killed"), vigil.is_doubtful
    (None, None, False)
    >>> vigil.died(4, 8, "killed"), vigil.is_doubtful, vigil.is_hopeless
    (None, True, False)
    """

    workers: int
    _ends: list[tuple[int, int, str]] = field(default_factory=list)
    _unstarted: int = 0

    def died(self, start: int, stop: int, words: str) -> None:
        """A range ended a worker, which said so."""
        self._ends.append((start, stop, words))
        self._unstarted = 0

    def survived(self, start: int, stop: int) -> None:
        """A range was rendered; an empty one proves nothing."""
        if stop > start:
            self._ends, self._unstarted = [], 0

    def not_started(self) -> bool:
        """A worker ended before it began; whether there were too many of them."""
        self._unstarted += 1
        return self._unstarted > _STARTS * self.workers

    @property
    def is_doubtful(self) -> bool:
        """Whether two ranges that have nothing in common ended their workers alike."""
        return self._apart() > 1

    @property
    def is_hopeless(self) -> bool:
        """Whether so many did that no recipient can be the cause."""
        return self._apart() >= APART

    def _apart(self) -> int:
        """The most ranges, all with the words of the last, of which no two overlap."""
        count, reached = 0, -1
        words = self._ends[-1][2] if self._ends else ""
        for start, stop, said in sorted(self._ends, key=lambda end: end[1]):
            if said == words and start >= reached:
                count, reached = count + 1, stop
        return count
