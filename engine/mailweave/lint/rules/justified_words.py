"""# MW989 justified-words

Justified lines have gaps of every width between their words, which makes them hard to follow, for dyslexic readers
most. WCAG 2.2, 1.4.8; the Email Markup Consortium's report counts it.

    blocks/letter/block.html:2:1: warning MW989: the words of `<p>` are justified

## What helps

`text-align: left`, or `start`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.said import winner


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    page, told = reading.prepared.page, set()
    for view, said, _ in reading.looks:
        for element, every in said.items():
            found, known = winner(every, view, "text-align")
            value = "" if found is None else found.declared.declaration.value.strip().lower()
            number = element.number
            if known and number is not None and number not in told and value.startswith("justify"):
                told.add(number)
                yield found_at(reading, page.tokens[number].span, "MW989", tag=element.tag)
    for number, tag in reading.tags.items():
        if number not in told and "justify" in {value.strip().lower() for value in tag.plain("align")}:
            yield found_at(reading, tag.span, "MW989", tag=tag.name)


RULE = PageRule("MW989", "accessibility", _judge)
