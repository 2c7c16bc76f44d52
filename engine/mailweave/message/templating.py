"""Tags of another templating, which may run over a header after us: none may come from a value."""

from __future__ import annotations

import re

# the first sign of `{{ {% {# ${ #{ <% *| %% [[`, where the second stands behind it
_OPENER = r"\{(?=[{%#])|<(?=%)|[$#](?=\{)|\*(?=\|)|%(?=%)|\[(?=\[)"
_OPENERS = re.compile(_OPENER)


class Authored:
    """The tags that an author wrote for another templating; they alone stay whole in a line.

    >>> Authored(["*|FNAME|*, hello"]).broken_up("*|FNAME|*, hello {{ name }}")
    '*|FNAME|*, hello { { name }}'
    """

    __slots__ = ("_found",)

    def __init__(self, literals: list[str]) -> None:
        own = sorted({one for one in literals if _OPENERS.search(one)}, key=len, reverse=True)
        kept = "|".join(map(re.escape, own))
        self._found = re.compile(f"(?P<own>{kept})|{_OPENER}") if own else _OPENERS

    def broken_up(self, text: str) -> str:
        """`text` with a blank inside every other tag's opening signs."""
        if _OPENERS.search(text) is None:
            return text
        return self._found.sub(lambda found: found[0] if found.lastgroup else f"{found[0]} ", text)
