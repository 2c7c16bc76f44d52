"""Text that Liquid is to show as it stands."""

from __future__ import annotations

import re

_OPENINGS = re.compile(
    r"\{\{(?:(?!\{%|\}\}).)*+\}\}|\{%(?:(?!\{%|%\}).)*+%\}|\{[{%]",
    re.DOTALL,
)


def literal(text: str) -> str:
    """The text with what Liquid would read in `raw`.

    >>> literal("a {{ b }} c"), literal("{{")
    ('a {% raw %}{{ b }}{% endraw %} c', '{% raw %}{{{% endraw %}')
    """
    return _OPENINGS.sub(lambda found: f"{{% raw %}}{found[0]}{{% endraw %}}", text)


def holds_marks(text: str) -> bool:
    """Whether Liquid would read something in a text."""
    return _OPENINGS.search(text) is not None
