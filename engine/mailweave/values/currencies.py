"""Currencies by their codes of ISO 4217, as CLDR knows them."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def is_currency(code: str) -> bool:
    """Whether there is a currency of this code, in capitals.

    >>> is_currency("EUR"), is_currency("XXQ")
    (True, False)
    """
    from babel.numbers import is_currency as is_known  # takes a while, and few rules have amounts

    return bool(is_known(code))


def currencies() -> frozenset[str]:
    """All codes."""
    from babel.numbers import list_currencies

    return frozenset(map(str, list_currencies()))
