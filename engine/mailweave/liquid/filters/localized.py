"""Filters that know the moment and the place: dates, money, numbers as people of a country write them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent, is_currency

from mailweave.liquid import dates
from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.currencies import Writer, writer
from mailweave.liquid.filters.numbers import half_away
from mailweave.liquid.filters.quick import amount, day
from mailweave.liquid.filters.signature import DATE, MONEY, NUMBER
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.values import integer, number
from mailweave.liquid.locale_context import LocaleContext
from mailweave.liquid.strftime import formatted
from mailweave.liquid.values import plain
from mailweave.liquid.writing import string

_LENGTHS = frozenset({"short", "medium", "long", "full"})
_LARGEST = Decimal(10) ** 30
_ZERO = Decimal(0)


def date(value: Any, form: Any, *, locale: Any = None, setting: LocaleContext) -> Any:
    """A date in a strftime form, or, by the names short, medium, long, full, as the campaign's locale
    writes it. "now" and "today" are the render's `now`. What is no date stays as it is.

    {{ "2026-03-05" | date: "%-d %B %Y" }} => 5 March 2026
    {{ "2026-03-05" | date: "long", locale: "de" }} => 5. März 2026
    {{ "soon" | date: "%Y" }} => soon
    """
    pattern = string(form)
    when = _moment(value, setting) if pattern and value is not None else None
    if when is None:
        return plain(value)
    if pattern in _LENGTHS:
        return format_date(when, pattern, locale=_known(locale or setting.locale))
    return formatted(when, pattern, _known(locale) if locale else "en")


def _moment(value: Any, setting: LocaleContext) -> Any:
    if isinstance(value, str) and value.lower() in ("now", "today"):
        if setting.now is None:
            raise FilterFailed("this render has no `now`")
        value = setting.now
    return dates.moment(value, setting.zone)


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
    return _money(_amount(value), unit, _known(locale or setting.locale))


def money_writer(currency: Any, setting: LocaleContext, locale: Any = None) -> Callable[[Any], str]:
    """`money` for one currency and place, looked up once. Raises FilterFailed."""
    return _writer(string(currency or setting.currency).upper(), _known(locale or setting.locale))


@lru_cache(maxsize=20_000)
def _money(amount: Decimal, unit: str, locale: str) -> str:
    return _writer(unit, locale)(amount)


@lru_cache(maxsize=256)
def _writer(unit: str, locale: str) -> Writer:
    if not is_currency(unit):
        raise FilterFailed("there is no such currency")
    return writer(unit, locale, _amount)


def number_(value: Any, digits: Any = None, *, locale: Any = None, setting: LocaleContext) -> str:
    """A number as the campaign's locale writes it, with so many decimal digits if said.

    {{ 1234567.891 | number: 1 }} => 1,234,567.9
    {{ 1234567.891 | number: 1, locale: "de" }} => 1.234.567,9
    """
    if value is None or value == "":
        return ""
    return _number(
        _amount(value), None if digits is None else _places(digits), _known(locale or setting.locale)
    )


@lru_cache(maxsize=20_000)
def _number(amount: Decimal, places: int | None, locale: str) -> str:
    if places is not None:
        return str(format_decimal(half_away(amount, places), _pattern(places), locale=locale))
    most: int = Locale.parse(locale).decimal_formats[None].frac_prec[1]
    return str(format_decimal(half_away(amount, most), locale=locale))


def _places(digits: Any) -> int:
    places = integer(digits)
    if not 0 <= places <= 20:
        raise FilterFailed("between 0 and 20 decimal digits are possible")
    return places


def _pattern(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def percent(value: Any, digits: Any = 0, *, locale: Any = None, setting: LocaleContext) -> str:
    """A share as a percentage: 0.25 is 25 %.

    {{ 0.256 | percent }} {{ 0.256 | percent: 1, locale: "fr" }} => 26% 25,6 %
    """
    if value is None or value == "":
        return ""
    return _percent(_amount(value), _places(digits), _known(locale or setting.locale))


@lru_cache(maxsize=20_000)
def _percent(amount: Decimal, places: int, locale: str) -> str:
    standard = Locale.parse(locale).percent_formats[None].pattern
    fitting = standard.replace("#,##0", _pattern(places)) if places else standard
    return str(format_percent(half_away(amount, places + 2), fitting, locale=locale))


def _amount(value: Any) -> Decimal:
    if value.__class__ is Decimal:
        amount = value
    else:
        found = number(value)
        amount = found if isinstance(found, Decimal) else Decimal(str(found))
    if not amount.is_finite() or not -_LARGEST <= amount <= _LARGEST:
        raise FilterFailed("the number is too large to print")
    return amount or _ZERO  # there is no minus nothing, and results are remembered by what is equal


@lru_cache(maxsize=256)
def _known(locale: Any) -> str:
    name = string(locale).replace("-", "_")
    try:
        Locale.parse(name)
    except (ValueError, UnknownLocaleError, TypeError):
        raise FilterFailed("there is no such locale") from None
    return name


FILTERS = (
    Filter("date", date, costs.formatted, setting=True, quick=day, takes=DATE),
    Filter("money", money, setting=True, quick=amount(money_writer), timeless=True, takes=MONEY),
    Filter("number", number_, setting=True, quick=amount(), timeless=True, takes=NUMBER),
    Filter("percent", percent, setting=True, quick=amount(), timeless=True, takes=NUMBER),
)
