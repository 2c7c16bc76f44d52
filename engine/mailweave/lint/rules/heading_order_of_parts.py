"""# MW938 heading-order-of-blocks

Headings are the table of contents of who listens, over the whole mail. A block that begins with `<h3>`, in a slot behind
one that ends with `<h1>`, skips a level for whoever gets both. Asked are all blocks that may stand in each slot, in the
order of the layout. Within one file MW959 says it. WCAG 2.2, 1.3.1.

    blocks/news/block.html:1:1: warning MW938: `<h3>` may follow `<h1>` of `hero`: a level is skipped

## What helps

The level that follows those before it, in each block of a slot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.content.composition import LAYOUT
from mailweave.content.inliner import at_home
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.pages import Pages, Reading
from mailweave.lint.rule import PagesRule
from mailweave.markup.tokens import LiquidToken

_HEADING = re.compile(r"h[1-6]")


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading of a part: whether everybody gets it who gets the part."""

    level: int
    sure: bool
    said: Diagnostic


def _check(pages: Pages) -> Iterator[Diagnostic]:
    places: dict[int, dict[str, tuple[_Heading, ...]]] = {}
    for judged in pages.judged("MW938", _parts):
        for place, key, headings in judged:
            places.setdefault(place, {}).setdefault(key, headings)
    before: dict[int, str] = {}
    for place in sorted(places):
        after: dict[int, str] = {}
        for key, headings in places[place].items():
            outer, inner = dict(before), dict[int, str]()
            for one in headings:
                if outer and one.level > min(outer) + 1:
                    yield _told(one, min(outer), outer[min(outer)])
                outer = {} if one.sure else outer
                inner = {one.level: key} if one.sure else {**inner, one.level: key}
            after |= {**outer, **inner}
        before = after


def _told(one: _Heading, last: int, name: str) -> Diagnostic:
    found = one.said
    assert found.source is not None, "it stands on a page"
    assert found.span is not None, "it stands on a page"
    around = f" of `{name}`" if name else ""
    return diagnose("MW938", found.source, found.span, tag=f"h{one.level}", last=f"h{last}", of=around)


def _parts(reading: Reading) -> Iterator[tuple[int, str, tuple[_Heading, ...]]]:
    """The headings of each part of a page, by its place among the parts."""
    found: dict[int, list[_Heading]] = {}
    for number, depth in _depths(reading):
        tag = reading.tags.get(number)
        if tag is not None and _HEADING.fullmatch(tag.name):
            part = reading.run.part(tag.span.start)
            said = at_home(
                diagnose("MW938", reading.prepared.page.source, tag.span, tag=tag.name, last="", of="")
            )
            found.setdefault(-1 if part is None else part.start, []).append(
                _Heading(int(tag.name[1]), not depth, said)
            )
    frames = 0
    for part in reading.run.parts:
        frames += part.key == LAYOUT
        yield 2 * frames + (part.key != LAYOUT), part.key, tuple(found.get(part.start, ()))


def _depths(reading: Reading) -> Iterator[tuple[int, int]]:
    depth = 0
    for number, token in enumerate(reading.prepared.page.tokens):
        if isinstance(token, LiquidToken):
            depth += token.piece.opens - token.piece.closes
        else:
            yield number, depth


RULE = PagesRule("MW938", "accessibility", _check)
