"""Settings that each recipient has for themselves, and the templates that hang on them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from mailweave.liquid.filters.catalog import our_filters

PLACE: Final = ("locale", "currency", "timezone")
"""The settings that may hold Liquid, so that each recipient has their own."""

_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WHOLE = r"\bcampaign\s*(?![\s.\w])"  # the record as a whole, or a member by a name that is data
_PLACED = "|".join(one.name for one in our_filters().values() if one.setting)
_NAMES = {
    "locale": f"locale|dir|t|messages|words|{_PLACED}",
    "currency": f"currency|{_PLACED}",
    "timezone": f"timezone|{_PLACED}",
}


def reads_open(template: str, settings: Collection[str]) -> bool:
    """Whether a template may read one of these settings, itself or by a filter.

    >>> reads_open("{{ price | money }}", ["currency"]), reads_open("{{ price }} in money", ["currency"])
    (True, False)
    """
    code = " ".join(_CODE.findall(template))
    names = "|".join(_NAMES[one] for one in settings)
    return re.search(rf"\b(?:{names})\b|{_WHOLE}", code) is not None
