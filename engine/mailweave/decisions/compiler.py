"""From a rule text to a program that decides; what there is to say about the text on the way."""

from __future__ import annotations

from mailweave.decisions.findings import findings
from mailweave.decisions.program import DecisionProgram
from mailweave.diagnostics import Diagnostic, RuleError, Severity, ordered
from mailweave.rules.checked import CheckedDocument
from mailweave.source import Source


def compile_decisions(text: str | Source, *, name: str = "<rules>") -> DecisionProgram:
    """Compiles a rule text with slots, blocks and matrices.

    text: the rules, as text (`name` is what findings call it) or as a source.

    Raises RuleError, whose `diagnostics` hold every finding.

    >>> program = compile_decisions('''
    ... ruleset "hello" version 1
    ... profile { orders: int }
    ... segment buyers = orders >= 1
    ... slot hero max 1 fallback hello
    ... block hello  for hero
    ... block thanks for hero
    ... matrix main policy first {
    ...   tie order
    ...             | hero   |
    ...   buyers    | thanks |
    ...   otherwise | hello  |
    ... }
    ... ''')
    >>> program.select({"orders": 2}, now="2026-11-22T09:00Z")
    Selection({'hero': ('thanks',)})
    """
    document, found = _checked(text if isinstance(text, Source) else Source(name, text))
    if document is None or any(d.severity is Severity.ERROR for d in found):
        raise RuleError(found)
    return DecisionProgram.of(document, found)


def compile_decisions_checked(document: CheckedDocument) -> DecisionProgram:
    """Compiles a text that is parsed and checked already."""
    return DecisionProgram.of(document, ordered(findings(document)))


def check_rules(source: Source) -> tuple[Diagnostic, ...]:
    """Everything there is to say about a rule text, sorted; nothing when it is in order."""
    return _checked(source)[1]


def _checked(source: Source) -> tuple[CheckedDocument | None, tuple[Diagnostic, ...]]:
    from mailweave.rules.checker import check
    from mailweave.rules.parser import parse

    parsed = parse(source)
    checked = check(parsed.document)
    found = [*parsed.diagnostics, *checked.diagnostics]
    if checked.document is not None:
        found += findings(checked.document)
    return checked.document, ordered(found)
