"""# MW949 scroll-box

What is taller than a box with `overflow: auto` or `scroll` is reached by a mouse, and not by the keyboard; Outlook shows
all of it, and telephones hide the bars. WCAG 2.2, 2.1.1; caniemail.com: "overflow".

    blocks/terms/block.html:1:1: warning MW949: `<div>` scrolls: not everybody reaches what it holds

## What helps

The whole text in the mail, or a link to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.said import winner

_SCROLLS = ("auto", "scroll", "overlay")
_WHOLE = frozenset({"html", "body"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    page, told = reading.prepared.page, set()
    for view, said, _ in reading.looks:
        for element, every in said.items():
            if element.number is None or element.number in told or element.tag in _WHOLE:
                continue
            for name in ("overflow-y", "overflow-x"):
                found, known = winner(every, view, name)
                words = (
                    found.declared.declaration.value.lower().split() if found is not None and known else []
                )
                if any(word in _SCROLLS for word in words) and element.number not in told:
                    told.add(element.number)
                    yield found_at(reading, page.tokens[element.number].span, "MW949", tag=element.tag)


RULE = PageRule("MW949", "accessibility", _judge)
