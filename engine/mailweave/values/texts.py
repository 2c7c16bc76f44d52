"""Texts as they enter: NFC, and nothing that no encoding can write."""

from __future__ import annotations

from unicodedata import normalize

from mailweave.values.invalid_value import InvalidValue, mistyped


def to_text(value: object) -> str:
    """A text in NFC. Raises InvalidValue for what is no text and for lone surrogates.

    >>> len(to_text("e\\u0301"))
    1
    """
    if not isinstance(value, str):
        raise mistyped(value, "a text")
    if value.isascii():
        return value
    check_encodable(value)
    return normalize("NFC", value)


def check_encodable(text: str) -> None:
    """Raises InvalidValue for a text that no encoding can write."""
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidValue("is a text with half a character in it (a lone surrogate)") from None
