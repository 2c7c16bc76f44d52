"""# MW937 outlook-shape-link

A button drawn with VML (`v:roundrect href=".."`) in a conditional comment is a shape for classic Outlook: the keyboard
does not reach it, and a screen reader does not announce it as a link. Parcel found so for each kind of VML button. WCAG
2.2, 2.1.1.

    blocks/button/block.html:1:1: warning MW937: `<v:roundrect>` is a link that the keyboard does not reach in Outlook

## What helps

An `<a>` in a padded cell with `bgcolor`; its corners are square in classic Outlook.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import outlook_tags
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in outlook_tags(reading.prepared.page):
        if tag.name.startswith("v:") and any(value.strip() for value in tag.values("href")):
            yield found_at(reading, tag.span, "MW937", tag=tag.name)


RULE = PageRule("MW937", "accessibility", _judge)
