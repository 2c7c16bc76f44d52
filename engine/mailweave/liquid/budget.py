"""What one render may spend, and the meter that counts it.

Costs are charged before they arise: a loop when it starts, a filter before it allocates. The
compiled function and the interpreter charge the same amounts, so both stop at the same templates.
"""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

from mailweave.diagnostics import TemplateError


class BudgetExceeded(TemplateError):
    """A template that is larger, or needs more steps, output or memory, than its budget allows."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one template.

    `steps` counts loop iterations times the nodes in the loop; `output` counts the characters of
    the result; `allocation` the characters (and list items, as 8) that filters and `capture` make.
    `source` is the longest template text in characters, partials included each; `nodes` the
    outputs and tags in it.

    >>> Budget(steps=1000).steps
    1000
    """

    steps: int = 300_000
    output: int = 2_000_000
    allocation: int = 16_000_000
    source: int = 1_000_000
    nodes: int = 20_000

    def __post_init__(self) -> None:
        for name in ("steps", "output", "allocation", "source", "nodes"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise ValueError(f"budget: {name} must be a whole number from 1")


class Overrun(Exception):
    """A limit was reached. Never handed to the other runner, never caught by a tag or filter."""

    def __init__(self, what: str, limit: int) -> None:
        self.what, self.limit = what, limit
        super().__init__(f"more than {limit} {what}")


STEPS, OUTPUT, ALLOCATION = "steps", "characters of output", "characters of memory"


class Meter:
    """Counts down what is left of one render's budget."""

    __slots__ = ("_budget", "allocation", "steps")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.steps = budget.steps
        self.allocation = budget.allocation

    def loop(self, count: int, weight: int) -> None:
        """Charge a loop of `count` rounds over `weight` nodes, before its first round."""
        self.steps -= count * weight
        if self.steps < 0:
            raise Overrun(STEPS, self._budget.steps)

    def allocate(self, size: int) -> None:
        """Charge memory that is about to be taken."""
        self.allocation -= size
        if self.allocation < 0:
            raise Overrun(ALLOCATION, self._budget.allocation)

    def compare(self, *values: object) -> None:
        """Charge steps for looking through long texts, lists and mappings, before it is done."""
        for value in values:
            if type(value) is str:
                if len(value) > _AT_ONCE:
                    self.loop(len(value) // _AT_ONCE, 1)
            elif isinstance(value, (list, tuple, dict)) and len(value) > 0:
                self.loop(items_within(value, self.steps * _ITEMS_A_STEP) // _ITEMS_A_STEP, 1)

    def over_output(self) -> Overrun:
        return Overrun(OUTPUT, self._budget.output)

    def over_capture(self) -> Overrun:
        return Overrun(ALLOCATION, self._budget.allocation)


_AT_ONCE = 4096  # characters that are compared in the time of a step
_ITEMS_A_STEP = 8
_DEEPEST = 1000  # lists within lists: Python's own walks end there


def items_within(value: object, most: int) -> int:
    """How many items a list or mapping holds, those of its own lists included; counted up to about `most`.

    Raises RecursionError for what is nested so deeply that no walk through it would come to its end.
    """
    found, level = 0, [value]
    for _ in range(_DEEPEST):
        waiting: list[object] = []
        for one in level:
            inner: Any = one.values() if isinstance(one, dict) else one
            found += len(inner)
            if found > most:
                return found
            waiting.extend(each for each in inner if isinstance(each, (list, tuple, dict)))
        if not waiting:
            return found
        level = waiting
    raise RecursionError


ITEM = 8  # what one item of a list costs, in characters


def size_of(value: object) -> int:
    """What a copy of a value costs: characters of a text, items of a list."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, int):
        return value.bit_length() >> 3
    return len(value) * ITEM if isinstance(value, Sized) else ITEM
