"""Globs: `*` is any run of characters, `?` is one; the whole text, case-sensitive, in linear time."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

Test = Callable[[str], bool]


def code_of(pattern: str, text: str) -> str | None:
    """Code that tests the text that the code `text` stands for; None for patterns that need a machine.

    >>> code_of("*.example", "v0"), code_of("vip*", "v0"), code_of("*a*b*", "v0")
    ("v0.endswith('.example')", "v0.startswith('vip')", None)
    """
    inner = pattern.strip("*")
    if "*" in inner or "?" in inner:
        return None
    starts, ends = pattern.startswith("*"), pattern.endswith("*")
    if starts and ends:
        return f"{inner!r} in {text}"
    if starts or ends:
        return f"{text}.{'endswith' if starts else 'startswith'}({inner!r})"
    return f"{text} == {inner!r}"


@lru_cache(maxsize=4096)
def glob(pattern: str) -> Test:
    """The test for any pattern. RE2 takes time in proportion to the text, whatever the pattern.

    >>> glob("*.example")("mail.example"), glob("a?c")("abc"), glob("")("a")
    (True, True, False)
    """
    import re2  # dear to load, and few patterns need it

    pieces = {"*": ".*", "?": "."}
    expression = "".join(pieces.get(char) or re2.escape(char) for char in pattern)
    options = re2.Options()
    options.log_errors = False  # a pattern that outgrows its tables is matched without them
    match = re2.compile(f"(?s){expression}", options).fullmatch
    return lambda text: match(text) is not None
