"""Side-by-side measurements: CPU time, interleaved, medians, ratios. `make bench` runs them all."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Round: TypeAlias = Callable[[], Callable[[], object]]
"""Makes the inputs of one round, and gives what is timed."""

Work: TypeAlias = dict[str, Callable[[], Round]]
"""What a benchmark does, for `--against`: each name to what prepares it once. A module gives it as `work()`."""


class Spent(float):
    """Seconds that a round measured by itself: CPU of a process that it started, or wall clock."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A claim: `value` must be at most (or, with `at_least`, at least) `limit`."""

    claim: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(slots=True)
class Report:
    """What one benchmark printed and claims."""

    name: str
    lines: list[str] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.lines.append(line)

    def claim(self, claim: str, value: float, limit: float, *, at_least: bool = False) -> None:
        self.bounds.append(Bound(claim, value, limit, at_least))


def interleaved(
    variants: Mapping[str, Callable[[], object]], *, rounds: int = 11, per_call: int = 1
) -> dict[str, float]:
    """Median CPU seconds per unit of work of each variant, run in a new random order each round.

    `per_call` is how many units one call does. Garbage collection runs between, never within.
    """
    order, random_source = list(variants), random.Random(7)
    times: dict[str, list[float]] = {name: [] for name in order}
    for name in order:
        variants[name]()
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            random_source.shuffle(order)
            for name in order:
                gc.collect()
                start = time.process_time()
                variants[name]()
                times[name].append((time.process_time() - start) / per_call)
    finally:
        if was_enabled:
            gc.enable()
    return {name: statistics.median(values) for name, values in times.items()}
