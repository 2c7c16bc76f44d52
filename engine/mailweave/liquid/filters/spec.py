"""What a filter is: a pure function with a price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from liquid.exceptions import LiquidError, UndefinedError
from liquid.token import Token

from mailweave.liquid.budget import Meter, Overrun, size_of
from mailweave.liquid.failures import FilterFailed, FilterRaised
from mailweave.liquid.filters.signature import UNKNOWN, Signature

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
    None: never more than its input, which is short or was paid for before. `own`: it is a caller's, and may
    raise anything. `takes` says what becomes of the data behind its value. `quick` makes the source of a faster
    form (`filters.quick`). `timeless`: with a setting, it reads the same at all times.

    About HTML: `escapes` does what the escaper of a place would do; `makes_html` of a text; `with_html` is what
    becomes of a value that is HTML: its tags become visible, are kept, or are read.
    """

    name: str
    run: Run
    cost: Cost | None = None
    setting: bool = False
    own: bool = False
    takes: Signature = UNKNOWN
    quick: Callable[[Any], str | None] | None = None
    timeless: bool = False
    escapes: bool = False
    makes_html: bool = False
    with_html: Literal["spoils", "keeps", "reads"] = "spoils"


def call(spec: Filter, meter: Meter, *args: Any, **named: Any) -> Any:
    """Charge for a filter, then run it."""
    if spec.cost is not None:
        charge(spec.cost, meter, *args, **named)
    if spec.own:
        return placed(spec.run, None)(*args, **named)
    try:
        return spec.run(*args, **named)
    except RecursionError:
        raise FilterFailed("the data is nested too deeply, or holds itself") from None
    except STUMBLES:
        raise FilterFailed("it cannot work with this value or these arguments") from None


def placed(run: Run, token: Token | None) -> Run:
    """A caller's own filter; what it raises becomes `FilterRaised`, with the place where the filter stands."""

    def called(*args: Any, **named: Any) -> Any:
        try:
            return run(*args, **named)
        except (LiquidError, Overrun):
            raise
        except Exception as problem:
            raise FilterRaised(problem, token) from problem

    return called


def placed_alone(run: Callable[[Any], Any], token: Token | None) -> Callable[[Any], Any]:
    """The same of a filter of a value alone, which costs half to call."""

    def called(value: Any) -> Any:
        try:
            return run(value)
        except (LiquidError, Overrun):
            raise
        except Exception as problem:
            raise FilterRaised(problem, token) from problem

    return called


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
