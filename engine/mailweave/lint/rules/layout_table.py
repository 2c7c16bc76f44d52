"""# MW957 layout-table-without-role

A table that only arranges things needs `role="presentation"`: else a screen reader announces rows and columns at
every step. In the Email Markup Consortium's report it is the most frequent serious fault. Tables with a `<th>` or a
`<caption>` hold data, and are left out. Tables in conditional comments for Outlook count too: it reads aloud as well.

    layout.html:14:1: warning MW957: this `<table>` has no role, and no header cells

## What helps

`<table role="presentation" ..>`; for data, header cells (`<th scope="col">`) and a `<caption>`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic, Fix
from mailweave.lint.elements import Tag, outlook_tags
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.markup.cascade.document import Element
from mailweave.source import Span

OF_DATA = frozenset({"th", "caption", "thead"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in (*reading.tags.values(), *outlook_tags(reading.prepared.page)):
        if tag.name == "table" and _may_lack_role(tag) and not (tag.element and holds_data(tag.element)):
            behind = tag.span.start + len("<table")
            fix = None if tag.writes("role") else Fix(Span(behind, behind), ' role="presentation"')
            yield found_at(reading, tag.span, "MW957", fix=fix)


def _may_lack_role(tag: Tag) -> bool:
    return tag.may_lack("role") or "" in tag.plain("role")


def holds_data(table: Element) -> bool:
    """Whether a table has header cells or a caption of its own, not only those of a table in it."""
    waiting = list(table.children)
    while waiting:
        one = waiting.pop()
        if one.tag in OF_DATA:
            return True
        if one.tag != "table":
            waiting += one.children
    return False


RULE = PageRule("MW957", "accessibility", _judge, "safe")
