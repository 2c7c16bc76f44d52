"""What the text of a trigger says without words: the event of its mails, and a segment for each name of a mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mailweave.rules import nodes as n
from mailweave.rules.checker.findings import Findings
from mailweave.source import Span

EVENT = "triggered"
"""The event that happens at the moment of a mail that a trigger starts: `name` and `mail`, its number."""


def with_triggered(document: n.Document, findings: Findings) -> n.Document:
    """The text, and behind it what follows from its triggers: rows, lets and tests may then name their mails."""
    names = list(mail_names(document))
    if not names:
        return document
    for statement in document.statements:
        if isinstance(statement, n.Event) and statement.name.id == EVENT:
            findings.report("MW283", statement.name.span, name=EVENT)
            return document
    follows: list[n.Statement] = [_event(names[0].span), *(_segment(name) for name in names)]
    return replace(document, statements=(*document.statements, *follows))


def mail_names(document: n.Document) -> Iterator[n.Name]:
    """The names that triggers give to their mails."""
    for statement in document.statements:
        if isinstance(statement, n.Trigger):
            yield statement.name
            yield from (each.name for each in statement.follow_ups if each.name is not None)


def _event(span: Span) -> n.Event:
    name = n.RecordField(span, n.Name(span, "name"), n.NamedType(span, "text"), False, None)
    number = n.RecordField(span, n.Name(span, "mail"), n.NamedType(span, "int"), False, None)
    return n.Event(span, n.Name(span, EVENT), (name, number), n.DurationLiteral(span, "1", "second"))


def _segment(name: n.Name) -> n.Segment:
    """`count(triggered where name == "cart_left") >= 1`."""
    at = name.span
    is_it = n.Compare(at, n.Reference(at, "name"), "==", n.TextLiteral(at, name.id))
    mails = n.Aggregate(at, "count", n.Over(at, n.Name(at, EVENT), None, None, is_it))
    condition = n.Compare(at, mails, ">=", n.NumberLiteral(at, "1"))
    return n.Segment(at, name, None, None, (condition,), False)
