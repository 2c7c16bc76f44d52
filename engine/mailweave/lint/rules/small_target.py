"""# MW996 small-target

A finger covers about 44 pixels: a button that is lower is missed, by who has a tremor most of all. Looked at are links
that look like buttons (a ground or a border of their own, or alone in a cell with a ground), as tall as their words and
padding make them at 375 pixels; the padding of the cell does not count, as a tap there does nothing. WCAG 2.2, 2.5.5;
Apple's Human Interface Guidelines.

    blocks/offer/block.html:3:1: note MW996: this button is 38 px tall, less than 44

## What helps

Padding on the link itself, not on the cell around it: `padding: 14px 24px`, `display: inline-block`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import content
from mailweave.lint.looks import Looks
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.said import Said, winner
from mailweave.markup.cascade.document import Element

LEAST = 44
_NORMAL = 1.2  # of the size of the words, where no height of lines is said
_PIXELS = re.compile(r"(\d*\.?\d+)(?:px)?")


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    page, told = reading.prepared.page, set()
    buttons = {
        n for n, tag in reading.tags.items() if tag.name == "a" and any(True for _ in tag.values("href"))
    }
    for seen in reading.looks if buttons else ():
        for element, look in seen.looks.items():
            number = element.number
            if (
                number not in buttons
                or number in told
                or number is None
                or not look.seen
                or seen.view.width > 400
            ):
                continue
            tall = _height(seen, element) if _is_button(seen, element) and not element.children else None
            inside = content(page, number, reading.tags) if tall is not None and tall < LEAST - 1 else None
            if tall is not None and inside is not None and (inside.words or inside.open):
                told.add(number)
                yield found_at(reading, page.tokens[number].span, "MW996", tall=f"{tall:.0f}", least=LEAST)


def _is_button(seen: Looks, element: Element) -> bool:
    around = element.parent
    if _stands_out(seen, element):
        return True
    alone = around is not None and around.tag in ("td", "th") and len(around.children) == 1
    return (
        around is not None and alone and _stands_out(seen, around) and "border-radius" in _named(seen, around)
    )


def _named(seen: Looks, element: Element) -> set[str]:
    return {one.declared.name for one in seen.said[element]}


def _stands_out(seen: Looks, element: Element) -> bool:
    """Whether an element has a ground or a border of its own."""
    around = element.parent
    own = seen.looks[element]
    return around is not None and own.since[1] is element and own.ground != seen.looks[around].ground


def _height(seen: Looks, element: Element) -> float | None:
    """How tall an element of one line is, in pixels; None where that is not known."""
    said, size = seen.said[element], seen.looks[element].size
    paddings = [_pixels(said, seen, name) for name in ("padding-top", "padding-bottom")]
    paddings += [_border(said, seen, name) for name in ("border-top-width", "border-bottom-width")]
    line = _line(seen, element, size)
    least = [_pixels(said, seen, name) for name in ("min-height", "height")]
    if line is None or None in paddings or None in least:
        return None
    return max(line + sum(one or 0 for one in paddings), *(one or 0 for one in least))


def _line(seen: Looks, element: Element, size: float | None) -> float | None:
    for one in (element, *element.ancestors()):
        found, known = winner(seen.said[one], seen.view, "line-height")
        if not known or size is None:
            return None
        if found is not None:
            value = found.declared.declaration.value.strip().lower()
            share = re.fullmatch(r"(\d*\.?\d+)(%|em)?", value)
            if share is not None:
                return size * float(share[1]) / (100 if share[2] == "%" else 1)
            fixed = re.fullmatch(r"(\d*\.?\d+)px", value)
            return float(fixed[1]) if fixed is not None else size * _NORMAL if value == "normal" else None
    return None if size is None else size * _NORMAL


def _border(said: Sequence[Said], seen: Looks, name: str) -> float | None:
    """How thick a border is, 0 where there is none."""
    found, known = winner(said, seen.view, name)
    if not known:
        return None
    thick = (
        None
        if found is None
        else re.search(r"(?<![\w.#])(\d*\.?\d+)px", found.declared.declaration.value.lower())
    )
    return 0 if thick is None else float(thick[1])


def _pixels(said: Sequence[Said], seen: Looks, name: str) -> float | None:
    """A length in pixels, 0 where none is said."""
    found, known = winner(said, seen.view, name)
    if not known:
        return None
    if found is None:
        return 0
    parts = found.declared.declaration.value.strip().lower().split()
    if found.declared.name == "padding" and 1 <= len(parts) <= 4:
        parts = [parts[2] if name == "padding-bottom" and len(parts) > 2 else parts[0]]
    number = _PIXELS.fullmatch(parts[0]) if len(parts) == 1 else None
    return None if number is None else float(number[1])


RULE = PageRule("MW996", "accessibility", _judge)
