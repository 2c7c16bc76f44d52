"""One canonical form of a rule text: idempotent, comments kept, meaning untouched.

A line holds one thing. Lines of one shape that follow each other are aligned in columns, as far apart as the
author's narrowest gap; so are comments behind such lines. Blank lines stay, one at a time. A line of more
than 110 characters is broken behind commas and in front of `and` and `or`.
"""

from __future__ import annotations

from mailweave.diagnostics import RuleError
from mailweave.rules import nodes as n
from mailweave.rules.formatter.layout import laid_out
from mailweave.rules.formatter.lines import Writer
from mailweave.rules.parser import parse
from mailweave.source import Source

__all__ = ["format_document", "format_source"]


def format_source(source: Source | str) -> str:
    """The canonical form of a rule text. Raises RuleError when it does not parse.

    >>> print(format_source("segment a=orders>=1   and   plan==gold"), end="")
    segment a = orders >= 1 and plan == gold
    """
    named = Source("<rules>", source) if isinstance(source, str) else source
    parsed = parse(named)
    if parsed.diagnostics:
        raise RuleError(parsed.diagnostics)
    return format_document(parsed.document)


def format_document(document: n.Document) -> str:
    """The canonical form of a tree; comments and gaps come from the text it was parsed from, if any."""
    code = document.source.text
    writer = Writer(code)
    lines = [line for statement in document.statements for line in writer.lines(statement)]
    return laid_out(lines, document.comments, code)
