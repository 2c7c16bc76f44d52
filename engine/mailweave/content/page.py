"""One page made ready for inlining: its rules, its elements, and all ways through the conditions in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from mailweave.content.composition import Composed
from mailweave.content.condition_paths import MOST_RUNS, ConditionPaths, ways
from mailweave.content.stylesheets import Library, Sheet, rules, sheets
from mailweave.content.stylevariants import style_variants
from mailweave.content.variants import Variants, every_name, variants
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.branches import Decision, Leaf
from mailweave.markup.cascade.document import Document, Element, document
from mailweave.markup.cascade.matching import MOST_TESTS, Doubts, Matcher, TooMuch
from mailweave.markup.cascade.ranks import Declared
from mailweave.markup.hazards import Scene, Use, hazards
from mailweave.markup.structure import Structure, structure
from mailweave.markup.tree import Page, lost, parse
from mailweave.source import Source, Span

_ONE: Decision = Leaf("", 0)
_ONE_ONLY = frozenset({"html", "body"})
_REWRITTEN = frozenset({"style", "link"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page, its sheets per way through the conditions of its CSS (which `decision` holds), and the ways through the
    conditions of its start tags. `diagnostics` is what was found on the way."""

    run: Composed
    page: Page
    document: Document
    sheets: tuple[tuple[Sheet, ...], ...]
    decision: Decision
    varied: Variants
    ways: ConditionPaths
    names: frozenset[str] | None  # the classes and ids of its elements, if they are known
    diagnostics: tuple[Diagnostic, ...]


def prepare(run: Composed, page: Page, css: Source, library: Library) -> Prepared:
    """Reads the sheets of a page and looks for what keeps it from being inlined once."""
    made, built = document(page), structure(page.tokens)
    seen = frozenset(made.numbered)
    found, diagnostics = sheets(run, page, css, library, seen)
    styles = style_variants(page, found)
    others = [sheets(run, page, css, library, seen, bodies)[0] for bodies in styles.bodies]
    every = [tuple(one) for one in others or [found]]
    uses = _uses(every)
    varied = variants(page, uses)
    made.dress(page, partial(every_name, varied))
    diagnostics += [*lost(page, parse(page)), *styles.diagnostics, *varied.diagnostics]
    diagnostics += [
        *_hazards(Scene(page, made, built, uses, library.escapes)),
        *_under_conditions(page, every, built),
    ]
    diagnostics += [*_showing_heads(page, made, every), *_reverting(page, uses), *_merged(page, made)]
    through = ways(varied.decisions, varied.influencing, made)
    if through.runs > MOST_RUNS:
        diagnostics += [_too_many(page, number) for number in varied.influencing]
    decision = styles.decision or _ONE
    return Prepared(
        run, page, made, tuple(every), decision, varied, through, made.names(), tuple(diagnostics)
    )


def _hazards(scene: Scene) -> Sequence[Diagnostic]:
    try:
        return hazards(scene)
    except TooMuch:
        return (too_much(scene.page),)


def too_much(page: Page, limit: str = f"{MOST_TESTS:,} tests") -> Diagnostic:
    """That inlining would take too long, with the limit that was passed."""
    return diagnose("MW542", page.source, Span(0, 0), limit=limit)


def _under_conditions(page: Page, every: Sequence[Sequence[Sheet]], built: Structure) -> Iterator[Diagnostic]:
    """Whole stylesheets that stand in a branch, and of which rules are to be inlined."""
    starts = {tag.span.start: number for number, tag in page.start_tags}
    spans = {s.span for found in every for s in found if s.span and any(one.inlined for one in s.selected)}
    for span in sorted(spans):
        number = starts.get(span.start)
        for piece in built.enclosing.get(number, ())[:1] if number is not None else ():
            yield diagnose("MW516", page.source, piece.span, text=piece.text)


def _showing_heads(page: Page, document: Document, every: Sequence[Sequence[Sheet]]) -> Iterator[Diagnostic]:
    """Rules that show what browsers hide: the style sheet would be read as text."""
    hidden = [one for one in document.elements if not one.shown]
    showing = [one for found in every for one in rules(found) if any(map(_shows, one.declarations))]
    shown: set[Element] = set()
    matcher = Matcher(document.fold, Doubts(clients=False))
    for element in hidden if showing else ():
        hit = next((one for one in showing if matcher.perhaps(element, one.selector)), None)
        above = element.parent
        if hit is None or (above is not None and not above.shown and above not in shown):
            continue
        shown.add(element)
        if hit.inlined or element.tag in _REWRITTEN:
            selector = hit.selector.text
            yield diagnose("MW545", page.source, _tag_span(page, element), selector=selector, tag=element.tag)
            return


def _reverting(page: Page, uses: Sequence[Use]) -> Iterator[Diagnostic]:
    """Style attributes that fall back to what the rules say, of which nothing would be left below them."""
    for _, tag in page.start_tags if uses else ():
        if "revert-layer" in (tag.get("style") or "").lower():
            yield diagnose("MW541", page.source, tag.span, text="revert-layer")
            return


def _merged(page: Page, document: Document) -> Iterator[Diagnostic]:
    """Attributes of `<html>` and `<body>` that stand in a second tag of theirs, and belong to the first."""
    known: dict[str, set[str]] = {}
    for number, tag in page.start_tags:
        if tag.name in _ONE_ONLY:
            more = [one.name for one in tag.attributes if one.name not in known.get(tag.name, ())]
            if more and number not in document.numbered:
                yield diagnose("MW548", page.source, tag.span, attribute=more[0], tag=tag.name)
            known.setdefault(tag.name, set()).update(more)


def _shows(one: Declared) -> bool:
    return one.name in ("display", "all") and not one.target and one.declaration.value.lower() != "none"


def _tag_span(page: Page, element: Element) -> Span:
    return Span(0, 0) if element.number is None else page.tokens[element.number].span


def _uses(every: Sequence[Sequence[Sheet]]) -> list[Use]:
    """Each selector of which something is to be inlined once, with the place of its rule."""
    places: dict[str, Use] = {}
    for found in every:
        for one in rules(found):
            if one.inlined:
                places.setdefault(one.selector.text, Use(one.selector, one.where))
    return list(places.values())


def _too_many(page: Page, number: int) -> Diagnostic:
    tag = page.tokens[number]
    return diagnose("MW523", page.source, tag.span, tag=getattr(tag, "name", ""))
