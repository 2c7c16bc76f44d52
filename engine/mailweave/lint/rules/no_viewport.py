"""# MW975 no-viewport

Without `<meta name="viewport">` a telephone lays the mail out as wide as a desktop and shrinks it, so that its words
are a third as large, and media queries for small screens never hold.

    layout.html:3:1: note MW975: nothing says how wide the mail is laid out on a telephone

## What helps

`<meta name="viewport" content="width=device-width, initial-scale=1">` in the head of the layout.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic, Fix
from mailweave.lint.elements import first_of
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.source import Span

_WANTED = '<meta name="viewport" content="width=device-width, initial-scale=1">'


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    metas = (tag for tag in reading.tags.values() if tag.name == "meta")
    if any(name.strip().lower() == "viewport" for tag in metas for name in tag.values("name")):
        return
    head = first_of(reading.tags, "head", "html")
    if head is not None:
        fix = Fix(Span(head.span.stop, head.span.stop), _WANTED) if head.name == "head" else None
        yield found_at(reading, head.span, "MW975", fix=fix)


RULE = PageRule("MW975", "clients", _judge, "safe")
