"""Amounts as a locale writes them, without asking Babel each time.

Babel takes tens of microseconds an amount. What CLDR has of a currency in a locale is a prefix, digits in groups, a
fraction and a suffix; these are read off its pattern once. Tests hold them against Node's Intl.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import get_currency_precision, get_currency_symbol

from mailweave.liquid.filters.number_shapes import NumberShape, shape, spaced
from mailweave.values.locales import chain

Writer = Callable[[Any], str]

_EXACT = Context(prec=60)  # whatever context the caller's thread has

_GROUPS: Mapping[str, str] = {"de_AT": "."}
_POINTS: Mapping[str, str] = {"fr_CH": "."}
"""CLDR's currencyGroup and currencyDecimal, which Babel leaves out."""


def _same(value: Any) -> Decimal:
    amount: Decimal = value
    return amount


@lru_cache(maxsize=256)
def writer(
    unit: str, locale: str, numerals: str = "locale", amount_of: Callable[[Any], Decimal] = _same
) -> Writer:
    """Writes amounts of one currency in one locale, a half rounded away from zero.

    `amount_of` makes a decimal of what is to be written, where it is not plainly one already.
    """
    places = get_currency_precision(unit)
    exponent = Decimal(1).scaleb(-places)
    form = _shape(unit, locale, numerals)
    if places != 2 or form.symbols.digits is not None:
        return lambda value: form.written(_rounded(amount_of(value), exponent))
    before, after, point, comma = form.before, form.after, form.symbols.point, form.symbols.comma
    ungrouped = form.first + form.least - 1 + 3
    longest = max(ungrouped, 6 + min(form.rest, 3) if form.first == 3 else 0)

    def write(value: Any) -> str:
        if value.__class__ is Decimal:  # as nearly all come: 12.50
            number = str(value)
            size = len(number)
            if 4 <= size <= longest and number[-3] == "." and number[0] != "-":
                if size <= ungrouped:
                    return f"{before}{number if point == '.' else number.replace('.', point)}{after}"
                return f"{before}{number[:-6]}{comma}{number[-6:-3]}{point}{number[-2:]}{after}"
        return form.written(_rounded(amount_of(value), exponent))

    return write


def _rounded(amount: Decimal, exponent: Decimal) -> Decimal:
    if amount.same_quantum(exponent):
        return amount
    return amount.quantize(exponent, ROUND_HALF_UP, _EXACT)


def _shape(unit: str, locale: str, numerals: str) -> NumberShape:
    sign = get_currency_symbol(unit, locale)
    form = shape(Locale.parse(locale).currency_formats["standard"], locale, numerals)
    comma = _GROUPS.get(locale, form.symbols.comma)
    point = _POINTS.get(locale, form.symbols.point)
    signs = replace(form.symbols, comma=comma, point=point)
    if (
        form.symbols.digits is not None and chain(locale)[-1] == "fa"
    ):  # Babel has the pattern for our digits alone
        form = replace(form, before=form.before.replace("\xa0", ""), below=form.below.replace("\xa0", ""))
    before, after = spaced(form.before, form.after, sign)
    below, behind = spaced(form.below, form.behind, sign)
    return replace(form, before=before, after=after, below=below, behind=behind, symbols=signs)
