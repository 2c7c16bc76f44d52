"""Filters for words beside numbers, lists of words, and words in another direction."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.lists import format_list
from babel.units import _find_unit_pattern  # type: ignore[attr-defined]  # see `_unit_forms`

from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.localized import amount_in, known, number_text
from mailweave.liquid.filters.numbers import half_away
from mailweave.liquid.filters.signature import LIST, NUMBER, TEXT
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.locale_context import LocaleContext
from mailweave.liquid.writing import string

_LISTS = {"and": "standard", "or": "or", "unit": "unit"}
_WIDTHS = ("long", "short", "narrow")
_PLACES = 3
_OPEN, _CLOSE = "\u2068", "\u2069"


def unit(value: Any, name: Any, width: Any = "short", *, locale: Any = None, setting: LocaleContext) -> str:
    """An amount with its unit, by CLDR's names of units, as the locale writes it: short, long or narrow.

    {{ 12.5 | unit: "kilometer", "long" }} => 12.5 kilometers
    {{ 3 | unit: "kilogram", locale: "de" }} => 3 kg
    """
    if value is None or value == "":
        return ""
    if string(width) not in _WIDTHS:
        raise FilterFailed(f"the width is none of {', '.join(_WIDTHS)}")
    return _unit(
        amount_in(value), string(name), string(width), known(locale or setting.locale), setting.numerals
    )


@lru_cache(maxsize=4096)
def _unit(amount: Decimal, name: str, width: str, locale: str, numerals: str) -> str:
    rounded = half_away(amount, _PLACES)
    rounded = rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded.normalize()
    forms = _unit_forms(name, width, locale)
    pattern = forms.get(category(rounded, locale)) or forms.get("other", "{0}")
    return pattern.format(number_text(rounded, locale, numerals))


@lru_cache(maxsize=1024)
def _unit_forms(name: str, width: str, locale: str) -> Mapping[str, str]:
    """The forms of a unit by plural category. Babel's own function takes the long one where a short one has no form
    for a number, so that its table is read."""
    known_locale = Locale.parse(locale)
    whole = _find_unit_pattern(name, known_locale)
    if whole is None:
        raise FilterFailed("CLDR has no such unit")
    widths = known_locale._data["unit_patterns"][whole]  # type: ignore[attr-defined]
    return {**widths.get("short", {}), **widths.get(width, {})}


def list_(value: Any, kind: Any = "and", *, locale: Any = None, setting: LocaleContext) -> Any:
    """The items of a list as a locale lists them: with its "and", its "or", or, for a unit, with neither.

    {{ cart | map: "name" | list }} => Lamp and Desk
    {{ cart | map: "name" | list: "or", locale: "de" }} => Lamp oder Desk
    """
    if not isinstance(value, (list, tuple)):
        return value
    style = _LISTS.get(string(kind))
    if style is None:
        raise FilterFailed(f"the kind is none of {', '.join(_LISTS)}")
    items = [text for one in value if (text := string(one))]
    return format_list(items, style, locale=known(locale or setting.locale)) if items else ""  # type: ignore[arg-type]  # a value of _LISTS


def plural(
    value: Any,
    *,
    other: Any = "",
    none: Any = None,
    zero: Any = None,
    one: Any = None,
    two: Any = None,
    few: Any = None,
    many: Any = None,
    locale: Any = None,
    setting: LocaleContext,
) -> str:
    """The form for a number, by the plural rules of the locale: `zero`, `one`, `two`, `few`, `many`, `other`.
    `none` is for no thing at all, in any locale. `#` is the number.

    {{ 1 | plural: one: "# parcel", other: "# parcels" }} => 1 parcel
    {{ 0 | plural: none: "no parcels", one: "# parcel", other: "# parcels" }} => no parcels
    {{ 3 | plural: one: "# plik", few: "# pliki", many: "# plików", other: "# pliku", locale: "pl" }} => 3 pliki
    """
    forms = {"zero": zero, "one": one, "two": two, "few": few, "many": many}
    return _formed(value, forms, none, other, "plural_form", locale, setting)


def ordinal(
    value: Any,
    *,
    other: Any = "",
    zero: Any = None,
    one: Any = None,
    two: Any = None,
    few: Any = None,
    many: Any = None,
    locale: Any = None,
    setting: LocaleContext,
) -> str:
    """The form for a number in a row, by the ordinal rules of the locale. `#` is the number.

    {{ 2 | ordinal: one: "#st", two: "#nd", few: "#rd", other: "#th" }} => 2nd
    {{ 11 | ordinal: one: "#st", two: "#nd", few: "#rd", other: "#th" }} => 11th
    """
    forms = {"zero": zero, "one": one, "two": two, "few": few, "many": many}
    return _formed(value, forms, None, other, "ordinal_form", locale, setting)


def _formed(
    value: Any,
    forms: dict[str, Any],
    none: Any,
    other: Any,
    rules: str,
    locale: Any,
    setting: LocaleContext,
) -> str:
    if value is None or value == "":
        return ""
    amount, name = amount_in(value), known(locale or setting.locale)
    chosen = none if none is not None and not amount else forms.get(category(amount, name, rules))
    text = string(other if chosen is None else chosen)
    return text.replace("#", number_text(amount, name, setting.numerals)) if "#" in text else text


@lru_cache(maxsize=4096)
def category(amount: Decimal, locale: str, rules: str = "plural_form") -> str:
    """Which form a number takes in a locale.

    >>> category(Decimal(3), "pl"), category(Decimal(22), "en", "ordinal_form")
    ('few', 'two')
    """
    shown = amount.to_integral_value() if amount == amount.to_integral_value() else half_away(amount, _PLACES)
    return str(getattr(Locale.parse(locale), rules)(abs(shown.normalize() if shown % 1 else shown)))


def isolate(value: Any) -> str:
    """A text set apart from the direction of the text around it, by marks that nobody sees.

    [{{ "Fjord" | isolate }}] => [\u2068Fjord\u2069]
    """
    text = string(value)
    return f"{_OPEN}{text}{_CLOSE}" if text else ""


FILTERS = (
    Filter("unit", unit, setting=True, timeless=True, takes=NUMBER),
    Filter("list", list_, costs.linear, setting=True, timeless=True, takes=LIST),
    Filter("plural", plural, setting=True, timeless=True, takes=NUMBER),
    Filter("ordinal", ordinal, setting=True, timeless=True, takes=NUMBER),
    Filter("isolate", isolate, costs.linear, takes=TEXT),
)
