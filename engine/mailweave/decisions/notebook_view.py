"""A decision as a notebook shows it: names that the author gave, and nothing of the recipient's data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from mailweave.html_tables import headed, table


def of_selection(
    blocks: Mapping[str, tuple[str, ...]],
    reasons: Mapping[str, object],
    segments: Iterable[str],
    arms: Mapping[str, str],
) -> str:
    """What each slot shows, and how it came by it."""
    rows = [(slot, ", ".join(shown) or "empty", reasons.get(slot, "")) for slot, shown in blocks.items()]
    told = ", ".join(f"{name}: {arm}" for name, arm in arms.items())
    beside = table([("segments", ", ".join(sorted(segments)) or "none"), ("arms", told or "none")])
    return headed("decision", table(rows, ("slot", "blocks", "by")), beside)


def of_skip(code: str, reason: str) -> str:
    """Why nobody is mailed."""
    return headed("no mail", table([("code", code), ("why", reason)]))


def of_explanation(text: str) -> str:
    """A sentence a slot; values are masked as the explanation masks them."""
    return headed("explanation", f"<pre>{escape(text)}</pre>")
