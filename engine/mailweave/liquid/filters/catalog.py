"""Our filters by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mailweave.liquid.filters import arrays, encodings, numbers, places, strings
from mailweave.liquid.filters.spec import Filter

GROUPS: Mapping[str, tuple[Filter, ...]] = MappingProxyType(
    {
        "Texts": strings.FILTERS,
        "Numbers": numbers.FILTERS,
        "Lists and defaults": arrays.FILTERS,
        "Dates, money, numbers for people": places.FILTERS,
        "Encodings": encodings.FILTERS,
    }
)
_ALL: Mapping[str, Filter] = MappingProxyType(
    {filter_.name: filter_ for group in GROUPS.values() for filter_ in group}
)


def our_filters() -> Mapping[str, Filter]:
    """The filters of the mailweave dialect."""
    return _ALL
