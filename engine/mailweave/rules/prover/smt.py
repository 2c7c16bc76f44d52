"""The door to z3, the extra `prove`: loaded when a question needs it, and missed without harm."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def smt() -> Any:
    """The module z3. Raises ImportError where it is not installed."""
    import z3

    return z3


@lru_cache(maxsize=1)
def has_smt() -> bool:
    """Whether z3 is installed."""
    try:
        smt()
    except ImportError:
        return False
    return True
