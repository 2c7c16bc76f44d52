"""Pseudo-locales: translations that nobody wrote, so that what is not translated can be seen before there is any.

`en-XA` puts accents on every letter and makes texts 40 % longer, in brackets; `ar-XB` writes every word backwards, and
the mail from right to left. Placeholders, tags and addresses stay. What is shown without accents is no text for
translators.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mailweave.content.catalogues import Catalogue, Translation
from mailweave.content.messages import FORMS, PLACEHOLDER
from mailweave.source import Source

_PLAIN = "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz"
_ACCENTED = "ÅåƁƀÇçÐðÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀṁÑñÖöÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
_MORE: Final = ("oñé", "ţŵö", "ţĥŕéé", "ƒöûŕ", "ƒîṽé", "šîẋ", "šéṽéñ", "éîĝĥţ", "ñîñé", "ţéñ")
_LONGER: Final = 0.4
_ADDRESS = r"\S*(?:://|@|www\.)\S*"
_BRACKETED = r"\[\w+\]"  # what stock words have filled in
_KEPT = re.compile(rf"{PLACEHOLDER.pattern}|{_ADDRESS}|{_BRACKETED}", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_RIGHT = "\u200f"


def accented(text: str) -> str:
    """A text with accents, in brackets and 40 % longer.

    >>> accented("See <1>our shop</1>, {{ name }}")
    '[Šéé <1>öûŕ šĥöþ</1>, {{ name }} oñé]'
    """
    length, more = sum(map(len, _KEPT.split(text))) + sum(map(_form_length, PLACEHOLDER.findall(text))), ""
    for number in range(len(text)):
        if len(more) >= length * _LONGER - 2:  # the brackets count
            break
        more += f" {_MORE[number % len(_MORE)]}"
    return f"[{_outside(text, lambda words: words.translate(_ACCENTS))}{more}]"


def turned(text: str) -> str:
    """A text whose words stand from right to left, and are spelt backwards: what would turn letters is taken out of
    values."""
    return _outside(text, lambda words: _WORD.sub(lambda word: f"{_RIGHT}{word[0][::-1]}{_RIGHT}", words))


def _outside(text: str, written: Callable[[str], str]) -> str:
    """A text with its words, those in forms of counts too, written anew."""
    made, at = [], 0
    for found in _KEPT.finditer(text):
        made += [written(text[at : found.start()]), _output(found[0], written)]
        at = found.end()
    return "".join([*made, written(text[at:])])


def _output(mark: str, written: Callable[[str], str]) -> str:
    def forms(found: re.Match[str]) -> str:
        said = _QUOTED.sub(lambda form: form[0][0] + written(form[0][1:-1]) + form[0][0], found[2])
        return f"{found[1]}:{said} "

    return FORMS.sub(forms, mark) if mark.startswith("{{") else mark


def _form_length(mark: str) -> int:
    """The length of the longest form of an output, which is shown in its place; 0 of any other placeholder."""
    forms = [form for found in FORMS.finditer(mark) for form in _QUOTED.findall(found[2])]
    return max((len(form) - 2 for form in forms), default=0)


@dataclass(frozen=True, slots=True)
class PseudoLocale:
    """How its texts are written, and their direction; that of the campaign's own language without one."""

    written: Callable[[str], str]
    direction: str = ""


PSEUDO_LOCALES: Final[Mapping[str, PseudoLocale]] = {
    "en-XA": PseudoLocale(accented),
    "ar-XB": PseudoLocale(turned, "rtl"),
}


@dataclass(frozen=True, slots=True)
class PseudoCatalogue(Catalogue):
    """Has a translation of every text: the text itself, written anew."""

    written: Callable[[str], str] = accented

    @classmethod
    def of(cls, pseudo: PseudoLocale, locale: str) -> PseudoCatalogue:
        """Those of a pseudo-locale, in place of those of a locale."""
        return cls(locale, Source("<pseudo>", ""), {}, written=pseudo.written)

    def find(self, context: str, text: str) -> Translation | None:
        return Translation(self.written(text), self.source, 0)
