"""Arithmetic that never lies: what leaves its range is missing, not wrapped, infinite or an exception."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, TypeAlias

from mailweave.values.missing import MISSING

Quantity: TypeAlias = int | float

SMALLEST: Final = -(2**63)
LARGEST: Final = 2**63 - 1


def whole(value: Quantity) -> Quantity:
    """A whole number of 64 bits; what overflows is missing.

    >>> whole(2**63 - 1) == 2**63 - 1, whole(2**63)
    (True, nan)
    """
    return value if SMALLEST <= value <= LARGEST else MISSING


def double(value: float) -> float:
    """A finite double; what overflows is missing.

    >>> double(1e308 * 10)
    nan
    """
    return value if -math.inf < value < math.inf else MISSING


def quotient(dividend: Quantity, divisor: Quantity) -> float:
    """The exact quotient, rounded once to a double; by zero it is missing.

    >>> quotient(7, 2), quotient(3000, 1000), quotient(1, 0)
    (3.5, 3.0, nan)
    """
    if divisor == 0 or dividend != dividend or divisor != divisor:
        return MISSING
    return double(_divided(dividend, divisor))


def _divided(dividend: Quantity, divisor: Quantity) -> float:
    try:
        return dividend / divisor
    except OverflowError:
        return MISSING


def total(values: Iterable[float]) -> float:
    """The sum of doubles, rounded once, so that it does not depend on their order.

    >>> total([1e16, 1.0, -1e16])
    1.0
    """
    try:
        return double(math.fsum(values))
    except OverflowError:
        return MISSING
