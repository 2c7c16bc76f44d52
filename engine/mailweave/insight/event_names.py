"""What types and columns of events are called: in a list of one's own, and by `mailweave.delivery` where providers tell."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

OF_PROVIDERS: Final[Mapping[str, str]] = MappingProxyType(
    {"open": "opened", "click": "clicked", "complaint": "complained", "unsubscribe": "unsubscribed"}
)
"""Types that have two names: that of this package, and that of events that come back."""
COLUMNS: Final[Mapping[str, str]] = MappingProxyType({"idempotency_key": "mail", "id": "event_id"})
"""Columns that have two names, in the same order."""
KEY: Final = "[0-9a-f]{32}"
"""What an idempotency key looks like. `mail` is a word that a list may use for an address: that is no key."""


def spellings(kind: str) -> tuple[str, ...]:
    """All names of a type.

    >>> spellings("open"), spellings("complained"), spellings("purchase")
    (('open', 'opened'), ('complaint', 'complained'), ('purchase',))
    """
    return next((both for both in OF_PROVIDERS.items() if kind in both), (kind,))
