"""Texts that were escaped before, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Callable

from mailweave.values.bounded_cache import Memo


class PairedEscapes(Memo[tuple[str, str]]):
    """`twins[text]` is the text as HTML and as plain text.

    >>> twins = PairedEscapes(str, str)
    >>> twins["a"], twins.of(None)
    (('a', 'a'), ('None', 'None'))
    """

    __slots__ = ("of",)

    def __init__(self, html: Callable[[object], str], plain: Callable[[object], str]) -> None:
        def of(value: object) -> tuple[str, str]:
            return html(value), plain(value)

        super().__init__(of)
        self.of = of
        """Any value in both forms."""
