"""Texts as they enter: NFC, and nothing that no encoding can write."""

from __future__ import annotations

from unicodedata import normalize

from mailweave.values.refused import Refused


def to_text(value: object) -> str:
    """A text in NFC. Raises Refused for what is no text and for lone surrogates.

    >>> len(to_text("e\\u0301"))
    1
    """
    if not isinstance(value, str):
        raise Refused("is not a text")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Refused("is a text with half a character in it (a lone surrogate)") from None
    return normalize("NFC", value)
