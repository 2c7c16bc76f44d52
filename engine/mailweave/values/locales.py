"""Names of locales, as data has them: read as BCP 47 or POSIX write them, and what stands in for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_BEHIND = re.compile(r"[.@].*|[-_][A-Za-z0-9][-_].*")  # an encoding; extensions such as -u-nu-latn
_LONGEST = 64
_NOBODYS = frozenset({"root", "und", "mul", "zxx", "mis"})


@lru_cache(maxsize=2048)
def locale_named(text: str) -> str | None:
    """The CLDR locale that a text names, as `de_AT`; the nearest one that is known, or None.

    What is unknown behind the language is left out, from its end.

    >>> locale_named("de-at"), locale_named("de-US"), locale_named("zh-TW"), locale_named("German")
    ('de_AT', 'de', 'zh_Hant_TW', None)
    """
    tag = _BEHIND.sub("", text.strip()) if len(text) <= _LONGEST else ""
    if not _TAG.fullmatch(tag) or tag.lower() in _NOBODYS:
        return None
    parts = tag.replace("-", "_").split("_")
    while parts:
        try:
            return str(Locale.parse("_".join(parts)))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return None


@lru_cache(maxsize=2048)
def chain(locale: str) -> tuple[str, ...]:
    """A locale, and those whose words and formats stand in for it, the nearest first.

    A language in another script is no stand-in.

    >>> chain("de_AT"), chain("es_MX"), chain("zh_Hant_TW")
    (('de_AT', 'de'), ('es_MX', 'es_419', 'es'), ('zh_Hant_TW', 'zh_Hant'))
    """
    return tuple(_chain(locale))


def _chain(locale: str) -> Iterator[str]:
    while locale and locale != "root":
        yield locale
        parent = get_global("parent_exceptions").get(locale) or locale.rpartition("_")[0]
        if _script(parent) != _script(locale):
            return
        locale = parent


def _script(locale: str) -> str:
    """The script that a locale is written in, as CLDR has it likely."""
    parts = locale.split("_")
    if len(parts) > 1 and len(parts[1]) == 4:
        return parts[1]
    likely = get_global("likely_subtags")
    found = likely.get(locale) or likely.get(parts[0]) or ""
    return next((part for part in found.split("_") if len(part) == 4 and part.isalpha()), "")


def direction(locale: str) -> str:
    """`ltr` or `rtl`.

    >>> direction("he_IL")
    'rtl'
    """
    return str(Locale.parse(locale).text_direction)


def language_tag(locale: str) -> str:
    """A locale as HTML names it.

    >>> language_tag("zh_Hant_TW")
    'zh-Hant-TW'
    """
    return locale.replace("_", "-")
