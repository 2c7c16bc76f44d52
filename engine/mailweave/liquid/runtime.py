"""What generated code calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from mailweave.liquid.budget import Meter
from mailweave.liquid.filters.spec import Filter, charge
from mailweave.liquid.loop_slices import segment
from mailweave.liquid.members import COMMANDS
from mailweave.liquid.operators import Operators
from mailweave.liquid.values import countable
from mailweave.liquid.writing import text


class Deopt(Exception):
    """Generated code cannot answer exactly; the interpreter will."""


class _Missing:
    """The mark for a name that is not there."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
LOOPED = (list, tuple, dict, range)  # what `render ... for` goes over


def _nothing(_: str, default: Any = None) -> Any:
    """A member of nil."""
    return default


def item_getter(operators: Operators) -> Callable[..., Any]:
    """Member access that gives a default for what is missing."""
    strict_item = operators.item

    def item(holder: Any, key: Any, default: Any = None) -> Any:
        if type(holder) is dict and type(key) is str and key not in COMMANDS:
            return holder.get(key, default)
        if holder is MISSING or holder is None:
            return default
        try:
            return strict_item(holder, key)
        except (KeyError, IndexError, TypeError):
            return default

    return item


def member_getter(item: Callable[..., Any]) -> Callable[[Any], Callable[..., Any]]:
    """`holder.get` for whatever holds members."""

    def member(holder: Any) -> Callable[..., Any]:
        if holder is None:
            return _nothing
        return holder.get if type(holder) is dict else partial(item, holder)

    return member


def lost(*_: object) -> Any:
    """A name is missing where it may not be: the interpreter says so, with the place."""
    raise Deopt


def charged(spec: Filter) -> Callable[..., Any]:
    """A filter that is paid for before it runs."""
    run, cost = spec.run, spec.cost
    assert cost is not None

    def filtered(meter: Meter, *args: Any, **named: Any) -> Any:
        charge(cost, meter, *args, **named)
        return run(*args, **named)

    return filtered


def part(
    value: Any,
    items: Sequence[Any],
    limit: int | None,
    offset: Any,
    backwards: bool,
    meter: Meter,
    stops: dict[str, int],
    key: str,
) -> Sequence[Any]:
    """The part of a sequence that a `for` of our dialect goes over."""
    if backwards:
        meter.loop(len(items), 1)
    start = stops.get(key, 0) if offset == "continue" else offset or 0
    found = segment(value, items, limit, start, backwards)
    stops[key] = start + len(found)
    return found


def next_round(rounds: dict[object, int], group: object, values: Sequence[object]) -> int:
    """The position in a cycle, moved on by one."""
    key = (type(group).__name__, group if isinstance(group, (str, int, float)) else str(group))
    at = rounds.get(key, 0)
    rounds[key] = 0 if at + 1 >= len(values) else at + 1
    return at


def count_up(counters: dict[str, Any], name: str, start: Any) -> str:
    """`increment`, from what the data holds under the name."""
    value = counters[name] if name in counters else countable(start)
    counters[name] = value + 1
    return text(value)


def count_down(counters: dict[str, Any], name: str, start: Any) -> str:
    """`decrement`, from what the data holds under the name."""
    counters[name] = value = (counters[name] if name in counters else countable(start)) - 1
    return text(value)
