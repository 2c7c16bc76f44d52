"""# MW972 image-without-width

Classic Outlook takes the width of a picture from its `width` attribute, and where there is none from the file: a
picture made twice as large for sharp screens breaks the mail apart. caniemail.com: "max-width"; Microsoft's notes on
Word's HTML.

    blocks/hero/block.html:1:1: note MW972: this picture has no `width`

## What helps

`width="600"`, in CSS pixels, beside `max-width:100%` in the style sheet.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        if tag.name == "img" and tag.may_lack("width"):
            yield found_at(reading, tag.span, "MW972")


RULE = PageRule("MW972", "images", _judge)
