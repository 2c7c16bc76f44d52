"""# MW948 fixed-spacing

Who reads with difficulty sets a wider spacing of lines, words and letters in their own program. `!important` in a style
attribute takes that away. WCAG 2.2, 1.4.12.

    blocks/letter/block.html:2:1: warning MW948: nobody can widen `line-height` of `<p>`: it is `!important`

## What helps

The same without `!important`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.markup.stylesheet import parse_declarations

_SPACINGS = frozenset({"line-height", "letter-spacing", "word-spacing"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        said = (one for style in tag.values("style") for one in parse_declarations(style))
        for name in sorted({one.name for one in said if one.name in _SPACINGS and one.important}):
            yield found_at(reading, tag.span, "MW948", tag=tag.name, property=name)


RULE = PageRule("MW948", "accessibility", _judge)
