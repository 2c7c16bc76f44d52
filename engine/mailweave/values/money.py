"""Money: exact amounts with four decimal places, held as whole ten-thousandths.

Eighteen digits in all, as DECIMAL(18, 4) holds; what a calculation takes beyond them is missing.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from mailweave.values.invalid_value import InvalidValue, mistyped
from mailweave.values.missing import MISSING
from mailweave.values.numbers import Quantity

SCALE: Final = 10_000
LIMIT: Final = 10**18

_EXACT: Final = Context(prec=40)
_AMOUNT: Final = re.compile(r"([+-]?)([0-9]{1,30})(?:\.([0-9]{1,30}))?(?: ([A-Z]{3}))?", re.ASCII)


def to_units(value: object, currency: str | None = None) -> int:
    """The ten-thousandths of an amount given as an int, a Decimal or a decimal text.

    Raises InvalidValue for floats, for more than four decimal places or eighteen digits, and for a text
    that names another currency than `currency`.

    >>> to_units("12.50"), to_units(3), to_units("12.5 USD", "USD")
    (125000, 30000, 125000)
    """
    if value.__class__ is str:
        return units_of_text(value, currency)
    if value.__class__ is Decimal and value.is_finite() and value.adjusted() < 14:
        units = int(value.scaleb(4, _EXACT))
        if value == Decimal(units).scaleb(-4, _EXACT):
            return units
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise mistyped(value, "money", advice="give a decimal text, an int or a Decimal")
    return _bounded(value * SCALE if isinstance(value, int) else _exact(value, currency))


@lru_cache(maxsize=65_536)  # amounts recur: prices, and totals of them
def units_of_text(text: str, currency: str | None) -> int:
    """`to_units` of a text. Raises InvalidValue."""
    whole, point, decimals = text.partition(".")
    if whole.isdigit() and len(whole) <= 14 and text.isascii():  # as nearly all come: 12.50
        if not point:
            return int(whole) * SCALE
        if decimals.isdigit() and len(decimals) <= 4:
            return int(whole + decimals.ljust(4, "0"))
    return _bounded(_exact(text, currency))


def _bounded(units: int) -> int:
    if not -LIMIT < units < LIMIT:
        raise InvalidValue("is more money than eighteen digits hold")
    return units


def _exact(value: str | Decimal, currency: str | None) -> int:
    text = value if isinstance(value, str) else _plain(value)
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise InvalidValue("is not a plain decimal amount")
    sign, whole, decimals, named = match.groups()
    if named is not None and named != currency:
        raise InvalidValue("is money of another currency")
    places = (decimals or "").rstrip("0")
    if len(places) > 4:
        raise InvalidValue("has more than four decimal places")
    units = int(whole + places.ljust(4, "0"))
    return -units if sign == "-" else units


def _plain(value: Decimal) -> str:
    """Digits without an exponent; what would not fit in any case is not spelt out."""
    if not value.is_finite():
        return ""
    if abs(value.adjusted()) > 30:
        return "0" if value == 0 else ""
    return format(value, "f")


def to_decimal(units: int) -> Decimal:
    """The amount as people write it: two decimal places, or as many as it needs.

    >>> to_decimal(125000), to_decimal(1)
    (Decimal('12.50'), Decimal('0.0001'))
    """
    if units >= 0 and units % 100 == 0:
        return Decimal(f"{units // SCALE}.{units % SCALE // 100:02d}")
    sign, digits = ("-" if units < 0 else ""), str(abs(units)).rjust(5, "0")
    places = digits[-4:].rstrip("0").ljust(2, "0")
    return Decimal(f"{sign}{digits[:-4]}.{places}")


def priced(text: str, currency: str | None) -> tuple[int, Decimal]:
    """The ten-thousandths of an amount, and the amount as `to_decimal` gives it. Raises InvalidValue.

    >>> priced("12.5", "EUR")
    (125000, Decimal('12.50'))
    """
    whole, _, decimals = text.partition(".")
    digits = whole + decimals
    if digits.isdigit() and digits.isascii() and whole and len(digits) <= 16:
        if len(decimals) == 2:
            return int(digits) * 100, Decimal(text)
        if len(decimals) == 1:
            return int(digits) * 1000, Decimal(text + "0")
    units = units_of_text(text, currency)
    return units, to_decimal(units)


def amount(units: Quantity) -> Quantity:
    """Units within their range; what overflows is missing."""
    return units if -LIMIT < units < LIMIT else MISSING


def average(units: int, count: int) -> int:
    """Units divided by a positive count, half to even.

    >>> average(5, 2), average(7, 2), average(-5, 2)
    (2, 4, -2)
    """
    quotient, rest = divmod(units, count)
    twice = rest * 2
    up = twice > count or (twice == count and quotient % 2 == 1)
    return quotient + up
