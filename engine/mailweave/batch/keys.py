"""Which texts are keys: those that name one recipient. Rows whose key is none are dead letters, and no doubles."""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

from mailweave.rules.validation import why_no_key

PLAIN: Final = "[!-~]{1,255}"  # an expression for texts that are keys as they stand; of others, Python says


def as_key(text: str | None) -> str | None:
    """The key as rules read it; None for a text that names nobody.

    >>> as_key("e\\u0301"), as_key("\\u2003"), as_key("a\\0b")
    ('é', None, None)
    """
    key = None if text is None else normalize("NFC", text)
    return key if key is None or why_no_key(key) is None else None
