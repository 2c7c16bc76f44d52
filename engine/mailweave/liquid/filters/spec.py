"""What a filter is: a pure function with a price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from liquid.exceptions import UndefinedError

from mailweave.liquid.budget import Meter, size_of
from mailweave.liquid.failures import FilterFailed

Run = Callable[..., Any]
Cost = Callable[..., int]

# What a filter of ours may stumble over when given a value that makes no sense to it.
FREE = 256  # a smaller result is not worth counting: the steps that lead to it are counted
STUMBLES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter.

    `run(value, *arguments, **named)` is pure; with `setting` it also takes `setting=` (the moment
    and the place of the render). `cost` says, from the same arguments, what it will allocate;
    None: never more than its input, which is short or was paid for before.
    """

    name: str
    run: Run
    cost: Cost | None = None
    setting: bool = False
    guarded: bool = True
    pure: bool = True

    def metered(self, meter: Meter) -> Run:
        """The filter as one render calls it: charged beforehand, failing only in our way."""
        return lambda *args, **named: call(self, meter, *args, **named)


def call(spec: Filter, meter: Meter, *args: Any, **named: Any) -> Any:
    """Charge for a filter, then run it."""
    if spec.cost is not None:
        charge(spec.cost, meter, *args, **named)
    if not spec.guarded:
        return spec.run(*args, **named)
    try:
        return spec.run(*args, **named)
    except STUMBLES:
        raise FilterFailed("it cannot work with this value or these arguments") from None


def _size(cost: Cost, args: tuple[Any, ...], named: dict[str, Any]) -> int:
    try:
        return cost(*args, **named)
    except (TypeError, ValueError, AttributeError):
        return sum(map(size_of, args))


def charge(cost: Cost, meter: Meter, *args: Any, **named: Any) -> None:
    """Allocate what `cost` says; arguments it cannot read are the filter's own to refuse."""
    named.pop("setting", None)
    try:
        size = _size(cost, args, named)
    except UndefinedError:
        return  # the filter itself says which name is missing
    if size >= FREE:
        meter.allocate(size)
