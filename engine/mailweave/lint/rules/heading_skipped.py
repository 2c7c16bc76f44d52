"""# MW959 heading-level-skipped

Headings are the table of contents of who listens: after an `<h1>` comes an `<h2>`, not an `<h4>`. WCAG 2.2, 1.3.1;
the Email Markup Consortium's report. Compared are headings that stand one after the other in one file, and in one
branch, so that whoever gets one gets both.

    blocks/news/block.html:7:1: warning MW959: `<h4>` follows `<h2>`: a level is skipped

## What helps

The next level, styled as small as it should look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.markup.tokens import LiquidToken

Path = tuple[tuple[int, int], ...]
_HEADING = re.compile(r"h[1-6]")


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    before: dict[tuple[str, Path], str] = {}
    for number, path in _headings(reading):
        tag = reading.tags[number]
        part = reading.run.part(tag.span.start)
        home = ("" if part is None else part.key, path)
        last = before.get(home)
        if last is not None and int(tag.name[1]) > int(last[1]) + 1:
            yield found_at(reading, tag.span, "MW959", tag=tag.name, last=last)
        if home not in before and path:
            before = {}  # somebody gets it, somebody does not: nothing is said of what follows
        before[home] = tag.name


def _headings(reading: Reading) -> Iterator[tuple[int, Path]]:
    """Each heading, and the branches that it stands in: the beginning of each tag, and the number of its branch."""
    open_: list[tuple[int, int]] = []
    for number, token in enumerate(reading.prepared.page.tokens):
        if isinstance(token, LiquidToken):
            piece = token.piece
            if piece.opens:
                open_.append((piece.span.start, 0))
            elif open_ and piece.continues:
                open_[-1] = (open_[-1][0], open_[-1][1] + 1)
            elif open_ and piece.closes:
                open_.pop()
        elif number in reading.tags and _HEADING.fullmatch(reading.tags[number].name):
            yield number, tuple(open_)


RULE = PageRule("MW959", "accessibility", _judge)
