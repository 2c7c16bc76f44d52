"""Texts with a name."""

from __future__ import annotations

from mailweave.source import Source


def as_source(text: str | Source, name: str) -> Source:
    """A text with a name."""
    return text if isinstance(text, Source) else Source(name, text)
