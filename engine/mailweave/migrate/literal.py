"""Text that Liquid is to show as it stands."""

from __future__ import annotations

import re

_OPENINGS = re.compile(
    r"\{\{(?:(?!\{%|\}\}).)*+\}\}|\{%(?:(?!\{%|%\}).)*+%\}|\{[{%]",
    re.DOTALL,
)
_ENDING = re.compile(r"\{%-?\s*endraw\b")


def literal(text: str) -> str:
    """The text with what Liquid would read in `raw`.

    >>> literal("a {{ b }} c"), literal("{{")
    ('a {% raw %}{{ b }}{% endraw %} c', '{% raw %}{{{% endraw %}')
    """
    return _OPENINGS.sub(lambda found: _raw(found[0]), text)


def _raw(mark: str) -> str:
    """A mark within `raw`; one that would end it, from its second sign on."""
    shown = mark if _ENDING.search(mark) is None else mark[0]
    return f"{{% raw %}}{shown}{{% endraw %}}{mark[len(shown) :]}"


def holds_marks(text: str) -> bool:
    """Whether Liquid would read something in a text."""
    return _OPENINGS.search(text) is not None
