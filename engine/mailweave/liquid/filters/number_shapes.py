"""How a locale writes numbers: signs, groups and digits, read off CLDR's patterns once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Protocol

from babel import Locale

from mailweave.values.locales import chain

Digits = Mapping[int, str]

_ZEROS: Final = {
    "adlm": "𞥐", "arab": "٠", "arabext": "۰", "beng": "০", "cakm": "𑄶", "deva": "०", "hmnp": "𞅀",
    "mtei": "꯰", "mymr": "၀", "nkoo": "߀", "olck": "᱐", "tibt": "༠",
}  # fmt: skip
"""The zero of each numbering system that is the default one of some locale, but for ours; nine digits follow it."""

_FROM_FIVE: Final = frozenset(
    ("be", "bg", "es", "et", "hu", "hy", "ia", "ie", "it", "ka", "lv", "pl", "pt_PT", "ru_UA", "sl", "sq")
)
"""CLDR's minimumGroupingDigits, which Babel leaves out: four digits stand there without a sign between them."""
_FROM_FOUR: Final = frozenset(("es_419",))

_GROUPS: Final = {"de_AT": "\xa0", "de_CH": "'", "de_LI": "'", "en_CH": "'", "it_CH": "'"}
"""Austria groups amounts of money in another way than numbers, of which Babel keeps one; the others are CLDR 48's."""


class Pattern(Protocol):
    """A number pattern of CLDR, as Babel reads it."""

    @property
    def prefix(self) -> tuple[str, str]: ...
    @property
    def suffix(self) -> tuple[str, str]: ...
    @property
    def grouping(self) -> tuple[int, int]: ...


@dataclass(frozen=True, slots=True)
class Symbols:
    """The signs of numbers in a locale; `digits` is None where they are ours."""

    point: str
    comma: str
    minus: str
    percent: str
    digits: Digits | None


@dataclass(frozen=True, slots=True)
class NumberShape:
    """What stands around an amount and between its digits; `least`: so many digits stand before the first sign."""

    before: str
    after: str
    below: str
    behind: str
    symbols: Symbols
    first: int
    rest: int
    least: int

    def written(self, rounded: Decimal) -> str:
        """An amount that has the digits already which it is to show."""
        whole, _, fraction = f"{rounded.copy_abs():f}".partition(".")
        number = self._grouped(whole) + (self.symbols.point + fraction if fraction else "")
        if self.symbols.digits is not None:
            number = number.translate(self.symbols.digits)
        if rounded.is_signed():
            return f"{self.below}{number}{self.behind}"
        return f"{self.before}{number}{self.after}"

    def _grouped(self, whole: str) -> str:
        if not self.first or len(whole) < self.first + self.least:
            return whole
        groups = [whole[-self.first :]]
        whole = whole[: -self.first]
        while whole:
            groups.append(whole[-self.rest :])
            whole = whole[: -self.rest]
        return self.symbols.comma.join(reversed(groups))


@lru_cache(maxsize=1024)
def symbols(locale: str, numerals: str) -> Symbols:
    """The signs of a locale; `numerals`: `locale` for its own digits, `latin` for ours."""
    known = Locale.parse(locale)
    system = known.default_numbering_system if numerals == "locale" else "latn"  # type: ignore[attr-defined]  # its stubs are older
    found = {**known.number_symbols["latn"], **known.number_symbols.get(system, {})}
    comma = _GROUPS.get(locale, found["group"])
    return Symbols(
        found["decimal"], comma, found["minusSign"], found["percentSign"], _digits(_ZEROS.get(system))
    )


def _digits(zero: str | None) -> Digits | None:
    return None if zero is None else {ord("0") + n: chr(ord(zero) + n) for n in range(10)}


def local_digits(text: str, locale: str, numerals: str) -> str:
    """A text with the digits of a locale.

    >>> local_digits("5 / 3", "ar_EG", "locale")
    '٥ / ٣'
    """
    digits = symbols(locale, numerals).digits
    return text if digits is None else text.translate(digits)


def shape(pattern: Pattern, locale: str, numerals: str, fill: Callable[[str], str] = str) -> NumberShape:
    """The shape that a pattern has in a locale. `fill` puts a currency's sign into what stands around the number."""
    signs = symbols(locale, numerals)

    def around(text: str) -> str:
        return fill(text.replace("-", signs.minus).replace("%", signs.percent))

    first, rest = pattern.grouping
    (before, below), (after, behind) = pattern.prefix, pattern.suffix
    if signs.digits is not None:  # what Babel has for below zero is for our digits
        below, behind = f"-{before}", after
    grouped = first if first < 1000 else 0  # Babel's way to say that there are no groups
    return NumberShape(
        around(before), around(after), around(below), around(behind), signs, grouped, rest, _least(locale)
    )


def _least(locale: str) -> int:
    for name in chain(locale):
        if name in _FROM_FIVE:
            return 2
        if name in _FROM_FOUR:
            return 1
    return 1


def spaced(before: str, after: str, sign: str) -> tuple[str, str]:
    """What stands before and after a number, with a currency's sign in it, and a blank where letters meet digits.

    >>> spaced("¤", "", "CHF"), spaced("¤", "", "US$")
    (('CHF\\xa0', ''), ('US$', ''))
    """
    if before.endswith("¤") and _is_letter(sign[-1:]):
        before += "\xa0"
    if after.startswith("¤") and _is_letter(sign[:1]):
        after = "\xa0" + after
    return before.replace("¤", sign), after.replace("¤", sign)


def _is_letter(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign)[0] not in "SZ"
