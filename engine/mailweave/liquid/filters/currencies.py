"""Amounts as a locale writes them, without asking Babel each time.

Babel takes tens of microseconds an amount. What it writes is a prefix, digits in groups, a fraction and
a suffix; these are read off its own patterns once for each currency and locale, and held against Babel
on probes. Where one differs, Babel writes them all.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import (
    format_currency,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

Writer = Callable[[Any], str]

_EXACT = Context(prec=60)  # whatever context the caller's thread has

_PROBES = tuple(
    sign * Decimal(text)
    for sign in (1, -1)
    for text in (
        "0",
        "0.5",
        "0.005",
        "0.015",
        "1",
        "12.34",
        "9.99",
        "123.45",
        "1234.50",
        "12345.67",
        "123456.78",
        "999.995",
        "1234",
        "12345.6",
        "1234567.89",
        "98765432109.01",
    )
)


def _same(value: Any) -> Decimal:
    amount: Decimal = value
    return amount


@lru_cache(maxsize=256)
def writer(unit: str, locale: str, amount_of: Callable[[Any], Decimal] = _same) -> Writer:
    """Writes amounts of one currency in one locale, as Babel does once they are rounded, a half away from zero.

    `amount_of` makes a decimal of what is to be written, where it is not plainly one already.
    """

    exponent = Decimal(1).scaleb(-get_currency_precision(unit))

    def by_babel(amount: Decimal) -> str:
        rounded = amount.quantize(exponent, ROUND_HALF_UP, _EXACT)
        return str(format_currency(rounded, unit, locale=locale))

    fast = _shaped(unit, locale, amount_of)
    if all(fast(probe) == by_babel(amount_of(probe)) for probe in _PROBES):
        return fast
    kept = lru_cache(maxsize=20_000)(by_babel)  # prices recur
    return lambda value: kept(amount_of(value))


def _shaped(unit: str, locale: str, amount_of: Callable[[Any], Decimal]) -> Writer:
    pattern = Locale.parse(locale).currency_formats["standard"]
    symbol = get_currency_symbol(unit, locale)
    before, below = (_filled(text, symbol, unit) for text in pattern.prefix)
    after, behind = (_filled(text, symbol, unit) for text in pattern.suffix)
    places = get_currency_precision(unit)
    exponent = Decimal(1).scaleb(-places)
    point, comma = get_decimal_symbol(locale), get_group_symbol(locale)
    first, rest = pattern.grouping

    swapped = {ord(","): comma, ord("."): point}
    ungrouped = min(first, 3) + (1 + places if places else 0)

    grouped_once = 6 + min(rest, 3) if first == 3 else 0
    shortest, longest = 4, max(ungrouped, grouped_once) if places == 2 else 0

    def write(value: Any) -> str:
        if value.__class__ is Decimal:  # as nearly all come: 12.50
            number = str(value)
            size = len(number)
            if shortest <= size <= longest and number[-3] == "." and number[0] != "-":
                if size <= ungrouped:
                    return f"{before}{number if point == '.' else number.replace('.', point)}{after}"
                return f"{before}{number[:-6]}{comma}{number[-6:-3]}{point}{number[-2:]}{after}"
        rounded = amount_of(value)
        if not rounded.same_quantum(exponent):
            rounded = rounded.quantize(exponent, ROUND_HALF_UP, _EXACT)
        sized = rounded.copy_abs()
        number = str(sized)
        if len(number) <= ungrouped:
            if point != ".":
                number = number.replace(".", point)
        elif first == rest == 3:
            number = f"{sized:,f}"
            if comma != "," or point != ".":
                number = number.translate(swapped)
        else:
            whole, _, fraction = f"{sized:f}".partition(".")
            grouped = _grouped(whole, comma, first, rest)
            number = f"{grouped}{point}{fraction}" if fraction else grouped
        return f"{below}{number}{behind}" if rounded.is_signed() else f"{before}{number}{after}"

    return write


def _filled(text: str, symbol: str, unit: str) -> str:
    return text.replace("¤¤", unit).replace("¤", symbol)


def _grouped(whole: str, comma: str, first: int, rest: int) -> str:
    groups = [whole[-first:]]
    whole = whole[:-first]
    while whole:
        groups.append(whole[-rest:])
        whole = whole[:-rest]
    return comma.join(reversed(groups))
