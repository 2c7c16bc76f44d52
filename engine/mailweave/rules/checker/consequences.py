"""What a finding is only because of another: an author mends the other one, and this is gone."""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.diagnostics import Diagnostic
from mailweave.rules import nodes as n
from mailweave.source import Span

_ABSENT = frozenset({"MW310", "MW312", "MW330", "MW335", "MW341"})
"""Something is missing in a statement: it may stand in a line of it that could not be read."""
_UNUSED = frozenset({"MW292", "MW360", "MW390", "MW391"})
"""Nothing in the text refers to something: what could not be read might."""


def without_consequences(
    found: Iterable[Diagnostic], document: n.Document, *, failed: bool
) -> list[Diagnostic]:
    """The findings that would stand, too, if the others were mended."""
    unread = failed or not document.sound
    return [one for one in found if not (unread and one.code in _UNUSED) and not _torn(one, document.torn)]


def _torn(finding: Diagnostic, torn: tuple[Span, ...]) -> bool:
    at = finding.span
    return (
        finding.code in _ABSENT
        and at is not None
        and any(span.start <= at.start < span.stop for span in torn)
    )
