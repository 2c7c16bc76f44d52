"""The block contract, checked where a block is cut out of the layout that it was inlined in.

A block is a balanced fragment that starts and ends in text. Put into its slot, its elements stand where it
put them, so that what is cut out is what went in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from mailweave.content.cutting import LAYOUT, Composed, Part, slot_name
from mailweave.content.inlining import InlinedPage
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import pieces
from mailweave.markup.selectors import matching, selector
from mailweave.markup.structure import unbalanced
from mailweave.markup.stylesheet import AtRule, Entry, Rule
from mailweave.markup.tokens import VOID, EndTag, LiquidToken, StartTag, Text, Token
from mailweave.markup.tree import Page
from mailweave.source import Span

_INSIDE_TABLES = {
    "table": frozenset({"tr", "tbody", "thead", "tfoot", "caption", "colgroup", "col"}),
    "tbody": frozenset({"tr"}),
    "thead": frozenset({"tr"}),
    "tfoot": frozenset({"tr"}),
    "tr": frozenset({"td", "th"}),
}
_TABLE_PARTS = frozenset({"tr", "td", "th", "tbody", "thead", "tfoot", "caption", "colgroup", "col"})
_UNSEEN = frozenset({"style", "script", "template"})
_PSEUDO = re.compile(r"::?[\w-]+(?:\([^)]*\))?")


def contract(run: Composed, page: Page, result: InlinedPage) -> Iterator[Diagnostic]:
    """What blocks and slots of one composed page break."""
    yield from _places(run, page)
    parents = _parents(page)
    for part in run.parts:
        if part.key != LAYOUT:
            yield from _block(page, result, part, parents)


def _places(run: Composed, page: Page) -> Iterator[Diagnostic]:
    """A slot stands in text, outside loops and captures."""
    open_blocks: list[str] = []
    seen: set[int] = set()
    for token in page.tokens:
        if not isinstance(token, LiquidToken):
            continue
        piece = token.piece
        if piece.opens:
            open_blocks.append(piece.name)
        elif piece.closes and open_blocks:
            open_blocks.pop()
        name = slot_name(piece)
        if name is not None:
            seen.add(piece.span.start)
            around = next((b for b in open_blocks if b in ("for", "tablerow", "capture")), None)
            if around:
                yield diagnose("MW533", page.source, piece.span, slot=name, where=f"inside `{around}`")
    for piece in pieces(page.source.text):
        name = slot_name(piece)
        part = run.part(piece.span.start)
        if name is not None and piece.span.start not in seen and part and part.key == LAYOUT:
            yield diagnose(
                "MW533", page.source, piece.span, slot=name, where="inside a tag, a comment or a style"
            )


def _parents(page: Page) -> Mapping[int, int | None]:
    """The number of the tag around each start tag, as the author wrote it."""
    found: dict[int, int | None] = {}
    open_tags: list[tuple[int, str]] = []
    for number, token in enumerate(page.tokens):
        if isinstance(token, StartTag):
            found[number] = open_tags[-1][0] if open_tags else None
            if token.name not in VOID and not token.self_closing:
                open_tags.append((number, token.name))
        elif isinstance(token, EndTag):
            at = next((i for i in range(len(open_tags) - 1, -1, -1) if open_tags[i][1] == token.name), None)
            if at is not None:
                del open_tags[at:]
    return found


def _block(
    page: Page, result: InlinedPage, part: Part, parents: Mapping[int, int | None]
) -> Iterator[Diagnostic]:
    span = Span(part.start, part.start + part.length)
    inside = {n: t for n, t in enumerate(page.tokens) if span.start <= t.span.start < span.stop}
    across = next((t for t in inside.values() if t.span.stop > span.stop), None)
    if across:
        where = Span(across.span.start, span.stop)
        yield diagnose("MW530", page.source, where, block=part.key, what="ends inside a tag or a comment")
        return
    broken = unbalanced(tuple(inside.values()))
    for split in broken:
        yield diagnose(
            "MW530", page.source, split.span, block=part.key, what=f"`{split.tag}` has no partner in it"
        )
    if broken:
        return
    yield from _moved(page, result, part, inside, parents)
    yield from _tables(page, part, inside)
    yield from _styles(page, result, part, span)


def _moved(
    page: Page,
    result: InlinedPage,
    part: Part,
    inside: Mapping[int, Token],
    parents: Mapping[int, int | None],
) -> Iterator[Diagnostic]:
    """Elements that the parser puts elsewhere than the author: a `<div>` in a `<p>`, for example."""
    elements = result.tree.elements
    for number in inside:
        above = parents.get(number)
        if number not in elements or above is None or above not in elements:
            continue
        real = elements[number].getparent()
        if real is not None and real is not elements[above] and elements[above].tag not in ("html", "head"):
            tag, around = page.tokens[number], elements[above].tag
            assert isinstance(tag, StartTag)
            yield diagnose("MW531", page.source, tag.span, block=part.key, tag=tag.name, around=around)
            return


def _tables(page: Page, part: Part, inside: Mapping[int, Token]) -> Iterator[Diagnostic]:
    """Rows stand in tables, and in a table nothing but rows stands: browsers move what does not fit."""
    around = _around(page, part)
    allowed = _INSIDE_TABLES.get(around)
    for token in _top(inside):
        if isinstance(token, StartTag):
            wrong = token.name not in allowed if allowed else token.name in _TABLE_PARTS
            what = f"`<{token.name}>`" if wrong and token.name not in _UNSEEN else ""
        else:
            what = "text" if allowed and page.text(token.span).strip() else ""
        if what:
            yield diagnose("MW532", page.source, token.span, block=part.key, what=what, around=around)
            return


def _top(inside: Mapping[int, Token]) -> Iterator[StartTag | Text]:
    """The elements and texts of a block that stand in no other element of it."""
    depth = 0
    for token in inside.values():
        if isinstance(token, StartTag | Text) and depth == 0:
            yield token
        if isinstance(token, StartTag) and token.name not in VOID and not token.self_closing:
            depth += 1
        elif isinstance(token, EndTag):
            depth -= 1


def _around(page: Page, part: Part) -> str:
    """The name of the element that the slot stands in."""
    names: list[str] = []
    for token in page.tokens:
        if token.span.start >= part.start:
            break
        if isinstance(token, StartTag) and token.name not in VOID and not token.self_closing:
            names.append(token.name)
        elif isinstance(token, EndTag) and token.name in names:
            while names.pop() != token.name:
                pass
    return names[-1] if names else "body"


def _styles(page: Page, result: InlinedPage, part: Part, span: Span) -> Iterator[Diagnostic]:
    """A `<style>` in a block is hoisted, unless it reaches beyond the block."""
    for sheet in result.sheets:
        if sheet.span is None or not span.start <= sheet.span.start < span.stop:
            continue
        for text, line in _selectors(sheet.entries):
            reached = matching(_PSEUDO.sub("", text) or "*", result.tree.root) or []
            if any(not _within(page, result, element, span) for element in reached):
                yield diagnose("MW534", sheet.source, sheet.at(line), block=part.key, selector=text)


def _selectors(entries: tuple[Entry, ...]) -> Iterator[tuple[str, int]]:
    for entry in entries:
        if isinstance(entry, Rule):
            yield from ((text, entry.line) for text in entry.selectors if not selector(text).client_hook)
        elif isinstance(entry, AtRule) and entry.entries is not None:
            yield from _selectors(entry.entries)


def _within(page: Page, result: InlinedPage, element: etree._Element, span: Span) -> bool:
    number = next((n for n, e in result.tree.elements.items() if e is element), None)
    return number is not None and span.start <= page.tokens[number].span.start < span.stop
