"""What makes inlining before rendering differ from inlining after it, found without rendering.

Each check asks a question of the page and of the rules that are to be inlined; what has no influence on any
rule is no hazard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.cascade.document import Document, Element
from mailweave.markup.cascade.matching import Doubts, Index, Matcher
from mailweave.markup.cascade.selectors import Complex
from mailweave.markup.implicit_markup import breaks_lines, names_of_tags, unquoted, writers
from mailweave.markup.pieces import Kind, Piece
from mailweave.markup.structure import Structure
from mailweave.markup.tokens import EndTag, StartTag
from mailweave.markup.tree import Page
from mailweave.source import Span

_LONGEST = 60  # characters of Liquid in a message


@dataclass(frozen=True, slots=True)
class Use:
    """A selector whose rule is to be inlined, and where that rule stands (`styles.css:12`)."""

    selector: Complex
    where: str


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the checks look at. escapes: whether literals are escaped where the page is rendered."""

    page: Page
    document: Document
    structure: Structure
    uses: Sequence[Use]
    escapes: bool = False

    def relating(self) -> Iterator[Use]:
        """Rules that look at more than the element itself."""
        return (use for use in self.uses if use.selector.relating)


def hazards(scene: Scene) -> tuple[Diagnostic, ...]:
    """All hazards of a page."""
    return tuple(finding for check in CHECKS for finding in check(scene))


def _neighbours(scene: Scene) -> Iterator[Diagnostic]:
    """Selectors that ask for a place among siblings, where Liquid adds or leaves out siblings."""
    doubts = Doubts(attributes=False, clients=False)
    structural = [use for use in scene.uses if use.selector.structural or use.selector.has]
    for use, met in _unsure(scene, structural, doubts):
        piece = next((element.fluid for element, _ in met if element.fluid), None)
        if piece:
            span = _place(scene.page, piece)
            yield diagnose("MW510", scene.page.source, span, selector=use.selector.text, where=use.where)


def _place(page: Page, piece: Piece) -> Span:
    at = max(page.source.text.find(piece.text), 0)
    return Span(at, at + len(piece.text))


def _unsure(
    scene: Scene, uses: Sequence[Use], doubts: Doubts
) -> Iterator[tuple[Use, list[tuple[Element, str]]]]:
    """The rules that match an element perhaps and not surely, each once, with the doubts that were met."""
    matcher, index, done = Matcher(scene.document.fold, doubts), Index(scene.document.names()), set()
    for use in uses:
        index.add(use.selector)
    for element in scene.document.elements if uses else ():
        for number, selector in index.tried(element) if element.shown else ():
            if number in done:
                continue
            doubts.met.clear()
            if matcher.perhaps(element, selector) and not matcher.surely(element, selector):
                done.add(number)
                yield uses[number], list(doubts.met)


def _split_tags(scene: Scene) -> Iterator[Diagnostic]:
    """Elements that one branch opens and another closes, where rules look beyond the element."""
    relating = next(scene.relating(), None)
    kept_out = _in_templates(scene)
    lost = {n for n, _ in scene.page.start_tags if n not in scene.document.numbered and n not in kept_out}
    for split in scene.structure.splits:
        if relating:
            yield diagnose(
                "MW511", scene.page.source, split.span, tag=split.tag, selector=relating.selector.text
            )
    for number in sorted(lost):
        if scene.structure.enclosing.get(number) and scene.uses:
            tag = scene.page.tokens[number]
            yield diagnose(
                "MW511",
                scene.page.source,
                tag.span,
                tag=f"<{tag.name}>" if isinstance(tag, StartTag) else "",
                selector=scene.uses[0].selector.text,
            )


def _in_templates(scene: Scene) -> set[int]:
    """The tags within a `<template>` that every mail has, of which a browser makes no elements there."""
    found: set[int] = set()
    around: list[tuple[Piece, ...]] = []
    for number, token in enumerate(scene.page.tokens):
        branches = scene.structure.enclosing.get(number, ())
        if isinstance(token, EndTag) and token.name == "template" and around:
            around.pop()
        elif isinstance(token, StartTag):
            if any(branches[: len(outer)] == outer for outer in around):
                found.add(number)
            around += [branches] if token.name == "template" else []
    return found


def _captures(scene: Scene) -> Iterator[Diagnostic]:
    """HTML in `capture` is shown elsewhere: rules that look at its surroundings cannot be applied to it."""
    relating = list(scene.relating())
    held = {
        number: block
        for number, blocks in scene.structure.enclosing.items()
        for block in blocks
        if block.name == "capture"
    }
    elements = [(scene.document.numbered[n], n) for n in held if n in scene.document.numbered]
    matcher = Matcher(scene.document.fold)
    for use in relating if elements else ():
        hit = next((n for element, n in elements if matcher.perhaps(element, use.selector.own())), None)
        if hit is not None:
            span = held[hit].span
            yield diagnose("MW517", scene.page.source, span, selector=use.selector.text, where=use.where)
            return


def _dynamic_names(scene: Scene) -> Iterator[Diagnostic]:
    """Tags and whole attributes that are written by Liquid."""
    for piece in names_of_tags(scene.page) if scene.uses else ():
        yield diagnose("MW518", scene.page.source, piece.span, text=piece.text, tag="")
    for _, tag in scene.page.start_tags if scene.uses else ():
        if unquoted(tag):
            yield diagnose("MW519", scene.page.source, tag.span, text="{% if %}", tag=tag.name)
        for piece in tag.pieces:
            if piece.kind is Kind.OUTPUT:
                code = "MW519" if piece.span.start > tag.name_stop else "MW518"
                yield diagnose(code, scene.page.source, piece.span, text=piece.text, tag=tag.name)


def _dynamic_attributes(scene: Scene) -> Iterator[Diagnostic]:
    """Attributes that selectors look at, and into which Liquid writes, or that only some branches have."""
    asking = [use for use in scene.uses if use.selector.names]
    seen: set[Span] = set()
    for use, met in _unsure(scene, asking, Doubts(places=False, clients=False)):
        for element, name in met:
            tag = scene.page.tokens[element.number] if element.number is not None else None
            if not isinstance(tag, StartTag):
                continue
            written = next((a for a in tag.attributes if a.name == name), None)
            span = written.span if written else tag.span
            resolved = written and name in ("class", "id") and "{{" not in (written.value or "")
            if span not in seen and not resolved:
                seen.add(span)
                code = "MW512" if name in ("class", "id") else "MW514"
                text = use.selector.text
                yield diagnose(code, scene.page.source, span, attribute=name, selector=text, where=use.where)


def _written_markup(scene: Scene) -> Iterator[Diagnostic]:
    """HTML that is not in the template: it comes with the data, from literals, or as cells."""
    for piece in writers(scene.page, escapes=scene.escapes) if scene.uses else ():
        yield diagnose("MW521", scene.page.source, piece.span, text=_short(piece.text))
    if any(_names(use.selector, "br") for use in scene.uses):
        for piece in breaks_lines(scene.page):
            yield diagnose("MW521", scene.page.source, piece.span, text=_short(piece.text))


def _names(one: Complex, tag: str) -> bool:
    return any(c.type == tag for asked in (one, *one.inner) for c in asked.compounds)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _partials(scene: Scene) -> Iterator[Diagnostic]:
    for piece in scene.structure.partials if scene.uses else ():
        yield diagnose("MW522", scene.page.source, piece.span, text=piece.text)


CHECKS: tuple[Callable[[Scene], Iterator[Diagnostic]], ...] = (
    _neighbours,
    _split_tags,
    _captures,
    _dynamic_names,
    _dynamic_attributes,
    _written_markup,
    _partials,
)
