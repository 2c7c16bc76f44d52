"""# MW976 no-color-scheme

A mail that does not say that it knows dark mode is darkened by the mail client as that sees fit: Outlook and Gmail
turn colours around, and dark words on a picture vanish. With `color-scheme`, Apple Mail and others use the colours of
the mail itself. caniemail.com: "color-scheme".

    layout.html:3:1: note MW976: the mail does not say which colour schemes it knows

## What helps

`<meta name="color-scheme" content="light dark">` and `<meta name="supported-color-schemes" content="light dark">`,
with colours under `@media (prefers-color-scheme: dark)`; or `content="light only"`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import first_of
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    metas = (tag for tag in reading.tags.values() if tag.name == "meta")
    if any(name.strip().lower() == "color-scheme" for tag in metas for name in tag.values("name")):
        return
    if _in_css(reading):
        return
    head = first_of(reading.tags, "head", "html")
    if head is not None:
        yield found_at(reading, head.span, "MW976")


def _in_css(reading: Reading) -> bool:
    return any(
        one.name == "color-scheme"
        for sheets in reading.prepared.sheets
        for sheet in sheets
        for selected in sheet.selected
        for one in selected.declarations
    )


RULE = PageRule("MW976", "dark mode", _judge)
