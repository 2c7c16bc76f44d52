"""CSS inlined once, over templates that still hold their Liquid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from mailweave.content.campaign_inliner import together
from mailweave.content.composition import LAYOUT, Composed, compose, ranks
from mailweave.content.edits import Edit, Inlined, edited
from mailweave.content.embedded_styles import Kept
from mailweave.content.inlined import InlinedCampaign
from mailweave.content.layer_order import layer_order
from mailweave.content.page import Prepared
from mailweave.content.page_edits import collect
from mailweave.content.page_store import PageStore
from mailweave.content.per_recipient import per_recipient_cost
from mailweave.content.stylesheets import Resolve, each_once, place
from mailweave.diagnostics import Diagnostic, Severity, diagnose, ordered
from mailweave.markup.branches import Leaf, written
from mailweave.markup.cascade.ranks import Order
from mailweave.markup.pieces import Piece, pieces
from mailweave.markup.tree import Page
from mailweave.source import Source, Span

_EMPTY = "<style></style>"  # it counts among its neighbours
_CONTROLS = re.compile(r"/\*!\0\d+z!\*/")


def _nothing(_href: str) -> None:
    return None


def inline_once(source: str | Source, css: str | Source = "", *, resolve: Resolve = _nothing) -> Inlined:
    """Inlines CSS into a template without rendering it.

    `source` is any HTML, whole or in part, with or without Liquid; `css` is a stylesheet that comes after
    those in the text; `resolve` gives the text of a local stylesheet that a `<link>` or `@import` names, or
    None. Nothing else is ever read. Raises nothing: what was found is in `.diagnostics`.

    >>> inline_once('<p class="{{ c }}-x">{{ name }}</p>', "p { color: red }").source
    '<p style="color:red" class="{{ c }}-x">{{ name }}</p>'
    """
    text = source if isinstance(source, Source) else Source("<html>", source)
    store = PageStore()
    bad = store.refused([text])
    if bad:
        return Inlined(text.text, bad, False)
    done = _together([compose(text, {})], _sheet(css), resolve, store)
    inlined = edited(text.text, done.edits.get(LAYOUT, ())) if done.exact else text.text
    return Inlined(inlined, done.diagnostics, done.exact)


def inline_campaign(
    layout: Source,
    css: str | Source,
    blocks: Mapping[str, Mapping[str, Source]],
    *,
    resolve: Resolve = _nothing,
    store: PageStore | None = None,
) -> InlinedCampaign:
    """Inlines CSS into a layout and into each block, in its place in the layout.

    `blocks` maps each slot to its candidates by name; `css` and `resolve` as in `inline_once`. `store`: pages that
    were made ready before, by an inlining of other blocks. Raises nothing: what was found is in `.diagnostics`.
    """
    named = {name: source for candidates in blocks.values() for name, source in candidates.items()}
    store = store or PageStore()
    bad = store.refused((layout, *named.values()))
    if bad:
        return InlinedCampaign(layout.text, {n: s.text for n, s in named.items()}, ordered(bad), False)
    done = _together(list(ranks(layout, blocks)), _sheet(css), resolve, store)
    texts = {LAYOUT: layout, **named}
    out = {key: edited(s.text, done.edits.get(key, ())) if done.exact else s.text for key, s in texts.items()}
    return InlinedCampaign(out.pop(LAYOUT), out, done.diagnostics, done.exact)


@dataclass(frozen=True, slots=True)
class _Done:
    edits: Mapping[str, Sequence[Edit]]
    diagnostics: tuple[Diagnostic, ...]
    exact: bool


def _sheet(css: str | Source) -> Source:
    return css if isinstance(css, Source) else Source("<css>", css)


def _together(runs: Sequence[Composed], css: Source, resolve: Resolve, store: PageStore) -> _Done:
    """Inlines all runs; the layout's edits are those of the first."""
    pages = store.ready(runs, css, resolve)
    prepared = [one.prepared for one in pages]
    layers, disagreeing = layer_order([sheets for one in prepared for sheets in one.sheets])
    found = ordered(map(at_home, (*chain.from_iterable(one.found for one in pages), *disagreeing)))
    if _lacking(found):
        return _refused(runs[0], found)
    at = hoisting(prepared[0])
    done = together(pages, store, layers, float(place(runs[0], at)[0][0]))
    scoped = (d for made in done.edits for d in made.found)
    found = ordered((*found, *map(at_home, (*done.diagnostics, *scoped))))
    if _lacking(found) or done.kept is None:
        return _refused(runs[0], found)
    edits: dict[str, dict[Span, Edit]] = {}
    for run, made in zip(runs, done.edits, strict=True):
        unlike = next(_unlike(edits, made.by_file, run), None)
        if unlike is not None:
            return _refused(runs[0], ordered((*found, unlike)))
        edits |= {key: dict(of_file) for key, of_file in made.by_file.items()}
    _place_styles(edits, prepared, done.kept, at)
    return _Done({key: tuple(of_file.values()) for key, of_file in edits.items()}, found, True)


def _lacking(found: Sequence[Diagnostic]) -> bool:
    return any(d.severity is not Severity.NOTE for d in found)


def _refused(run: Composed, found: tuple[Diagnostic, ...]) -> _Done:
    return _Done({}, (*found, *per_recipient_cost(run.source, found)), False)


def at_home(found: Diagnostic) -> Diagnostic:
    """A finding in the file that its author wrote, instead of in the composed text."""
    if found.source is None or found.span is None:
        return found
    file, at = found.source.origin(found.span.start)
    return replace(found, source=file, span=Span(at, at + found.span.stop - found.span.start))


def _unlike(
    known: Mapping[str, Mapping[Span, Edit]], made: Mapping[str, Mapping[Span, Edit]], run: Composed
) -> Iterator[Diagnostic]:
    """Where the same text came out in another way than in a run before: what stands around it decided."""
    for part in run.parts:
        key = part.key
        spans = sorted(known.get(key, {}).items() ^ made.get(key, {}).items()) if key in known else ()
        for span, _ in spans:
            at = part.start + span.start - part.offset
            if part.start <= at < part.start + part.length:
                yield at_home(diagnose("MW546", run.source, Span(at, at + 1)))


def _place_styles(
    edits: dict[str, dict[Span, Edit]], prepared: Sequence[Prepared], kept: Kept, at: int
) -> None:
    """What must stay goes where it stood in the layout; what comes from elsewhere to the end of the head."""
    hoisted: dict[Order, str] = {}
    counting = kept.counting(each_once(found for one in prepared for found in one.sheets))
    for one in prepared:
        for number, sheet in enumerate(one.sheets[0]):
            if sheet.whole:
                continue
            text = _kept(one, kept, number)
            if text and not sheet.own:
                hoisted[sheet.order] = f"@media {sheet.media}{{{text}}}" if sheet.media else text
            if sheet.span is not None:
                left = _EMPTY if counting and not _in_head(one, sheet.span) else ""
                style = _style(one.page, sheet.span, text, sheet.media) if sheet.own and text else left
                collect(edits, one.run, [Edit(sheet.span, style)])
    if hoisted:
        texts = dict.fromkeys(hoisted[order] for order in sorted(hoisted))
        collect(edits, prepared[0].run, [Edit(Span(at, at), f"<style>{chr(10).join(texts)}</style>")])


def _in_head(one: Prepared, span: Span) -> bool:
    """Whether an element stands in the head, where no rule looks at its neighbours."""
    number = next(number for number, tag in one.page.start_tags if tag.span.start == span.start)
    element = one.document.numbered.get(number)
    return element is not None and any(above.tag == "head" for above in element.ancestors())


def _kept(one: Prepared, kept: Kept, number: int) -> str:
    """What stays of one sheet, as CSS, its Liquid put back; nothing, if only conditions are left."""

    def css(leaf: Leaf) -> str:
        sheet = one.sheets[leaf.index][number]
        text = kept.written(sheet)
        restored = one.page.shield.restore(text)
        only = _CONTROLS.sub("", text.replace(one.page.shield.nonce, "\0")).strip()
        return restored if only or not all(map(_decides, pieces(restored))) else ""

    return written(one.decision, css)


def _decides(piece: Piece) -> bool:
    return piece.opens or piece.continues or piece.closes


def _style(page: Page, span: Span, css: str, media: str) -> str:
    opening = page.text(span)[: page.text(span).find(">") + 1]
    named = f' media="{media}"' if media else ""
    return f"{opening if opening.lower().startswith('<style') else f'<style{named}>'}{css}</style>"


def hoisting(one: Prepared) -> int:
    """Where a `<style>` of ours goes: the end of the head, behind all styles of the layout where these come later."""
    last = max((s.span.stop for s in one.sheets[0] if s.own and s.span), default=0)
    return max(head_stop(one.page), last)


def head_stop(page: Page) -> int:
    """The end of the head, else before the body, else the start."""
    for token in page.tokens[page.prelude :]:
        if page.text(token.span)[:6].lower().startswith(("</head", "<body")):
            return token.span.start
    return page.tokens[page.prelude].span.start if page.prelude < len(page.tokens) else 0
