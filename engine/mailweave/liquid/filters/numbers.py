"""Filters on numbers. Texts count as the number they start with; anything else is 0."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.values import Number, number

_MOST_DIGITS = 300


def _exact(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _combined(left: Any, right: Any, calculate: Callable[[Any, Any], Any]) -> Number:
    """Whole numbers exactly, decimals as decimals, other numbers without the noise of binary fractions."""
    first, second = number(left), number(right)
    if isinstance(first, int) and isinstance(second, int):
        return calculate(first, second)  # type: ignore[no-any-return]  # whole numbers stay whole
    result: Decimal = calculate(_exact(first), _exact(second))
    return result if isinstance(first, Decimal) or isinstance(second, Decimal) else float(result)


def plus(value: Any, other: Any) -> Number:
    """The sum.

    {{ 4 | plus: 2 }} {{ "7,42" | plus: 1 }} => 6 8
    """
    return _combined(value, other, lambda a, b: a + b)


def minus(value: Any, other: Any) -> Number:
    """The difference.

    {{ 4 | minus: 1.5 }} => 2.5
    """
    return _combined(value, other, lambda a, b: a - b)


def times(value: Any, other: Any) -> Number:
    """The product.

    {{ 3 | times: 4 }} => 12
    """
    return _combined(value, other, lambda a, b: a * b)


def divided_by(value: Any, other: Any) -> Number:
    """The quotient; of two whole numbers, rounded down.

    {{ 7 | divided_by: 2 }} {{ 7 | divided_by: 2.0 }} => 3 3.5
    """
    first, second = number(value), number(other)
    if not second:
        raise FilterFailed("cannot divide by 0")
    if isinstance(first, int) and isinstance(second, int):
        return first // second
    if isinstance(first, Decimal) or isinstance(second, Decimal):
        return _exact(first) / _exact(second)
    return first / second


def modulo(value: Any, other: Any) -> Number:
    """The remainder of a division.

    {{ 7 | modulo: 3 }} => 1
    """
    if not number(other):
        raise FilterFailed("cannot divide by 0")
    return _combined(value, other, lambda a, b: a % b)


def abs_(value: Any) -> Number:
    """The number without its sign.

    {{ -7 | abs }} => 7
    """
    found = number(value)
    return -found if found < 0 else found


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
    return math.ceil(number(value))


def floor(value: Any) -> int:
    """The next whole number down.

    {{ 1.8 | floor }} => 1
    """
    return math.floor(number(value))


def round_(value: Any, digits: Any = 0) -> Number:
    """The nearest number with so many decimal digits; a half goes up, away from zero.

    {{ 4.5 | round }} {{ 2.666 | round: 2 }} => 5 2.67
    """
    amount, places = number(value), int(number(digits))
    if places < 0:
        return 0
    if isinstance(amount, int) or places > _MOST_DIGITS:
        return amount
    rounded = _exact(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if places == 0:
        return int(rounded)
    return rounded if isinstance(amount, Decimal) else float(rounded)


FILTERS = (
    Filter("plus", plus),
    Filter("minus", minus),
    Filter("times", times, costs.product),
    Filter("divided_by", divided_by),
    Filter("modulo", modulo),
    Filter("abs", abs_),
    Filter("at_least", at_least),
    Filter("at_most", at_most),
    Filter("ceil", ceil),
    Filter("floor", floor),
    Filter("round", round_, costs.rounded),
)
