"""# MW956 no-title

A mail that is opened in a browser, or read by a screen reader, is announced by its `<title>`. WCAG 2.2, 2.4.2.

    layout.html:3:1: warning MW956: the page has no title

## What helps

`<title>{{ mail.subject | default: campaign.sender }}</title>` in the head of the layout.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.blanks import may_be_blank
from mailweave.lint.elements import first_of
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.speech import paths_at
from mailweave.markup.branches import Unresolvable, decide, items, leaves
from mailweave.markup.pieces import cut
from mailweave.markup.tokens import RawText


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    page = reading.prepared.page
    bodies = [
        page.tokens[at + 1]
        for at, tag in page.start_tags
        if tag.name == "title" and at + 1 < len(page.tokens)
    ]
    titles = [one.span for one in bodies if isinstance(one, RawText) and page.text(one.span).strip()]
    if any(not _may_be_blank(page.text(span), paths_at(reading, span.start)) for span in titles):
        return
    first = first_of(reading.tags, "head", "html")
    if first is not None:
        what = "may come out without a title" if titles else "has no title"
        yield found_at(reading, first.span, "MW956", what=what)


def _may_be_blank(text: str, paths: frozenset[str]) -> bool:
    """Whether a title may be blank. What stands in a condition counts where each of its branches says something."""
    if "{%" not in text:
        return may_be_blank(text, paths)
    try:
        found = decide(items([*cut(text)]))
    except Unresolvable:
        return False
    return any(may_be_blank(leaf.text, paths) for leaf in leaves(found))


RULE = PageRule("MW956", "accessibility", _judge)
