"""The words that stock blocks say themselves, by locale."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from mailweave import resources


def locales() -> tuple[str, ...]:
    """The locales that the stock blocks speak, sorted."""
    files = (resources.folder("blocks") / "_wording").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def wording(locale: str, overrides: Mapping[str, str] | None = None) -> dict[str, str]:
    """The table `campaign.t` for a locale: English, then the language, then the region, then `overrides`.

    >>> wording("de-AT")["unsubscribe"]
    'Abmelden'
    """
    known = locales()
    names = ("en", _language(locale), locale.replace("_", "-").lower())
    table: dict[str, str] = {}
    for name in dict.fromkeys(names):
        if name in known:
            table |= tomllib.loads(resources.text("blocks", f"_wording/{name}.toml"))
    return table | dict(overrides or {})


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-")[0].lower()
