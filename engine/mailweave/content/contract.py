"""The block contract, checked where a block is cut out of the layout that it was inlined in.

A block is a balanced fragment that starts and ends in text. Put into its slot, its elements stand where it
put them, so that what is cut out is what went in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mailweave.content.composition import LAYOUT, Composed, Part
from mailweave.content.page import Prepared
from mailweave.content.stylesheets import Sheet
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.cascade.document import Element
from mailweave.markup.cascade.matching import Doubts, Matcher
from mailweave.markup.cascade.selectors import Complex
from mailweave.markup.cascade.stylesheet import StyleRule
from mailweave.markup.pieces import pieces
from mailweave.markup.structure import unbalanced
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
_HOLDING = frozenset({"tablerow", "capture"})  # what they hold does not stand where they stand
_UNSEEN = frozenset({"style", "script", "template"})


def contract(one: Prepared) -> Iterator[Diagnostic]:
    """What blocks and slots of one composed page break."""
    yield from _places(one.run, one.page)
    parents = _parents(one.page)
    for part in one.run.parts:
        if part.key != LAYOUT:
            yield from _block(one.page, one, part, parents)


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
        name = piece.slot
        if name is not None:
            seen.add(piece.span.start)
            around = next((b for b in open_blocks if b in ("for", "tablerow", "capture")), None)
            if around:
                yield diagnose("MW533", page.source, piece.span, slot=name, where=f"inside `{around}`")
    for piece in pieces(page.source.text):
        name = piece.slot
        part = run.part(piece.span.start)
        if name is not None and piece.span.start not in seen and part and part.key == LAYOUT:
            yield diagnose(
                "MW533", page.source, piece.span, slot=name, where="inside a tag, a comment or a style"
            )


def _parents(page: Page) -> Mapping[int, int | None]:
    """The number of the tag around each start tag, as the author wrote it; what a `capture` holds stands in none."""
    found: dict[int, int | None] = {}
    open_tags: list[tuple[int, str]] = []
    for number, token in enumerate(page.tokens):
        if isinstance(token, LiquidToken) and token.piece.name == "capture":
            open_tags.append((number, "endcapture"))
        elif isinstance(token, StartTag):
            around = open_tags[-1] if open_tags else (None, "")
            found[number] = None if around[1] == "endcapture" else around[0]
            if token.name not in VOID and not token.self_closing:
                open_tags.append((number, token.name))
        elif isinstance(token, EndTag) or (isinstance(token, LiquidToken) and token.piece.closes):
            name = token.name if isinstance(token, EndTag) else token.piece.name
            at = next((i for i in range(len(open_tags) - 1, -1, -1) if open_tags[i][1] == name), None)
            if at is not None:
                del open_tags[at:]
    return found


def _block(page: Page, one: Prepared, part: Part, parents: Mapping[int, int | None]) -> Iterator[Diagnostic]:
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
    yield from _moved(page, one, part, inside, parents)
    yield from _tables(page, part, inside)
    yield from _styles(page, one, part, span)


def _moved(
    page: Page,
    one: Prepared,
    part: Part,
    inside: Mapping[int, Token],
    parents: Mapping[int, int | None],
) -> Iterator[Diagnostic]:
    """Elements that the parser puts elsewhere than the author: a `<div>` in a `<p>`, for example."""
    elements = one.document.numbered
    for number in inside:
        above = parents.get(number)
        if number not in elements or above is None or above not in elements:
            continue
        real = next((e for e in elements[number].ancestors() if e.number is not None), None)
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
        if not isinstance(token, Text):
            name = token.name if isinstance(token, StartTag) else "tr"
            wrong = name not in allowed if allowed else name in _TABLE_PARTS
            what = f"`<{name}>`" if wrong and name not in _UNSEEN else ""
        else:
            what = "text" if allowed and page.text(token.span).strip() else ""
        if what:
            yield diagnose("MW532", page.source, token.span, block=part.key, what=what, around=around)
            return


def _top(inside: Mapping[int, Token]) -> Iterator[StartTag | Text | LiquidToken]:
    """The elements and texts of a block that stand in no other element of it, and its `tablerow`, which writes rows."""
    depth = 0
    for token in inside.values():
        name = token.piece.name if isinstance(token, LiquidToken) else ""
        if depth == 0 and (isinstance(token, StartTag | Text) or name == "tablerow"):
            assert isinstance(token, StartTag | Text | LiquidToken)
            yield token
        if (
            isinstance(token, StartTag) and token.name not in VOID and not token.self_closing
        ) or name in _HOLDING:
            depth += 1
        elif isinstance(token, EndTag) or name.removeprefix("end") in _HOLDING:
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


def _styles(page: Page, one: Prepared, part: Part, span: Span) -> Iterator[Diagnostic]:
    """A `<style>` in a block is hoisted, unless it reaches beyond the block."""
    matcher = Matcher(one.document.fold, Doubts(clients=False))
    for sheet in one.sheets[0]:
        if sheet.span is None or not span.start <= sheet.span.start < span.stop:
            continue
        for asked, line in _selectors(sheet):
            reached = (e for e in one.document.elements if e.shown and matcher.perhaps(e, asked))
            if any(not _within(page, element, span) for element in reached):
                yield diagnose("MW534", sheet.source, sheet.at(line), block=part.key, selector=asked.text)


def _selectors(sheet: Sheet) -> Iterator[tuple[Complex, int]]:
    for entry in sheet.entries:
        if isinstance(entry.item, StyleRule):
            yield from (
                (one, entry.item.line)
                for one in entry.item.selectors
                if not (one.hook or "root" in one.pseudos)
            )


def _within(page: Page, element: Element, span: Span) -> bool:
    """Whether an element, or the one around it that was written, stands in a block."""
    number = next((e.number for e in (element, *element.ancestors()) if e.number is not None), None)
    return number is not None and span.start <= page.tokens[number].span.start < span.stop
