"""# MW943 heading-without-words

Who listens goes from heading to heading. One that holds nothing, or a value that is blank for somebody, is announced as
"heading", and nothing else. WCAG 2.2, 1.3.1 and 2.4.6 (failure F43). Looked at is each branch.

    blocks/news/block.html:2:1: warning MW943: `<h2>` may come out without words

## What helps

`{% if block.heading != "" %}<h2>{{ block.heading }}</h2>{% endif %}`, or a `default`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.speech import is_hidden, is_silent

_HEADING = re.compile(r"h[1-6]")


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for number, tag in reading.tags.items():
        is_heading = _HEADING.fullmatch(tag.name) or "heading" in tag.plain("role")
        if is_heading and not is_hidden(tag) and is_silent(reading, number):
            yield found_at(reading, tag.span, "MW943", tag=tag.name)


RULE = PageRule("MW943", "accessibility", _judge)
