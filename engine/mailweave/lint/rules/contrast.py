"""# MW950 words-hard-to-read

The colour of words and the colour of the ground below them must differ enough to be read: 4.5:1, and 3:1 for large
words (from 24 px, or from 18.66 px where they are bold), as WCAG 2 measures it.

Looked at are all words of the layout and of each block that somebody can be shown, each block in its slot, so that
the grounds of the layout lie under the words of the blocks; in light and in dark; at 375 and 800 px; on every way
through the conditions in start tags and style sheets. `mailweave check` warns, with the element in its author's file,
both colours, who sets them, and the contrast:

    blocks/note/block.html:3:5: warning MW950: the words of `<p>` have a contrast of 2.84:1 in the light scheme, less
    than 4.5:1: #999999, by `.note` (style.css:4), on #ffffff, by the browser

In dark, a page without a ground of its own is shown on black by some mail clients, on white by others: words with a
colour of their own must be read on both.

## What helps

Darker words or a lighter ground; in dark, a colour of its own under `@media (prefers-color-scheme: dark)`, for the
ground and for the words.

## What it does not say

Nothing is said where a colour cannot be known: over pictures and gradients, where Liquid writes it, where two
conditions that ask about the same thing decide over words and ground (they may exclude each other), where a rule may
or may not match, while a link is hovered. Nothing is said of words that are hidden. So what it says is so, and there
may be more."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.content.page import Prepared
from mailweave.diagnostics import Diagnostic
from mailweave.lint.colors import written
from mailweave.lint.combined_looks import combined
from mailweave.lint.computed_looks import Look
from mailweave.lint.conditions import View
from mailweave.lint.pages import Pages, Reading
from mailweave.lint.rule import PagesRule, found_at
from mailweave.lint.words import own_words, speaking
from mailweave.markup.cascade.document import Element
from mailweave.markup.structure import Structure, structure
from mailweave.markup.tree import Page
from mailweave.values.contrast import contrast

ENOUGH, ENOUGH_FOR_LARGE = 4.5, 3.0
_STYLED_BY = frozenset({"style", "class", "id", "bgcolor", "background", "text"})
_LOOPS = frozenset({"for", "tablerow"})

_WHITE = (255, 255, 255)
_Judged = tuple[float, str, Diagnostic]


def findings(pages: Pages) -> Iterator[Diagnostic]:
    """A warning for each element whose words are hard to read, once in each colour scheme."""
    worst: dict[tuple[str, int, str], tuple[float, Diagnostic]] = {}
    for judged in pages.judged("MW950", _judge):
        for ratio, scheme, found in judged:
            name, at = (found.source.name if found.source else ""), (found.span.start if found.span else 0)
            same = worst.get((name, at, "light")) if scheme == "dark" else None
            place = (name, at, scheme)
            if (same is None or ratio != same[0]) and (place not in worst or ratio < worst[place][0]):
                worst[place] = (ratio, found)
    yield from (found for _, found in worst.values())


def _judge(reading: Reading) -> Iterator[_Judged]:
    one = reading.prepared
    built, words = structure(one.page.tokens), speaking(one.page) - _signs(one.page)
    for view, _, looks in reading.looks:
        for element, seen in looks.items():
            if element.number in words and _is_certain(one, built, element, seen):
                yield from _judged(reading, element, seen, view)
    for element in one.document.elements if one.ways.decisions else ():
        if element.number in words and not _is_unread(one, element):
            tests = reading.tests.get(element.number or 0, ())
            for view, seen in combined(reading, element, tests):
                yield from _judged(reading, element, seen, view)


def _is_certain(one: Prepared, built: Structure, element: Element, seen: Look) -> bool:
    """Whether words and ground surely meet: not, where two conditions decide over them that may exclude each other."""
    path = [element, *element.ancestors()]
    if _is_unread(one, element):
        return False
    last = max(len(path) - 1 if source is None else path.index(source) for source in seen.since)
    deciding = [e for e in path[: last + 1] if e.number in one.ways.decisions]
    if not deciding and len(one.sheets) == 1:
        return True
    if len(deciding) + (len(one.sheets) > 1) > 1:
        return False
    around = _conditions(built, element)
    if not deciding:
        return not around
    home = one.run.part(one.page.tokens[deciding[0].number or 0].span.start)
    own = one.run.part(one.page.tokens[element.number or 0].span.start)
    return around == _conditions(built, deciding[0]) and home == own


def _is_unread(one: Prepared, element: Element) -> bool:
    """Whether a condition was not taken apart, as no rule asks about it."""
    path = (element, *element.ancestors())
    return any(e.conditional & _STYLED_BY and e.number not in one.ways.decisions for e in path)


def _conditions(built: Structure, element: Element) -> tuple[int, ...]:
    pieces = built.enclosing.get(element.number, ()) if element.number is not None else ()
    return tuple(piece.span.start for piece in pieces if piece.name not in _LOOPS)


def _judged(reading: Reading, element: Element, seen: Look, view: View) -> Iterator[_Judged]:
    colors = seen.shown_colors
    hidden = not seen.seen or not all(e.shown for e in (element, *element.ancestors()))
    if hidden or colors is None or element.number is None:
        return
    front, back = colors
    if view.dark and seen.since[1] is None and seen.since[0] is not None and seen.veil == 1:
        back = min(back, _WHITE, key=lambda ground: contrast(front, ground))
    ratio, wanted = contrast(front, back), ENOUGH_FOR_LARGE if seen.large else ENOUGH
    if ratio >= wanted:
        return
    found = found_at(
        reading,
        reading.prepared.page.tokens[element.number].span,
        "MW950",
        tag=element.tag,
        ratio=f"{int(ratio * 100) / 100:.2f}",
        wanted=f"{wanted:g}",
        scheme=view.scheme,
        front=written(front),
        front_by=seen.color_by,
        back=written(back),
        back_by=seen.ground_by,
    )
    yield ratio, view.scheme, found


def _signs(page: Page) -> frozenset[int]:
    """The start tags around one sign alone, such as `|` between links: it decorates."""
    found = {number for number, text in own_words(page).items() if len(text) == 1 and not text.isalnum()}
    return frozenset(found)


RULE = PagesRule("MW950", "accessibility", findings)
