"""When the next thing may be done: the clock, the rate, the wait after a failure, the share of refusals."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final, Protocol

from mailweave.batch.intervals import wilson
from mailweave.diagnostics import MailweaveError, diagnose

_RATE: Final = re.compile(r"(\d{1,6})/([smh])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_LOOKED_AT, _FEWEST = 500, 20  # answers that a share is taken of


class Clock(Protocol):
    """What tells the time, and waits."""

    def now(self) -> float:
        """Seconds since 1970."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        ...


class WallClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)


def per_second(text: str) -> float:
    """A rate that a person typed, in mails a second. Raises MailweaveError (MW818).

    >>> per_second("50/s"), per_second("90/m")
    (50.0, 1.5)
    """
    found = _RATE.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        what, todo = "it is no rate", "write a number of mails and a span: 50/s, 3000/m, 10000/h"
        raise MailweaveError([diagnose("MW818", place="--rate", what=what, todo=todo)])
    return int(found[1]) / _SECONDS[found[2]]


@dataclass(slots=True)
class Turns:
    """Gives turns, evenly spaced. rate: how many a second; None: as many as are asked for."""

    rate: float | None
    _next: float = 0.0

    def wait(self, now: float) -> float:
        """Takes the next turn, and says in how many seconds it is."""
        if self.rate is None:
            return 0.0
        turn = max(now, self._next)
        self._next = turn + 1 / self.rate
        return turn - now


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first` to `longest` seconds, each of a random length from half of that to all of it, so
    that those who failed together do not come back together."""

    first: float
    longest: float
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def seconds(self, failures: int) -> float:
        """How long to wait after so many failures in a row, of which there is at least one."""
        return min(self.longest, self.first * 2.0 ** min(failures - 1, 30)) * self.chance.uniform(0.5, 1.0)


class Refusals:
    """The share of bad answers among the last 500, of which there must be 20 before it means anything."""

    def __init__(self, most: float | None) -> None:
        """most: the share that is borne; None: any."""
        self._most, self._last = most, deque[bool](maxlen=_LOOKED_AT)

    def add(self, bad: bool) -> bool:
        """Counts an answer; whether it is sure by now (95 %) that there are too many bad ones."""
        self._last.append(bad)
        return self._most is not None and self.of >= _FEWEST and wilson(self.bad, self.of)[0] > self._most

    @property
    def bad(self) -> int:
        """Bad answers among those looked at."""
        return sum(self._last)

    @property
    def of(self) -> int:
        """Answers looked at."""
        return len(self._last)
