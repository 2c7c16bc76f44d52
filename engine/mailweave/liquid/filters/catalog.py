"""Our filters by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mailweave.liquid.filters import (
    arrays,
    encodings,
    localized,
    localized_dates,
    localized_words,
    numbers,
    strings,
)
from mailweave.liquid.filters.signature import DATE, MONEY, TEXT, UNKNOWN, Signature
from mailweave.liquid.filters.spec import Filter

GROUPS: Mapping[str, tuple[Filter, ...]] = MappingProxyType(
    {
        "Texts": strings.FILTERS,
        "Numbers": numbers.FILTERS,
        "Lists and defaults": arrays.FILTERS,
        "Dates and times for people": localized_dates.FILTERS,
        "Money, numbers, words for people": (*localized.FILTERS, *localized_words.FILTERS),
        "Encodings": encodings.FILTERS,
    }
)
_ALL: Mapping[str, Filter] = MappingProxyType(
    {filter_.name: filter_ for group in GROUPS.values() for filter_ in group}
)


_TEXTS = ("titlecase", "slugify", "pluralize", "t", "md5", "sha1", "sha256", "hmac_sha1", "hmac_sha256")
_SHOPS: Mapping[str, Signature] = {
    **dict.fromkeys(_TEXTS, TEXT),
    **dict.fromkeys(("money_with_currency", "money_without_currency"), MONEY),
    "time_ago": DATE,
}
"""What filters of shops take, which callers bring themselves."""


def filter_named(name: str) -> Filter:
    """The filter of that name; for a caller's own, one of which little is known.

    >>> filter_named("newline_to_br").makes_html, filter_named("own").makes_html
    (True, False)
    """
    return _ALL.get(name) or Filter(name, str, takes=_SHOPS.get(name, UNKNOWN))


def our_filters() -> Mapping[str, Filter]:
    """The filters of the mailweave dialect."""
    return _ALL
