"""Globs: `*` is any run of characters, `?` is one; the whole text, case-sensitive, in linear time."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import re2

Test = Callable[[str], bool]


@lru_cache(maxsize=4096)
def glob(pattern: str) -> Test:
    """The test for a pattern.

    >>> glob("*.example")("mail.example"), glob("a?c")("abc"), glob("")("a")
    (True, True, False)
    """
    return _affix(pattern) or _general(pattern)


def _affix(pattern: str) -> Test | None:
    """Patterns whose stars stand at the ends need no machine."""
    inner = pattern.strip("*")
    if "*" in inner or "?" in inner:
        return None
    starts, ends = pattern.startswith("*"), pattern.endswith("*")
    if not inner and pattern:
        return lambda text: True
    if starts and ends:
        return lambda text: inner in text
    if starts:
        return lambda text: text.endswith(inner)
    return (lambda text: text.startswith(inner)) if ends else (lambda text: text == inner)


def _general(pattern: str) -> Test:
    """RE2 takes time in proportion to the text, whatever the pattern."""
    pieces = {"*": ".*", "?": "."}
    expression = "".join(pieces.get(char) or re2.escape(char) for char in pattern)
    match = re2.compile(f"(?s){expression}").fullmatch
    return lambda text: match(text) is not None
