"""# MW950 words-hard-to-read

The colour of words and the colour of the ground below them must differ enough to be read: 4.5:1, and 3:1 for large
words (from 24 px, or from 18.66 px where they are bold), as WCAG 2 measures it.

Looked at are all words of the layout and of each block that somebody can be shown, each block in its slot, so that the
grounds of the layout lie under the words of the blocks; in light and in dark; at 375 and 800 px; on every way through
the conditions in start tags and style sheets. `mailweave check` warns, with the element in its author's file, both
colours, who sets them, and the contrast:

    blocks/note/block.html:3:5: warning MW950: the words of `<p>` have a contrast of 2.84:1 in the light scheme, less
    than 4.5:1: #999999, by `.note` (style.css:4), on #ffffff, by the browser

## What helps

Darker words or a lighter ground; in dark, a colour of its own under `@media (prefers-color-scheme: dark)`, for the ground
and for the words.

## What it does not say

Nothing is said where a colour cannot be known: over pictures and gradients, where Liquid writes it, where it is
translucent, where two conditions decide over words and ground (they may exclude each other), where a rule may or may not
match, while a link is hovered. Nothing is said of words that are hidden. So what it says is so, and there may be more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from mailweave.campaign import Campaign
from mailweave.campaign.assembly import Templates
from mailweave.content.composition import Composed, ranks
from mailweave.content.condition_paths import MOST_RUNS
from mailweave.content.inliner import at_home
from mailweave.content.layer_order import rank_in
from mailweave.content.once import Once, each_time
from mailweave.content.page import Prepared, prepare
from mailweave.content.styles import dress
from mailweave.content.stylesheets import Library
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.colors import Special, written
from mailweave.lint.computed_looks import Look, canvas, look
from mailweave.lint.conditions import VIEWS, View
from mailweave.lint.said import Said, Sayings, winner
from mailweave.lint.words import speaking
from mailweave.markup.cascade.document import Element
from mailweave.markup.cascade.matching import Matcher, TooMuch
from mailweave.markup.shield import Shield
from mailweave.markup.structure import Structure, structure
from mailweave.markup.tree import page
from mailweave.values.contrast import contrast

ENOUGH, ENOUGH_FOR_LARGE = 4.5, 3.0
_STYLED_BY = frozenset({"style", "class", "id", "bgcolor", "background", "text"})
_LOOPS = frozenset({"for", "tablerow"})


_Judged = tuple[float, str, Diagnostic]


def findings(campaign: Campaign, once: Once = each_time) -> Iterator[Diagnostic]:
    """A warning for each element whose words are hard to read, once in each colour scheme."""
    yield from of_templates(campaign.templates(), once)


def of_templates(given: Templates, once: Once = each_time) -> Iterator[Diagnostic]:
    """The same, over a layout, a style sheet, and blocks by slot."""
    worst: dict[tuple[str, int, str], tuple[float, Diagnostic]] = {}
    for judged in _pages(given, once):
        for ratio, scheme, found in judged:
            name, at = (found.source.name if found.source else ""), (found.span.start if found.span else 0)
            same = worst.get((name, at, "light")) if scheme == "dark" else None
            place = (name, at, scheme)
            if (same is None or ratio != same[0]) and (place not in worst or ratio < worst[place][0]):
                worst[place] = (ratio, found)
    yield from (found for _, found in worst.values())


def _pages(given: Templates, once: Once) -> Iterator[Sequence[_Judged]]:
    """What is said of each page; of one that is kept, as long as the style sheets that were read then stay."""
    runs = list(ranks(given.layout, given.slots))
    shield = Shield(*(run.source.text for run in runs), given.css)
    linked: dict[str, str | None] = {}

    def noted(href: str) -> str | None:
        linked[href] = given.resolve(href)
        return linked[href]

    library = Library(shield, noted)

    def judged(run: Composed) -> tuple[tuple[_Judged, ...], dict[str, str | None]]:
        return tuple(_of_run(run, given.css, shield, library)), dict(linked)

    for run in runs:
        found, read = once(("contrast", run, given.css), partial(judged, run))
        changed = any(given.resolve(href) != text for href, text in read.items())
        yield judged(run)[0] if changed else found


def _of_run(run: Composed, css: str, shield: Shield, library: Library) -> Iterator[_Judged]:
    one = prepare(run, page(run.source, shield=shield), css, library)
    if one.ways.runs > MOST_RUNS:
        return
    built, words = structure(one.page.tokens), speaking(one.page)
    try:
        for sheets, way in ((sheets, way) for sheets in one.sheets for way in range(one.ways.runs)):
            dress(one, way)
            rank_in(sheets)
            sayings = Sayings(sheets, shield.nonce, Matcher(one.document.fold))
            said = {element: sayings.of(element) for element in one.document.elements}
            for view in VIEWS:
                looks = _looks(one, said, view)
                for element, seen in looks.items():
                    if element.number in words and _is_certain(one, built, element, seen):
                        yield from _judged(one, element, seen, view)
    except TooMuch:
        return


def _looks(one: Prepared, said: Mapping[Element, Sequence[Said]], view: View) -> dict[Element, Look]:
    """How each element looks, parents first."""
    dark = _knows_dark(one, said, view)
    found: dict[Element, Look] = {}
    for element in one.document.elements:
        above = found[element.parent] if element.parent else canvas(view, dark)
        found[element] = look(element, said[element], above, view, dark, one.document.fold)
    return found


def _knows_dark(one: Prepared, said: Mapping[Element, Sequence[Said]], view: View) -> bool:
    """Whether the mail declares that it has a dark scheme: in a meta element, or on its root."""
    for element in one.document.elements:
        if element.tag == "meta" and element.attributes.get("name", "").lower() == "color-scheme":
            return "dark" in element.attributes.get("content", "").lower()
        if element.tag == "html":
            found, _ = winner(said[element], view, "color-scheme")
            if found is not None:
                return "dark" in found.declared.declaration.value.lower()
    return False


def _is_certain(one: Prepared, built: Structure, element: Element, seen: Look) -> bool:
    """Whether words and ground surely meet: not, where two conditions decide over them that may exclude each other."""
    path = [element, *element.ancestors()]
    if any(e.conditional & _STYLED_BY and e.number not in one.ways.decisions for e in path):
        return False  # no rule asks about it, so it was not taken apart
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


def _conditions(built: Structure, element: Element) -> tuple[int, ...]:
    pieces = built.enclosing.get(element.number, ()) if element.number is not None else ()
    return tuple(piece.span.start for piece in pieces if piece.name not in _LOOPS)


def _judged(one: Prepared, element: Element, seen: Look, view: View) -> Iterator[_Judged]:
    front, back = seen.color, seen.ground
    hidden = not seen.seen or not all(e.shown for e in (element, *element.ancestors()))
    if hidden or isinstance(front, Special) or isinstance(back, Special) or element.number is None:
        return
    ratio, wanted = contrast(front, back), ENOUGH_FOR_LARGE if seen.large else ENOUGH
    if ratio >= wanted:
        return
    found = diagnose(
        "MW950",
        one.page.source,
        one.page.tokens[element.number].span,
        tag=element.tag,
        ratio=f"{int(ratio * 100) / 100:.2f}",
        wanted=f"{wanted:g}",
        scheme=view.scheme,
        front=written(front),
        front_by=seen.color_by,
        back=written(back),
        back_by=seen.ground_by,
    )
    yield ratio, view.scheme, at_home(found)
