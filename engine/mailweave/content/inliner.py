"""CSS inlined once, over templates that still hold their Liquid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mailweave.content.contract import contract
from mailweave.content.cutting import LAYOUT, Composed, compose, ranks
from mailweave.content.inlined import Edit, Inlined, edited
from mailweave.content.inlining import InlinedPage, inline_page
from mailweave.content.per_recipient import per_recipient_cost
from mailweave.content.presence import Presence, once, presence, used
from mailweave.content.sheets import Resolve
from mailweave.diagnostics import Diagnostic, Severity, ordered
from mailweave.markup.branches import Leaf, written
from mailweave.markup.pieces import pieces
from mailweave.markup.tree import Page, page, refused
from mailweave.source import Source, Span


def _nothing(_href: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class InlinedCampaign:
    """A layout and its blocks, inlined together and cut apart.

    `layout` keeps its `{% slot "name" %}` tags. Where `exact` is false, all texts are as they came, to be
    inlined per recipient (`mailweave.content.per_recipient`).
    """

    layout: str
    blocks: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    exact: bool


def inline_once(source: str | Source, css: str = "", *, resolve: Resolve = _nothing) -> Inlined:
    """Inlines CSS into a template without rendering it.

    `source` is any HTML, whole or in part, with or without Liquid; `css` is a stylesheet that comes after
    those in the text; `resolve` gives the text of a local stylesheet that a `<link>` or `@import` names, or
    None. Nothing else is ever read. Raises nothing: what was found is in `.hazards`.

    >>> inline_once('<p class="{{ c }}-x">{{ name }}</p>', "p { color: red }").source
    '<p style="color:red" class="{{ c }}-x">{{ name }}</p>'
    """
    text = source if isinstance(source, Source) else Source("<html>", source)
    bad = refused(text)
    if bad:
        return Inlined(text.text, bad, False)
    done = _together([compose(text, {})], css, resolve)
    inlined = edited(text.text, done.edits.get(LAYOUT, ())) if done.exact else text.text
    return Inlined(inlined, done.diagnostics, done.exact)


def inline_campaign(
    layout: Source,
    css: str,
    blocks: Mapping[str, Mapping[str, Source]],
    *,
    resolve: Resolve = _nothing,
) -> InlinedCampaign:
    """Inlines CSS into a layout and into each block, in its place in the layout.

    `blocks` maps each slot to its candidates by name; `css` and `resolve` as in `inline_once`. Raises
    nothing: what was found is in `.diagnostics`.
    """
    named = {name: source for candidates in blocks.values() for name, source in candidates.items()}
    bad = tuple(d for source in (layout, *named.values()) for d in refused(source))
    if bad:
        return InlinedCampaign(layout.text, {n: s.text for n, s in named.items()}, ordered(bad), False)
    done = _together(list(ranks(layout, blocks)), css, resolve)
    texts = {LAYOUT: layout, **named}
    out = {key: edited(s.text, done.edits.get(key, ())) if done.exact else s.text for key, s in texts.items()}
    return InlinedCampaign(out.pop(LAYOUT), out, done.diagnostics, done.exact)


@dataclass(frozen=True, slots=True)
class _Done:
    edits: Mapping[str, Sequence[Edit]]
    diagnostics: tuple[Diagnostic, ...]
    exact: bool


def _together(runs: Sequence[Composed], css: str, resolve: Resolve) -> _Done:
    """Inlines all runs; the layout's edits are those of the first."""
    pages = [page(run.source, css) for run in runs]
    results = [inline_page(one, css, resolve) for one in pages]
    broken = [d for at, run in enumerate(runs) for d in contract(run, pages[at], results[at])]
    all_found = (*broken, *(d for result in results for d in result.diagnostics))
    found = ordered(map(_at_home, all_found))
    if any(d.severity is not Severity.NOTE for d in found):
        return _Done({}, (*found, *per_recipient_cost(runs[0].source, found)), False)
    edits: dict[str, dict[Span, Edit]] = {}
    for run, result in zip(runs, results, strict=True):
        _collect(edits, run, result.edits)
    _place_styles(edits, list(zip(runs, pages, results, strict=True)))
    return _Done({key: tuple(made.values()) for key, made in edits.items()}, found, True)


def _at_home(found: Diagnostic) -> Diagnostic:
    """A finding in the file that its author wrote, instead of in the composed text."""
    if found.source is None or found.span is None:
        return found
    file, at = found.source.origin(found.span.start)
    return replace(found, source=file, span=Span(at, at + found.span.stop - found.span.start))


def _collect(edits: dict[str, dict[Span, Edit]], run: Composed, made: Sequence[Edit]) -> None:
    for edit in made:
        home = run.home(edit)
        if home:
            edits.setdefault(home[0], {}).setdefault(home[1].span, home[1])


def _place_styles(
    edits: dict[str, dict[Span, Edit]], runs: Sequence[tuple[Composed, Page, InlinedPage]]
) -> None:
    """What must stay goes where it stood in the layout; the blocks' part of it to the end of the head."""
    there = presence(one for _, one, _ in runs)
    hoisted: dict[str, None] = {}
    for run, one, result in runs:
        for number, sheet in enumerate(result.sheets):
            if sheet.whole:
                continue
            text = _kept(one, result, number, there)
            part = run.part(sheet.span.start) if sheet.span else None
            own = part is not None and part.key == LAYOUT
            if text and not own:
                hoisted[text] = None
            if sheet.span is not None:
                _collect(
                    edits, run, [Edit(sheet.span, _style(one, sheet.span, text) if own and text else "")]
                )
    if hoisted:
        at = head_stop(runs[0][1])
        _collect(edits, runs[0][0], [Edit(Span(at, at), f"<style>{chr(10).join(hoisted)}</style>")])


def _kept(one: Page, result: InlinedPage, number: int, there: Presence) -> str:
    """What stays of one sheet, as CSS, each rule once, its Liquid put back."""

    def css(leaf: Leaf) -> str:
        entries = [entry for e in result.kept[leaf.index][number] if (entry := used(e, there))]
        return one.shield.restore("\n".join(once(entries, decides)))

    def decides(control: str) -> bool:
        return all(p.opens or p.continues or p.closes for p in pieces(one.shield.restore(control)))

    return written(result.decision, css)


def _style(page: Page, span: Span, css: str) -> str:
    opening = page.text(span)[: page.text(span).find(">") + 1]
    return f"{opening if opening.lower().startswith('<style') else '<style>'}{css}</style>"


def head_stop(page: Page) -> int:
    """Where a `<style>` of ours goes: the end of the head, else before the body, else the start."""
    for token in page.tokens[page.prelude :]:
        if page.text(token.span)[:6].lower().startswith(("</head", "<body")):
            return token.span.start
    return page.tokens[page.prelude].span.start if page.prelude < len(page.tokens) else 0
