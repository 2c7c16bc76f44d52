"""Escaping for CSS: a value that could be more than one value is blocked."""

from __future__ import annotations

import re

BLOCKED = "blocked"
"""Stands in the place of a value that CSS could read as more than a value; no property knows it."""

_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})[ \t\n\f\r]?")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\"'`()/;@\[\\\]{}<>&:*=^$|~!?\ud800-\udfff]|--|%%|#\Z")
_COLOUR = re.compile(r"(?<![\w-])(?:rgb|rgba|hsl|hsla)\([0-9., %deg-]{1,60}\)", re.IGNORECASE)
_ACTIVE = re.compile(r"expression|mozbinding|behavior|javascript")
_NAME = re.compile(r"[A-Za-z0-9_-]*\Z")


def value(text: str) -> str:
    """One or more plain values: keywords, numbers with units, colours."""
    plain = _ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), text)
    if _FORBIDDEN.search(_COLOUR.sub("", plain) if "(" in plain else plain):
        return BLOCKED
    return BLOCKED if _ACTIVE.search(re.sub(r"[^a-z]", "", plain.lower())) else plain


def block_value(text: str) -> str:
    """The same in a `<style>`, where no character reference keeps a `%` from the next one."""
    plain = value(text)
    return plain + " " if plain.endswith("%") else plain


def name(text: str) -> str:
    """A part of the name of a property, of a class or of an element."""
    is_active = _ACTIVE.search(re.sub(r"[^a-z]", "", text.lower()))
    return text if _NAME.match(text) and not is_active and "--" not in text else BLOCKED


def string(text: str) -> str:
    """Text inside quotes."""
    return "".join(char if _is_harmless(char) else f"\\{ord(char):x} " for char in text if char != "\0")


def _is_harmless(char: str) -> bool:
    return (char.isalnum() or char in " _-.,!+") and not "\ud800" <= char <= "\udfff"


def address(encoded: str) -> str:
    """A URL that is percent-encoded already, inside url()."""
    return encoded.translate(_IN_URL)


_IN_URL = {ord(char): f"%{ord(char):02X}" for char in "()'\"\\ \t\n\r\f"}
