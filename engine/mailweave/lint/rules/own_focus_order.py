"""# MW963 own-focus-order

A positive `tabindex`, and `accesskey`, take the keyboard away from the order of the page and from the reader's own
program: the mail stands in a webmail page with buttons of its own. WCAG 2.2, 2.4.3.

    blocks/offer/block.html:3:1: warning MW963: `tabindex="3"` changes the order of the keyboard

## What helps

Leave the attribute out; put things into the order in which they are to be read.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic, Fix
from mailweave.lint.elements import Tag
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.source import Span


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        for value in tag.plain("tabindex"):
            if value.strip().isdigit() and int(value) > 0:
                yield _found(reading, tag, "tabindex", value)
        for value in tag.values("accesskey"):
            yield _found(reading, tag, "accesskey", value)


def _found(reading: Reading, tag: Tag, name: str, value: str) -> Diagnostic:
    page = reading.prepared.page.source.text
    spans = [whole for whole, _ in tag.spans(name)]
    fix = Fix(_with_blanks(page, spans[0]), "") if len(spans) == 1 else None
    return found_at(reading, tag.span, "MW963", fix=fix, attribute=f'{name}="{value}"')


def _with_blanks(page: str, one: Span) -> Span:
    """An attribute with the blanks before it, where what follows does not need them."""
    start = one.start
    while page[one.stop : one.stop + 1] in (" ", "\n", "\t", "/", ">") and page[start - 1].isspace():
        start -= 1
    return Span(start, one.stop)


RULE = PageRule("MW963", "accessibility", _judge, "safe")
