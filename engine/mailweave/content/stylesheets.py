"""The stylesheets of a page: where each stands, and its rules with their ranks."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import accumulate, count

from mailweave.content.composition import LAYOUT, Composed
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.cascade.ranks import Order, Selected, select
from mailweave.markup.cascade.stylesheet import Control, Item, Named, StyleRule, Verbatim, read_stylesheet
from mailweave.markup.shield import Shield
from mailweave.markup.stylesheet import too_deep
from mailweave.markup.tokens import StartTag
from mailweave.markup.tree import Page
from mailweave.source import Source, Span

Resolve = Callable[[str], str | None]
_Text = tuple[Order, tuple[Source, int], str, str]  # with the file that its author wrote: findings name it

_EVERYWHERE = frozenset({"", "all", "screen"})
# its address, and what it asks for (`layer(a)`, `(max-width:480px)`)
_IMPORT = re.compile(r"""@import\s*(?:url\()?\s*["']?([^"')\s;]*)["']?\s*\)?\s*([^;]*)""", re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a sheet; where it is a style rule, its selectors with their declarations."""

    item: Item
    selected: tuple[Selected, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One stylesheet: its entries, and where it stands in the page.

    `span` is that of the whole element; None for CSS from outside. `whole` is left as it is: it is no CSS, or the
    author marked it. `media` is the question of its element, under which all its rules stand.
    """

    source: Source  # of the CSS itself
    entries: tuple[Entry, ...]
    span: Span | None
    order: Order
    media: str = ""
    whole: bool = False
    own: bool = True  # whether it stands in the layout

    def at(self, line: int) -> Span:
        """The span of a line of the CSS."""
        lines = self.source.text.split("\n")
        start = sum(len(text) + 1 for text in lines[: line - 1])
        text = lines[line - 1] if line <= len(lines) else ""
        return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))

    @property
    def of_block(self) -> bool:
        """Whether it stands in a block: not in the layout, and not beside it."""
        return self.span is not None and not self.own

    @property
    def selected(self) -> Iterator[Selected]:
        return (one for entry in self.entries for one in entry.selected)


@dataclass(frozen=True, slots=True)
class _Known:
    """A sheet that was read: what is in it, what was found, and the texts of the sheets that it imports."""

    entries: tuple[Entry, ...]
    found: tuple[Diagnostic, ...]
    imported: Mapping[str, str | None]


@dataclass(slots=True)
class Library:
    """Reads sheets, each text once in each place: layouts come again with every candidate of a slot, and files after
    every save. escapes: whether literals in the pages around them are escaped when they are rendered."""

    shield: Shield
    resolve: Resolve
    escapes: bool = False
    _unnamed: Iterator[int] = field(default_factory=count)  # layers without a name, over all sheets
    _read: dict[_Text, _Known] = field(default_factory=dict)

    def read(self, source: Source, order: Order, media: str) -> _Known:
        """What is in a sheet; read again where one that it imports has another text now."""
        key = (order, source.origin(0), source.text, media)
        known = self._read.get(key)
        if known is None or any(self.resolve(href) != text for href, text in known.imported.items()):
            found: list[Diagnostic] = []
            imported: dict[str, str | None] = {}
            entries = tuple(self._entries(source, order, media, found, imported))
            known = self._read[key] = _Known(entries, tuple(found), imported)
        return known

    def _entries(
        self,
        source: Source,
        order: Order,
        media: str,
        found: list[Diagnostic],
        imported: dict[str, str | None],
    ) -> Iterator[Entry]:
        hidden = self.shield.cover_css(source.text)
        if too_deep(hidden):
            found.append(diagnose("MW506", source, line(source, 1)))
            return
        reading = read_stylesheet(hidden, self.shield.nonce, self._unnamed)
        named = [item for item in reading.items if isinstance(item, Named) and media]
        odd = [*((one.line, one.text) for one in reading.odd), *((one.line, "@layer") for one in named)]
        for number, text in odd:
            found.append(diagnose("MW541", source, line(source, number), text=text))
        for number, item in enumerate(reading.items):
            place = (*order, float(number))
            if isinstance(item, StyleRule):
                yield Entry(item, self._selected(source, item, place, media))
            elif isinstance(item, Verbatim) and item.keyword == "import":
                yield from self._imported(source, item, place, media, found, imported)
            else:
                yield Entry(item)

    def _selected(self, source: Source, rule: StyleRule, place: Order, media: str) -> tuple[Selected, ...]:
        where = str(source.locate(line(source, rule.line).start))
        nonce = self.shield.nonce
        return select(rule, place, conditional=bool(media), nonce=nonce, where=where)

    def _imported(
        self,
        source: Source,
        item: Verbatim,
        place: Order,
        media: str,
        found: list[Diagnostic],
        imported: dict[str, str | None],
    ) -> Iterator[Entry]:
        address, asked = _IMPORT.findall(item.text)[0]
        href = self.shield.restore(address)
        text = None if remote(href) else imported.setdefault(href, self.resolve(href))
        if text is None:
            found.append(refused(source, line(source, item.line), href))
            if remote(href):
                yield Entry(item)
            return
        if asked.strip().lower() not in _EVERYWHERE:
            found.append(diagnose("MW541", source, line(source, item.line), text=f"@import {href} {asked}"))
        inner = self.read(Source(href, text), place, media)
        imported.update(inner.imported)
        found += inner.found
        yield from inner.entries


def line(source: Source, number: int) -> Span:
    """The span of a line of a text."""
    return Sheet(source, (), None, ()).at(number)


def sheets(
    run: Composed,
    page: Page,
    css: Source,
    library: Library,
    seen: Container[int],
    bodies: Mapping[int, str] | None = None,
) -> tuple[list[Sheet], list[Diagnostic]]:
    """All stylesheets of a page in the order of the cascade; `css` comes last.

    `seen` are the tags that a browser makes elements of: what stands in a `<template>` is none, and is left as it is.
    `bodies` gives other texts for `<style>` elements, by the number of their tag.
    """
    found: list[Sheet] = []
    diagnostics: list[Diagnostic] = []
    for number, tag in page.start_tags:
        if number not in seen:
            continue
        if tag.name == "style":
            sheet = _style(page, number, tag, (bodies or {}).get(number))
        elif tag.name == "link" and "stylesheet" in (tag.get("rel") or "").lower().split():
            href = tag.get("href") or ""
            text = None if remote(href) else library.resolve(href)
            if text is None:
                diagnostics.append(refused(page.source, tag.span, href))
                continue
            media = "" if (tag.get("media") or "").strip().lower() in _EVERYWHERE else tag.get("media") or ""
            again = bool(text.strip()) and text.strip() in css.text  # what comes again later never shows
            sheet = Sheet(Source(href, "" if again else text), (), tag.span, (), media)
        else:
            continue
        order, own = place(run, tag.span.start)
        found.append(_read(replace(sheet, order=order, own=own), library, diagnostics))
    if css.text.strip():
        found.append(_read(Sheet(css, (), None, (math.inf,), own=False), library, diagnostics))
    return found, diagnostics


def _read(sheet: Sheet, library: Library, diagnostics: list[Diagnostic]) -> Sheet:
    if sheet.whole:
        return sheet
    known = library.read(sheet.source, sheet.order, sheet.media)
    diagnostics += known.found
    return replace(sheet, entries=known.entries)


def place(run: Composed, at: int) -> tuple[Order, bool]:
    """Where an offset of a composed text stands in the cascade, and whether that is in the layout.

    Candidates of one slot stand at the same place, in their order.
    """
    before = 0.0
    for part in run.parts:
        if part.key == LAYOUT:
            before = float(part.offset + part.length)
        if part.start <= at < part.start + part.length:
            own = part.key == LAYOUT
            inside = float(at - part.start + part.offset)
            return ((inside, 0.0) if own else (before, 1.0, float(part.candidate), inside)), own
    return (math.inf,), False


def _style(page: Page, number: int, tag: StartTag, text: str | None) -> Sheet:
    body = next(span for at, _, span in page.styles if at == number)
    closing = page.tokens[number + 1 : number + 3]
    stop = max(
        (token.span.stop for token in closing if page.text(token.span).lower().startswith("</style")),
        default=body.stop,
    )
    media = (tag.get("media") or "").strip()
    kind = tag.get("type")
    foreign = kind is not None and kind.strip().lower() not in ("", "text/css")
    marked = tag.get("data-premailer") == "ignore"
    whole = foreign or tag.get("amp-custom") is not None
    source = page.source.part(body)
    source = source if text is None else _of_branches(source, text)
    asked = media if media.lower() not in _EVERYWHERE else "all" if marked else ""
    return Sheet(source, (), Span(tag.span.start, stop), (), asked, whole)


def _of_branches(written: Source, text: str) -> Source:
    """What is left of a sheet in some branches of its conditions; its lines are those that the author wrote."""
    lines, left = (each.splitlines(keepends=True) for each in (written.text, text))
    old, new = (list(accumulate(map(len, each), initial=0)) for each in (lines, left))
    same = SequenceMatcher(None, lines, left, autojunk=False).get_matching_blocks()
    pieces = tuple((new[b], written.part(Span(old[a], len(written.text)))) for a, b, count in same if count)
    return Source(written.name, text, pieces=((0, written), *pieces))


def remote(href: str) -> bool:
    return "://" in href or href.startswith("//") or "{{" in href


def refused(source: Source, span: Span, href: str) -> Diagnostic:
    return diagnose("MW505" if remote(href) else "MW504", source, span, href=href)


def rules(found: Sequence[Sheet]) -> Iterator[Selected]:
    """The selectors of all sheets that are not left as they are."""
    return (one for sheet in found for one in sheet.selected)


def each_once(ways: Iterable[Sequence[Sheet]]) -> Sequence[Sheet]:
    """One sheet of those that hold the same: what all pages share is looked at once."""
    return list({id(sheet.entries): sheet for found in ways for sheet in found}.values())


def held(entry: Entry) -> str:
    """Everything of an item that may hold Liquid."""
    item = entry.item
    if isinstance(item, Named):
        return "".join((*item.conditions, *item.layer))
    if isinstance(item, Verbatim | Control):
        return "".join((*item.conditions, item.text))
    values = [f"{p.name}:{p.value}" for p in item.properties]
    return " ".join((*item.conditions, *(s.text for s in item.selectors), *values, item.opaque))
