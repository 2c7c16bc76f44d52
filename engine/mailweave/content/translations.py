"""The words that stock blocks say themselves, by locale."""

from __future__ import annotations

import tomllib
from functools import cache

from mailweave import resources
from mailweave.values.locales import chain, locale_named


@cache
def locales() -> tuple[str, ...]:
    """The locales that the stock blocks speak, sorted."""
    files = (resources.folder("blocks") / "_wording").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def speaks(locale: str) -> bool:
    """Whether the stock blocks have words of a locale, or of one that stands in for it."""
    return any(file_name(name) in locales() for name in chain(locale))


def wording(locale: str, *, default: str = "en") -> dict[str, str]:
    """The table `campaign.t` for a locale: English, then `default`, then the language, then the region.

    >>> wording("de-AT")["unsubscribe"]
    'Abmelden'
    """
    known = locales()
    table: dict[str, str] = {}
    for name in ("en", *reversed(_stand_ins(default)), *reversed(_stand_ins(locale))):
        if file_name(name) in known:
            table |= _read(file_name(name))
    return table


def file_name(locale: str) -> str:
    """How the words of a locale are called in the folder of the stock blocks."""
    return locale.replace("_", "-").lower()


@cache
def _read(name: str) -> dict[str, str]:
    return tomllib.loads(resources.text("blocks", f"_wording/{name}.toml"))


def _stand_ins(locale: str) -> tuple[str, ...]:
    named = locale_named(locale)
    return () if named is None else chain(named)
