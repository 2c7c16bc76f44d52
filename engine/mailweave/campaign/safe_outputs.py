"""The filter `safe` where it has no effect: in templates that are not trusted."""

from __future__ import annotations

import re
from dataclasses import replace

from mailweave.markup.pieces import Kind, Piece, replaced
from mailweave.source import Source

_SAFE = re.compile(r"\"[^\"]*\"|'[^']*'|\|\s*safe\b(?!\s*:)")


def without_safe(source: Source) -> Source:
    """A template that is not trusted without its `safe`: it has no effect there, and so hides no HTML from rules.

    Blanks stand in its place, so that all else keeps its own.

    >>> without_safe(Source("a", "{{ x | safe }} | safe")).text
    '{{ x        }} | safe'
    """

    text = replaced(source.text, _blanked) if "safe" in source.text else source.text
    return source if text == source.text else replace(source, text=text)


def _blanked(piece: Piece) -> str:
    def blank(found: re.Match[str]) -> str:
        return re.sub(r"\S", " ", found[0]) if found[0].startswith("|") else found[0]

    return _SAFE.sub(blank, piece.text) if piece.kind is Kind.OUTPUT else piece.text
