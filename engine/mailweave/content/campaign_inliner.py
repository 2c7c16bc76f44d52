"""All pages of a campaign inlined together: one cascade, one kept sheet, edits for each page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mailweave.content.asked_styles import asked_styles
from mailweave.content.embedded_styles import Kept
from mailweave.content.page import Prepared, too_much
from mailweave.content.page_edits import PageEdits, page_edits
from mailweave.content.page_store import KeptPage, PageStore
from mailweave.content.premailer_adapter import attributes_of
from mailweave.content.styles import Placed, raw_attributes
from mailweave.content.stylesheets import Sheet, each_once
from mailweave.content.tagedits import Final, TagEdits
from mailweave.content.variants import css_of
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.cascade.document import Element
from mailweave.markup.cascade.importance import Case, Conflict, Importance
from mailweave.markup.cascade.layers import Layers
from mailweave.markup.cascade.matching import Doubts, Matcher, TooMuch
from mailweave.markup.cascade.ranks import Selected
from mailweave.markup.cascade.stylesheet import Verbatim
from mailweave.markup.stylesheet import stray
from mailweave.markup.tree import Page
from mailweave.source import Span

_LONGEST_SHOWN = 60
_NAMED = frozenset({"keyframes", "-webkit-keyframes", "property", "counter-style"})
MOST_STYLES = 2_500  # distinct ones: premailer takes two milliseconds for each
Position = Mapping[Selected, tuple[float, ...]]
Examples = Mapping[Case, tuple[Page, Element]]


@dataclass(frozen=True, slots=True)
class Together:
    """The edits of each page, what is kept, and what was found."""

    edits: tuple[PageEdits, ...]
    kept: Kept | None
    diagnostics: tuple[Diagnostic, ...]


def together(pages: Sequence[KeptPage], store: PageStore, layers: Layers, hoisted_at: float) -> Together:
    """Finds the one cascade of all pages. `hoisted_at` is where the layout takes what comes from elsewhere."""
    prepared = [one.prepared for one in pages]
    try:
        all_placed = store.placed(layers, pages)
        examples = _examples(prepared, all_placed)
        importance = Importance(tuple(examples))
        importance.settle()
        opened = any(one.is_open for one in pages)
        kept = Kept(layers, importance.important, importance.also, importance.cases, opened)
        importance.raise_weights(_positions(prepared, kept, hoisted_at))
    except TooMuch:
        return Together((), None, (too_much(prepared[0].page),))
    final = _final(prepared, importance, kept, store)
    if final is None:
        return Together((), None, (too_much(prepared[0].page, f"{MOST_STYLES:,} styles"),))
    tagged = [TagEdits(one, done, final) for one, done in zip(prepared, all_placed, strict=True)]
    found = [*_conflicts(importance.conflicts, examples), *_strays(prepared, all_placed, importance)]
    found += [*_strangers(prepared, kept), *_namesakes(prepared)]
    try:
        found += [d for tags in tagged for d in asked_styles(tags.page, tags, kept)]
    except TooMuch:
        found.append(too_much(prepared[0].page))
    for one, tags in zip(pages, tagged, strict=True):
        one.edits = page_edits(tags, one.edits)
    return Together(tuple(one.edits for one in pages if one.edits), kept, tuple(found))


def _examples(prepared: Sequence[Prepared], all_placed: Sequence[Sequence[Placed]]) -> Examples:
    """Each case of the cascade with the first element that falls under it."""
    found: dict[Case, tuple[Page, Element]] = {}
    for one, ways in zip(prepared, all_placed, strict=True):
        for way in ways:
            for case, element in way.examples.items():
                found.setdefault(case, (one.page, element))
    return found


def _positions(prepared: Sequence[Prepared], kept: Kept, hoisted_at: float) -> Position:
    """Where each kept rule will stand: in its own element, or among what is hoisted."""
    found: dict[Selected, tuple[float, ...]] = {}
    for one in prepared:
        for sheet in (sheet for listed in one.sheets for sheet in listed):
            at = (sheet.order[0], 0.0) if sheet.own else (hoisted_at, 1.0, *sheet.order)
            for number, entry in enumerate(kept.ordered(sheet)):
                found.update((selected, (*at, float(number))) for selected in entry.selected)
    return found


def _final(
    prepared: Sequence[Prepared], importance: Importance, kept: Kept, store: PageStore
) -> Final | None:
    """The styles that are written; None where they are too many."""
    styles = {}
    for case in importance.cases:
        if not case.written:
            continue
        wanted = importance.wanted(case)
        style = tuple(replace(one.declaration, important=one in wanted) for one in case.shown)
        own = tuple(one.declaration for one in sorted(case.inlined, key=lambda d: d.order) if one.of is None)
        if any(one.of is not None for one in case.inlined) or set(style) != set(own):
            styles[case] = style
    if len(set(styles.values())) > MOST_STYLES:
        return None
    asked = kept.asked(each_once(found for one in prepared for found in one.sheets))
    unwritten = (s for s in styles.values() if s and s not in store.styles)
    store.styles.update(attributes_of(unwritten, store.shield))
    return Final(styles, store.styles, asked)


def _conflicts(conflicts: Sequence[Conflict], examples: Examples) -> Iterator[Diagnostic]:
    """What cannot be had: an own style attribute between two kept rules."""
    for one in conflicts:
        page, element = examples[one.case]
        span = page.tokens[element.number].span if element.number is not None else Span(0, 0)
        over = next((k for k in one.case.above.get(one.declared, ()) if k.of), one.against)
        selected = over.of if over is not None else None
        yield diagnose(
            "MW543",
            page.source,
            span,
            name=one.declared.name,
            selector=selected.selector.text if selected else "",
            where=selected.where if selected else "",
        )


def _strangers(prepared: Sequence[Prepared], kept: Kept) -> Iterator[Diagnostic]:
    """Kept rules of a block that match what stands in another: all of them will stand in one head."""
    sheets = {s.order: (one, s) for one in prepared for s in one.sheets[0] if s.span and not s.own}
    for order, (home, sheet) in sheets.items():
        staying = [s for s in sheet.selected if kept.declarations(s) and not s.selector.hook]
        for other in prepared if staying else ():
            if any(s.order == order for s in other.sheets[0]):
                continue
            same = {_said(s) for one in other.sheets[0] for s in one.selected}
            matcher = Matcher(other.document.fold, Doubts(clients=False))
            for one in (s for s in staying if _said(s) not in same):
                if any(e.shown and matcher.perhaps(e, one.selector) for e in other.document.elements):
                    part = home.run.part(sheet.span.start) if sheet.span else None
                    yield diagnose(
                        "MW544",
                        sheet.source,
                        sheet.at(one.rule.line),
                        block=part.key if part else "",
                        selector=one.selector.text,
                    )


def _namesakes(prepared: Sequence[Prepared]) -> Iterator[Diagnostic]:
    """At-rules of a block under a name that other text gives another: of all in one head, the last one holds."""
    known: dict[str, tuple[Sheet, str]] = {}
    for one in prepared:
        for sheet in (sheet for listed in one.sheets for sheet in listed):
            for item in (entry.item for entry in sheet.entries):
                if not isinstance(item, Verbatim) or item.keyword not in _NAMED:
                    continue
                name = item.text.partition("{")[0].strip()
                other, text = known.setdefault(name, (sheet, item.text))
                if other.order != sheet.order and text != item.text and (sheet.of_block or other.of_block):
                    span = (sheet if sheet.of_block else other).span
                    part = one.run.part(span.start) if span else None
                    block = part.key if part else ""
                    yield diagnose("MW544", sheet.source, sheet.at(item.line), block=block, selector=name)


def _said(one: Selected) -> tuple[object, ...]:
    return (one.rule.conditions, one.selector.text, one.rule.properties)


def _strays(
    prepared: Sequence[Prepared], all_placed: Sequence[Sequence[Placed]], importance: Importance
) -> Iterator[Diagnostic]:
    """Style attributes into which Liquid writes whole declarations, where rules have a say."""
    for one, ways in zip(prepared, all_placed, strict=True):
        for number in one.document.numbered:
            span = one.page.tokens[number].span
            text = one.page.text(span)
            if "{" not in text or not _is_stray(one, number):
                continue
            cases = [c for way in ways for run in range(one.ways.runs) if (c := way.case(number, run))]
            inlined = any(number in way.touched for way in ways)
            if inlined or any(k in importance.important for case in cases for k in case.kept):
                yield diagnose("MW528", one.page.source, span, what=text[:_LONGEST_SHOWN])


def _is_stray(one: Prepared, number: int) -> bool:
    styles = (raw_attributes(one, number, run).get("style", "") for run in range(one.ways.runs))
    return any(stray(css_of(one.page.shield, s), one.page.shield.nonce) for s in styles if "{" in s)
