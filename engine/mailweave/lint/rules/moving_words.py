"""# MW962 moving-words

Words that move or blink cannot be read by many, and cannot be stopped. WCAG 2.2, 2.2.2; `<marquee>` and `<blink>` are
obsolete in HTML.

    layout.html:8:1: warning MW962: `<marquee>` moves its words

## What helps

Words that stand still.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        if tag.name in ("marquee", "blink"):
            yield found_at(reading, tag.span, "MW962", tag=tag.name)


RULE = PageRule("MW962", "accessibility", _judge)
