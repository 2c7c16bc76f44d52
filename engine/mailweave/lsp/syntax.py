"""What does not parse in a rule text, said while it is typed: statement by statement."""

from __future__ import annotations

from dataclasses import replace

from mailweave.diagnostics import Diagnostic
from mailweave.lsp.rule_mentions import pieces
from mailweave.source import Source


def syntax_findings(path: str, text: str) -> list[Diagnostic]:
    """The mistakes of syntax in a rule text, at their places in it.

    >>> [d.code for d in syntax_findings("a.rules", "segment a = \\nsegment b = c")]
    ['MW112']
    """
    source = Source(path, text)
    return [_placed(d, source, start) for start, one in pieces(text) for d in one.findings]


def _placed(d: Diagnostic, source: Source, start: int) -> Diagnostic:
    """A finding of one statement, at its place in the text."""
    span = None if d.span is None else d.span.shifted(start)
    fix = None if d.fix is None else replace(d.fix, span=d.fix.span.shifted(start))
    return replace(d, source=source, span=span, fix=fix, related=())
