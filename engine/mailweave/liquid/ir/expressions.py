"""Expressions of the tree. Equal ones are written alike: places do not count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from liquid.token import Token

T = TypeVar("T")
_PLAIN = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class Const:
    """A value that is known; `written` tells it from others, for `1`, `1.0` and `true` are equal in Python."""

    value: Any = field(compare=False)
    written: str


def const(value: Any) -> Const:
    """A known value.

    >>> const(1) == const(1), const(1) == const(True)
    (True, False)
    """
    name = type(value).__name__
    return Const(value, f"{name} {value!r}" if type(value) in _PLAIN else f"{name} at {id(value)}")


@dataclass(frozen=True, slots=True)
class Path:
    """A name and what hangs on it. Names behind a dot are texts; what stands in brackets is an expression where it
    could be taken for a command (`size`). `optional`: it may lead nowhere, and is nil then."""

    keys: tuple[str | int | Expression, ...]
    optional: bool = True
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Range:
    """`(start..stop)`."""

    start: Expression
    stop: Expression
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """What a filter or a partial is given; without a name it is given by its position."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Step:
    """A filter that is applied."""

    name: str
    arguments: tuple[Argument, ...] = ()
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Filtered:
    """A value that goes through filters."""

    left: Expression
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` and `or` of two or more."""

    word: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What is true when an expression is not; `unless`."""

    right: Expression


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison: `sign` is `==`, `!=`, `<`, `<=`, `>`, `>=` or `contains`."""

    sign: str
    left: Expression
    right: Expression
    at: Token | None = field(default=None, compare=False, repr=False)


Expression = Const | Path | Range | Filtered | Logic | Not | Compare


def passed(arguments: Iterable[Argument], value: Callable[[Expression], T]) -> tuple[list[T], dict[str, T]]:
    """What arguments are worth, by position and by name."""
    found = [(one.name, value(one.value)) for one in arguments]
    return [one for name, one in found if not name], {name: one for name, one in found if name}
