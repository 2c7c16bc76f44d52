"""Texts that were escaped before, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Callable

from mailweave.values.bounded_cache import Memo


class PairedEscapes(Memo[tuple[str, str]]):
    """`twins[text]` is the text as HTML and as plain text.

    >>> twins = PairedEscapes(lambda value: (f"<{value}>", str(value)))
    >>> twins["a"], twins.of(None)
    (('<a>', 'a'), ('<None>', 'None'))
    """

    __slots__ = ("of",)

    def __init__(self, of: Callable[[object], tuple[str, str]]) -> None:
        super().__init__(of)
        self.of = of
        """Any value in both forms."""
