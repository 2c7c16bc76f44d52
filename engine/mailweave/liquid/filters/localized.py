"""Filters for amounts, as people of a country write them: money, numbers, shares, counts of things."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import is_currency

from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters.currencies import Writer, writer
from mailweave.liquid.filters.number_shapes import shape
from mailweave.liquid.filters.numbers import half_away
from mailweave.liquid.filters.quick import amount
from mailweave.liquid.filters.signature import MONEY, NUMBER
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.values import integer, number
from mailweave.liquid.locale_context import LocaleContext
from mailweave.liquid.writing import string
from mailweave.values.locales import locale_named

_LARGEST = Decimal(10) ** 30
_ZERO = Decimal(0)


def money(value: Any, currency: Any = None, *, locale: Any = None, setting: LocaleContext) -> str:
    """An amount with its currency, as the campaign's locale writes it. The currency is the one named,
    or the campaign's. The amount is in whole units: 12.5 is twelve and a half.

    {{ 1250 | money: "EUR" }} => €1,250.00
    {{ 1250.5 | money: "EUR", locale: "de" }} => 1.250,50 €
    """
    if value is None or value == "":
        return ""
    unit = string(currency or setting.currency).upper()
    if not unit:
        raise FilterFailed("no currency is named, neither here nor by the campaign")
    return _money(amount_in(value), unit, known(locale or setting.locale), setting.numerals)


def money_writer(currency: Any, setting: LocaleContext, locale: Any = None) -> Callable[[Any], str]:
    """`money` for one currency and place, looked up once. Raises FilterFailed."""
    unit = string(currency or setting.currency).upper()
    return _writer(unit, known(locale or setting.locale), setting.numerals)


@lru_cache(maxsize=20_000)
def _money(amount: Decimal, unit: str, locale: str, numerals: str) -> str:
    return _writer(unit, locale, numerals)(amount)


@lru_cache(maxsize=1024)
def _writer(unit: str, locale: str, numerals: str) -> Writer:
    if not is_currency(unit):
        raise FilterFailed("there is no such currency")
    return writer(unit, locale, numerals, amount_in)


def number_(value: Any, digits: Any = None, *, locale: Any = None, setting: LocaleContext) -> str:
    """A number as the campaign's locale writes it, with so many decimal digits if said.

    {{ 1234567.891 | number: 1 }} => 1,234,567.9
    {{ 1234567.891 | number: 1, locale: "de" }} => 1.234.567,9
    """
    if value is None or value == "":
        return ""
    places = None if digits is None else _places(digits)
    return number_text(amount_in(value), known(locale or setting.locale), setting.numerals, places)


@lru_cache(maxsize=20_000)
def number_text(amount: Decimal, locale: str, numerals: str, places: int | None = None) -> str:
    """A number as a locale writes it, with so many decimal digits, or as many as its standard has."""
    pattern = Locale.parse(locale).decimal_formats[None]
    rounded = half_away(amount, pattern.frac_prec[1] if places is None else places)
    if places is None:
        rounded = _shortest(rounded)
    return shape(pattern, locale, numerals).written(rounded)


def _shortest(amount: Decimal) -> Decimal:
    """Without zeros at the end of its fraction."""
    whole = amount.to_integral_value()
    return whole if amount == whole else amount.normalize()


def _places(digits: Any) -> int:
    places = integer(digits)
    if not 0 <= places <= 20:
        raise FilterFailed("between 0 and 20 decimal digits are possible")
    return places


def percent(value: Any, digits: Any = 0, *, locale: Any = None, setting: LocaleContext) -> str:
    """A share as a percentage: 0.25 is 25 %.

    {{ 0.256 | percent }} {{ 0.256 | percent: 1, locale: "fr" }} => 26% 25,6 %
    """
    if value is None or value == "":
        return ""
    return _percent(amount_in(value), _places(digits), known(locale or setting.locale), setting.numerals)


@lru_cache(maxsize=20_000)
def _percent(amount: Decimal, places: int, locale: str, numerals: str) -> str:
    pattern = Locale.parse(locale).percent_formats[None]
    return shape(pattern, locale, numerals).written(half_away(amount.scaleb(2), places))


def amount_in(value: Any) -> Decimal:
    """A number as a decimal. Raises FilterFailed for one that is too large to print."""
    if value.__class__ is Decimal:
        amount = value
    else:
        found = number(value)
        amount = found if isinstance(found, Decimal) else Decimal(str(found))
    if not amount.is_finite() or not -_LARGEST <= amount <= _LARGEST:
        raise FilterFailed("the number is too large to print")
    return amount or _ZERO  # there is no minus nothing, and results are remembered by what is equal


@lru_cache(maxsize=1024)
def known(locale: Any) -> str:
    """The CLDR locale of a name. Raises FilterFailed where there is none."""
    found = locale_named(string(locale))
    if found is None:
        raise FilterFailed("there is no such locale")
    return found


FILTERS = (
    Filter("money", money, setting=True, quick=amount(money_writer), timeless=True, takes=MONEY),
    Filter("number", number_, setting=True, quick=amount(), timeless=True, takes=NUMBER),
    Filter("percent", percent, setting=True, quick=amount(), timeless=True, takes=NUMBER),
)
