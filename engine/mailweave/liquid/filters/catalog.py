"""Our filters by name."""

from __future__ import annotations

from collections.abc import Mapping

from liquid import Environment

from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.filters.theirs import their_filters


def our_filters() -> Mapping[str, Filter]:
    """The filters of the mailweave dialect."""
    return their_filters(Environment())
