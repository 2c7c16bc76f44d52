"""Filters on numbers. Texts count as the number they start with; anything else is 0."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.quick import arithmetic
from mailweave.liquid.filters.signature import NUMBER
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.values import Number, number

_MOST_DIGITS = 300
EXACT = Context(prec=1000)  # sums and products of all floats, whatever context the caller's thread has
_DIVIDING = Context(prec=60)
Calculation = Callable[[Any, Any], Any]


def _exact(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _combined(left: Any, right: Any, whole: Calculation, exact: Calculation) -> Number:
    """Whole numbers exactly, decimals as decimals, other numbers without the noise of binary fractions."""
    first, second = number(left), number(right)
    if isinstance(first, int) and isinstance(second, int):
        return whole(first, second)  # type: ignore[no-any-return]  # whole numbers stay whole
    result: Decimal = exact(_exact(first), _exact(second))
    return result if isinstance(first, Decimal) or isinstance(second, Decimal) else float(result)


def plus(value: Any, other: Any) -> Number:
    """The sum.

    {{ 4 | plus: 2 }} {{ "7,42" | plus: 1 }} => 6 8
    """
    return _combined(value, other, operator.add, EXACT.add)


def minus(value: Any, other: Any) -> Number:
    """The difference.

    {{ 4 | minus: 1.5 }} => 2.5
    """
    return _combined(value, other, operator.sub, EXACT.subtract)


def times(value: Any, other: Any) -> Number:
    """The product.

    {{ 3 | times: 4 }} => 12
    """
    return _combined(value, other, operator.mul, EXACT.multiply)


def divided_by(value: Any, other: Any) -> Number:
    """The quotient; of two whole numbers, rounded down.

    {{ 7 | divided_by: 2 }} {{ 7 | divided_by: 2.0 }} => 3 3.5
    """
    if not number(other):
        raise FilterFailed("cannot divide by 0")
    return _combined(value, other, operator.floordiv, _DIVIDING.divide)


def modulo(value: Any, other: Any) -> Number:
    """The remainder of a division; its sign is that of the number divided by.

    {{ 7 | modulo: 3 }} {{ -5 | modulo: 3.0 }} => 1 1.0
    """
    if not number(other):
        raise FilterFailed("cannot divide by 0")
    return _combined(value, other, operator.mod, _remainder)


def _remainder(first: Decimal, second: Decimal) -> Decimal:
    """Python's decimals take the sign of the first."""
    rest = EXACT.remainder(first, second)
    if not rest:
        return Decimal(0)
    return EXACT.add(rest, second) if rest.is_signed() != second.is_signed() else rest


def abs_(value: Any) -> Number:
    """The number without its sign.

    {{ -7 | abs }} => 7
    """
    found = number(value)
    return found.copy_abs() if isinstance(found, Decimal) else abs(found)


def at_least(value: Any, other: Any) -> Number:
    """The number, or another one if that is greater.

    {{ 4 | at_least: 5 }} => 5
    """
    first, second = number(value), number(other)
    return first if first >= second else second


def at_most(value: Any, other: Any) -> Number:
    """The number, or another one if that is smaller.

    {{ 4 | at_most: 3 }} => 3
    """
    first, second = number(value), number(other)
    return first if first <= second else second


def ceil(value: Any) -> int:
    """The next whole number up.

    {{ 1.2 | ceil }} => 2
    """
    return math.ceil(_exact(number(value)))


def floor(value: Any) -> int:
    """The next whole number down.

    {{ 1.8 | floor }} => 1
    """
    return math.floor(_exact(number(value)))


def round_(value: Any, digits: Any = 0) -> Number:
    """The nearest number with so many decimal digits; a half goes away from zero. Fewer than none: tens, hundreds.

    {{ 4.5 | round }} {{ 2.666 | round: 2 }} {{ 1250 | round: -2 }} => 5 2.67 1300
    """
    amount, places = number(value), int(number(digits))
    if places > _MOST_DIGITS or (isinstance(amount, int) and places >= 0):
        return amount
    if places < -_MOST_DIGITS:
        return 0
    rounded = half_away(_exact(amount), places)
    if places < 1:
        return int(rounded)
    return rounded if isinstance(amount, Decimal) else float(rounded)


def half_away(amount: Decimal, places: int) -> Decimal:
    """A number rounded to so many decimal digits, a half away from zero: the one rounding of all filters."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)


FILTERS = (
    Filter("plus", plus, quick=arithmetic("+"), takes=NUMBER),
    Filter("minus", minus, quick=arithmetic("-"), takes=NUMBER),
    Filter("times", times, costs.product, quick=arithmetic("*"), takes=NUMBER),
    Filter("divided_by", divided_by, takes=NUMBER),
    Filter("modulo", modulo, takes=NUMBER),
    Filter("abs", abs_, takes=NUMBER),
    Filter("at_least", at_least, takes=NUMBER),
    Filter("at_most", at_most, takes=NUMBER),
    Filter("ceil", ceil, takes=NUMBER),
    Filter("floor", floor, takes=NUMBER),
    Filter("round", round_, costs.rounded, takes=NUMBER),
)
