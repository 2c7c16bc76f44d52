"""What makes inlining before rendering differ from inlining after it, found without rendering.

Each check asks a question of the page and of the rules that are to be inlined; what has no influence on any
rule is no hazard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.selectors import Selector, matching
from mailweave.markup.structure import Structure
from mailweave.markup.tokens import Attribute, StartTag
from mailweave.markup.tree import Page, Tree
from mailweave.markup.unseen import breaks_lines, names_of_tags, unquoted, writers

_NAMED = frozenset({"class", "id", "style"})
_LONGEST = 60  # characters of Liquid in a message
_STRUCTURAL_PSEUDO = re.compile(r":(?:first|last)-child")
_BRACKETS = re.compile(r"\[[^\]]*\]")
_LAST_COMPOUND = re.compile(r"(?:[^\s>+~\[]|\[[^\]]*\])*$")


@dataclass(frozen=True, slots=True)
class Use:
    """A selector whose rule is to be inlined, and where that rule stands (`styles.css:12`)."""

    selector: Selector
    where: str


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the checks look at."""

    page: Page
    tree: Tree
    structure: Structure
    uses: Sequence[Use]

    def relating(self) -> Iterator[Use]:
        """Rules that look at more than the element itself."""
        return (use for use in self.uses if len(use.selector.compounds) > 1 or use.selector.structural)


def hazards(scene: Scene) -> tuple[Diagnostic, ...]:
    """All hazards of a page."""
    return tuple(finding for check in CHECKS for finding in check(scene))


def _neighbours(scene: Scene) -> Iterator[Diagnostic]:
    """Selectors that ask for a place among siblings, where Liquid adds or leaves out siblings."""
    for use in scene.uses:
        if not use.selector.structural:
            continue
        for element in _maybe(scene.tree.root, use.selector):
            tag = _control_among(scene, element, _levels(use.selector))
            if tag:
                yield diagnose(
                    "MW510", scene.page.source, tag.span, selector=use.selector.text, where=use.where
                )
                break


def _levels(one: Selector) -> bool:
    """Whether a place is asked of ancestors too, not of the element alone."""
    return len(one.compounds) > 1 and any(combinator in (" ", ">") for combinator in one.combinators)


def _maybe(root: etree._Element, one: Selector) -> list[etree._Element]:
    """The elements that match when places among neighbours are left out of account."""
    if any(combinator in "+~" for combinator in one.combinators):
        return _by_key(root, one)
    return _matching(root, one.text)


def _by_key(root: etree._Element, one: Selector) -> list[etree._Element]:
    """The elements that match when all that is around them is left out of account."""
    match = _LAST_COMPOUND.search(one.text.strip())
    return _matching(root, match.group() if match else "")


def _matching(root: etree._Element, text: str) -> list[etree._Element]:
    found = matching(_STRUCTURAL_PSEUDO.sub("", text) or "*", root)
    return list(root.iter(etree.Element)) if found is None else found


def _control_among(scene: Scene, element: etree._Element, ancestors: bool) -> Piece | None:
    """A tag of Liquid that stands among the siblings of an element (or of its ancestors)."""
    while True:
        parent = element.getparent()
        if parent is None:
            return None
        for comment in parent.iterchildren(etree.Comment):
            piece = hidden_piece(scene.page, comment)
            if piece and (piece.opens or piece.closes or piece.name == "slot"):
                return piece
        if not ancestors:
            return None
        element = parent


def hidden_piece(page: Page, comment: etree._Element) -> Piece | None:
    """The piece of Liquid that a comment of the tree stands for, with its place in the page."""
    names = page.shield.names(comment.text or "")
    if not names:
        return None
    text = page.shield.restore(names[0])
    at = page.source.text.find(text)
    found = pieces(text)
    return Piece(found[0].kind, found[0].name, text, found[0].span.shifted(max(at, 0))) if found else None


def _split_tags(scene: Scene) -> Iterator[Diagnostic]:
    """Elements that one branch opens and another closes, where rules look beyond the element."""
    relating = next(scene.relating(), None)
    lost = {n for n, tag in scene.page.start_tags if n not in scene.tree.elements}
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


def _captures(scene: Scene) -> Iterator[Diagnostic]:
    """HTML in `capture` is shown elsewhere: rules that look at its surroundings cannot be applied to it."""
    relating = list(scene.relating())
    held = {
        number: block
        for number, blocks in scene.structure.enclosing.items()
        for block in blocks
        if block.name == "capture"
    }
    elements = {scene.tree.elements[n]: n for n in held if n in scene.tree.elements}
    for use in relating if elements else ():
        hit = next((e for e in _by_key(scene.tree.root, use.selector) if e in elements), None)
        if hit is not None:
            span = held[elements[hit]].span
            yield diagnose("MW517", scene.page.source, span, selector=use.selector.text, where=use.where)
            return


def _dynamic_names(scene: Scene) -> Iterator[Diagnostic]:
    """Tags and whole attributes that are written by Liquid."""
    for piece in names_of_tags(scene.page) if scene.uses else ():
        yield diagnose("MW518", scene.page.source, piece.span, text=piece.text, tag="")
    for number, tag in scene.page.start_tags if scene.uses else ():
        if unquoted(tag):
            yield diagnose("MW519", scene.page.source, tag.span, text="{% if %}", tag=tag.name)
        for piece in tag.pieces:
            if piece.kind is Kind.OUTPUT:
                code = "MW519" if piece.span.start > tag.name_stop else "MW518"
                yield diagnose(code, scene.page.source, piece.span, text=piece.text, tag=tag.name)
        if number in scene.tree.elements:
            yield from _dynamic_attributes(scene, tag, scene.tree.elements[number])


def _dynamic_attributes(scene: Scene, tag: StartTag, element: etree._Element) -> Iterator[Diagnostic]:
    """Attributes that selectors look at, and into which Liquid writes."""
    conditional = any(piece.kind is Kind.TAG for piece in tag.pieces)
    for attribute in tag.attributes:
        value = attribute.value or ""
        if attribute.name not in _NAMED and (conditional or "{%" in value):
            yield from _asked_from_afar(scene, attribute)
        if "{{" not in value and "{{" not in attribute.name and "{%" not in value:
            continue
        use = _could_write(scene.uses, attribute.name, value, element)
        if use:
            yield _by_liquid(scene, attribute, use)


def _asked_from_afar(scene: Scene, attribute: Attribute) -> Iterator[Diagnostic]:
    """Conditions on an attribute are resolved for its own element; rules may ask for it on another."""
    asking = (use for use in scene.uses if len(use.selector.compounds) > 1)
    use = next((use for use in asking if attribute.name in use.selector.attributes), None)
    if use:
        yield _by_liquid(scene, attribute, use)


def _by_liquid(scene: Scene, attribute: Attribute, use: Use) -> Diagnostic:
    return diagnose(
        "MW512" if attribute.name in ("class", "id") else "MW514",
        scene.page.source,
        attribute.span,
        attribute=attribute.name,
        selector=use.selector.text,
        where=use.where,
    )


def _could_write(uses: Iterable[Use], name: str, value: str, element: etree._Element) -> Use | None:
    """The first rule that what Liquid writes into an attribute can switch on or off."""
    if name == "class":
        patterns = [re.compile(p) for p in _words(value)]
        hit = _named(uses, lambda s: s.classes, patterns)
        return hit or _attribute_use(uses, "class", element, value)
    if name == "id":
        return _named(uses, lambda s: s.ids, [re.compile(p) for p in _words(value)]) or _attribute_use(
            uses, "id", element, value
        )
    return _attribute_use(uses, name, element, value)


def _named(
    uses: Iterable[Use], names: Callable[[Selector], frozenset[str]], patterns: Sequence[re.Pattern[str]]
) -> Use | None:
    return next(
        (u for u in uses if any(p.fullmatch(name) for name in names(u.selector) for p in patterns)), None
    )


def _words(value: str) -> list[str]:
    """The words of a class into which an output writes, as patterns. Words of branches are known words."""
    marked = without_liquid_tags(value)
    return [
        "".join("[\\w-]*" if char == "\0" else re.escape(char) for char in word)
        for word in marked.split()
        if "\0" in word
    ]


def without_liquid_tags(value: str) -> str:
    """`value` with each output replaced by NUL, and each tag by nothing."""
    out, at = [], 0
    for piece in pieces(value):
        out += [value[at : piece.span.start], "\0" if piece.kind is Kind.OUTPUT else ""]
        at = piece.span.stop
    return "".join([*out, value[at:]])


def _attribute_use(uses: Iterable[Use], name: str, element: etree._Element, value: str) -> Use | None:
    """A rule with `[name...]` that could match the element, whatever the attribute holds."""
    for use in uses:
        if name not in use.selector.attributes or "{{" not in value:
            continue
        if len(use.selector.compounds) > 1:
            return use
        found = matching(_BRACKETS.sub("", use.selector.text) or "*", element.getroottree().getroot())
        if found is None or element in found:
            return use
    return None


def _written_markup(scene: Scene) -> Iterator[Diagnostic]:
    """HTML that is not in the template: it comes with the data, from literals, or as cells."""
    for piece in writers(scene.page) if scene.uses else ():
        yield diagnose("MW521", scene.page.source, piece.span, text=_short(piece.text))
    if any("br" in use.selector.element_names for use in scene.uses):
        for piece in breaks_lines(scene.page):
            yield diagnose("MW521", scene.page.source, piece.span, text=_short(piece.text))


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
    _written_markup,
    _partials,
)
