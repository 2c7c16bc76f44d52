"""Amounts, once rounded, are written as Babel writes them, in every locale and currency."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.localedata import locale_identifiers
from babel.numbers import format_currency, get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from mailweave.liquid.filters.currencies import writer
from mailweave.liquid.filters.numbers import half_away

LOCALES = sorted(name for name in locale_identifiers() if name != "root")
UNITS = ("USD", "EUR", "JPY", "KWD", "CHF", "INR", "BRL", "CLF")


@given(
    st.decimals(-(10**14), 10**14, places=5),
    st.sampled_from(UNITS),
    st.sampled_from(LOCALES),
)
def test_an_amount_is_written_as_babel_writes_it(amount: Decimal, unit: str, locale: str) -> None:
    rounded = half_away(amount, get_currency_precision(unit))
    assert writer(unit, locale)(amount) == format_currency(rounded, unit, locale=locale)


@pytest.mark.parametrize(
    "locale", ["en_US", "de_DE", "fr_FR", "es_ES", "en_IN", "pt_BR", "ja_JP", "de_CH", "ar_EG"]
)
def test_common_locales_do_not_need_babel_each_time(locale: str) -> None:
    assert writer("EUR", locale).__name__ == "write"
