"""Isolates, the marks that set a text apart from the direction of what is around it: in pairs, or not at all."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\u2066-\u2069]")
_CLOSES = "\u2069"


def paired(text: str) -> str:
    """Without isolates that nothing closes, and ends that close nothing: they would reach past the text.

    >>> ascii(paired("\\u2068a\\u2069 b\\u2069 \\u2067c"))
    "'\\\\u2068a\\\\u2069 b c'"
    """
    if _MARKS.search(text) is None:
        return text
    opened: list[int] = []
    alone: list[int] = []
    for found in _MARKS.finditer(text):
        if found[0] != _CLOSES:
            opened.append(found.start())
        elif opened:
            opened.pop()
        else:
            alone.append(found.start())
    gone = {*opened, *alone}
    return "".join([char for at, char in enumerate(text) if at not in gone]) if gone else text
