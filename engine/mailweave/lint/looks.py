"""How the elements of a page look, in every view and on every way through the conditions in its tags and style sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from mailweave.content.condition_paths import MOST_RUNS
from mailweave.content.layer_order import rank_in
from mailweave.content.page import Prepared
from mailweave.content.styles import dress
from mailweave.content.variants import every_name
from mailweave.lint.computed_looks import Look, canvas, look
from mailweave.lint.conditions import VIEWS, View
from mailweave.lint.said import Said, Sayings, winner
from mailweave.markup.cascade.document import Element
from mailweave.markup.cascade.matching import Matcher, TooMuch


class Looks(NamedTuple):
    """One view of a page on one way: what is said of each element, and how it looks."""

    view: View
    said: Mapping[Element, Sequence[Said]]
    looks: Mapping[Element, Look]


def looks_of(one: Prepared, nonce: str) -> tuple[Looks, ...]:
    """Every view on every way; none where these are too many to be looked at."""
    if one.ways.runs > MOST_RUNS:
        return ()
    try:
        return tuple(_every(one, nonce))
    except TooMuch:
        return ()
    finally:
        one.document.dress(one.page, partial(every_name, one.varied))


def _every(one: Prepared, nonce: str) -> Iterator[Looks]:
    for sheets, way in ((sheets, way) for sheets in one.sheets for way in range(one.ways.runs)):
        dress(one, way)
        rank_in(sheets)
        sayings = Sayings(sheets, nonce, Matcher(one.document.fold))
        said = {element: sayings.of(element) for element in one.document.elements}
        for view in VIEWS:
            yield Looks(view, said, _looks(one, said, view))


def _looks(one: Prepared, said: Mapping[Element, Sequence[Said]], view: View) -> dict[Element, Look]:
    """How each element looks, parents first."""
    dark = knows_dark(one, said, view)
    found: dict[Element, Look] = {}
    for element in one.document.elements:
        above = found[element.parent] if element.parent else canvas(view, dark)
        found[element] = look(element, said[element], above, view, dark, one.document.fold)
    return found


def knows_dark(one: Prepared, said: Mapping[Element, Sequence[Said]], view: View) -> bool:
    """Whether the mail declares that it has a dark scheme: in a meta element, or on its root."""
    for element in one.document.elements:
        if element.tag == "meta" and element.attributes.get("name", "").lower() == "color-scheme":
            return "dark" in element.attributes.get("content", "").lower()
        if element.tag == "html":
            found, _ = winner(said[element], view, "color-scheme")
            if found is not None:
                return "dark" in found.declared.declaration.value.lower()
    return False
