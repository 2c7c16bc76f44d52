"""What generated code calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from mailweave.liquid.budget import Meter
from mailweave.liquid.filters.spec import Filter, charge
from mailweave.liquid.operators import Operators


class Deopt(Exception):
    """Generated code cannot answer exactly; the interpreter will."""


class _Missing:
    """The mark for a name that is not there."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
SPECIAL = frozenset({"size", "first", "last"})


def _nothing(_: str, default: Any = None) -> Any:
    """A member of nil."""
    return default


def item_getter(operators: Operators) -> Callable[..., Any]:
    """Member access that gives a default for what is missing."""
    strict_item = operators.item

    def item(holder: Any, key: Any, default: Any = None) -> Any:
        if type(holder) is dict and type(key) is str and key not in SPECIAL:
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


def sliced(
    items: Sequence[Any],
    limit: Any,
    offset: Any,
    backwards: bool,
    ruby: bool,
    meter: Meter,
    stops: dict[str, int],
    key: str,
) -> Sequence[Any]:
    """The part of a sequence that a loop with parameters goes over."""
    length = len(items)
    if backwards:
        meter.loop(length, 1)
    start = stops.get(key, 0) if offset == "continue" else int(offset or 0)
    if ruby and limit is not None and limit + start <= 0:
        stops[key] = 0
        return ()
    first = min(max(start, 0), length)
    last = min((limit + start if limit is not None else 0) or length, length)
    if last < 0:
        raise Deopt
    stops[key] = last
    part = items[first : max(first, last)]
    return part[::-1] if backwards else part


def next_turn(turns: dict[object, int], group: object, values: tuple[object, ...]) -> int:
    """The position in a cycle as python-liquid counts."""
    name = group or str(list(values))
    at = turns.setdefault(name, 0)
    turns[name] = (at + 1) % (len(values) or 1)
    return at


def up(counters: dict[str, int], name: str) -> str:
    value = counters.get(name, 0)
    counters[name] = value + 1
    return str(value)


def down(counters: dict[str, int], name: str) -> str:
    counters[name] = value = counters.get(name, 0) - 1
    return str(value)
