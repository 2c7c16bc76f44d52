"""Kept selectors that ask about style attributes, which inlining changes."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence

from mailweave.content.embedded_styles import Kept
from mailweave.content.page import Prepared
from mailweave.content.styles import dress
from mailweave.content.tagedits import TagEdits
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.cascade.document import Element
from mailweave.markup.cascade.matching import Matcher
from mailweave.markup.cascade.ranks import Selected

_STYLE = "style"


def asked_styles(one: Prepared, tags: TagEdits, kept: Kept) -> Iterator[Diagnostic]:
    """The kept selectors that match other elements when all styles stand in attributes.

    Raises TooMuch when there are more selectors and elements than can be looked at.
    """
    for sheet in (sheet for listed in one.sheets for sheet in listed):
        for asking in sheet.selected:
            if _STYLE in asking.selector.attributes and kept.declarations(asking):
                ways = ((run, n) for run in range(one.ways.runs) for n in range(len(tags.placed)))
                if _any_differs(one, tags, asking, ways):
                    selector = asking.selector.text
                    yield diagnose("MW547", sheet.source, sheet.at(asking.rule.line), selector=selector)


def _any_differs(one: Prepared, tags: TagEdits, asking: Selected, ways: Iterable[tuple[int, int]]) -> bool:
    try:
        return any(_differs(one, tags, asking, run, number) for run, number in ways)
    finally:  # the page may be kept: its elements get the attributes again that they had
        dress(one, 0)
        dress(one, one.ways.runs - 1)


def _differs(one: Prepared, tags: TagEdits, asking: Selected, run: int, sheet: int) -> bool:
    dress(one, 0)
    dress(one, run)
    matcher = Matcher(one.document.fold)
    before = _matched(one.document.elements, matcher, asking)
    changed = list(_restyle(one, tags, run, sheet))
    after = _matched(one.document.elements, matcher, asking)
    return before != after or (bool(after) and any(_STYLE in element.dynamic for element in changed))


def _matched(elements: Sequence[Element], matcher: Matcher, asking: Selected) -> list[Element]:
    return [one for one in elements if one.shown and matcher.perhaps(one, asking.selector)]


def _restyle(one: Prepared, tags: TagEdits, run: int, sheet: int) -> Iterator[Element]:
    """Gives the elements the style attributes that are written; they are those of which it is another."""
    for number, element in one.document.numbered.items():
        values = tags.values(number, sheet, run)
        if values is not None:
            rest = {name: value for name, value in element.attributes.items() if name != _STYLE}
            own = {_STYLE: html.unescape(values[_STYLE])} if _STYLE in values else {}
            element.attributes = {**rest, **own}
            yield element
