"""What may stand where: what the compiler of MJML would leave out without a word, or could only guess at, is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.markup.pieces import Kind, holds_liquid, pieces
from mailweave.markup.tokens import EndTag, StartTag, tokenize
from mailweave.mjml.attributes import Given
from mailweave.mjml.tree import Element, Hole, Node
from mailweave.mjml.vocabulary import COMPONENTS, REFUSED, is_carried, is_dropped
from mailweave.source import Span

_OPEN: Final = frozenset(
    "mj-body mj-wrapper mj-section mj-group mj-column mj-hero mj-navbar mj-social".split()
)
"""Components between whose parts Liquid may stand."""
_QUIET: Final = frozenset(["#", "comment", "doc", "assign", "liquid"])
"""Tags that show nothing."""


def check(nodes: Sequence[Node], parent: str) -> Iterator[Diagnostic]:
    """Everything that is wrong with what stands in a component, and in those in it."""
    yield from _unbalanced([each for one in nodes for each in _liquid(one)])
    for node in nodes:
        if isinstance(node, Hole):
            yield from _hole(node, parent)
        elif node.name in REFUSED:
            yield diagnose("MW643", node.source, node.span, name=node.name, why=REFUSED[node.name])
        elif node.name not in COMPONENTS:
            hint = did_you_mean(node.name, COMPONENTS)
            yield diagnose("MW640", node.source, node.span, name=node.name, help=hint)
        elif node.name not in COMPONENTS[parent].holds:
            held = ", ".join(sorted(COMPONENTS[parent].holds))
            yield diagnose("MW641", node.source, node.span, name=node.name, parent=parent, held=held)
        else:
            yield from _attributes(node)
            for tag, span in nested(node):
                if isinstance(tag, StartTag):
                    yield diagnose(
                        "MW641",
                        node.source,
                        span,
                        name=tag.name,
                        parent=node.name,
                        held="HTML, which is not compiled",
                    )
            if node.name != "mj-attributes":
                yield from check(node.children, node.name)


def nested(element: Element) -> Iterator[tuple[StartTag | EndTag, Span]]:
    """The tags of components in the HTML of a component, where nobody compiles them, each with its place."""
    if element.content is None or not COMPONENTS[element.name].has_content or element.name == "mj-style":
        return
    for token in tokenize(element.inside):
        if isinstance(token, StartTag | EndTag) and token.name.startswith("mj-"):
            yield token, token.span.shifted(element.content.start)


def _hole(hole: Hole, parent: str) -> Iterator[Diagnostic]:
    if hole.kind == "words":
        yield diagnose("MW647", hole.source, hole.span, parent=parent)
    elif hole.kind == "liquid" and parent not in _OPEN and not _says_nothing(hole):
        where = f"`<{parent}>`, between what stands in it"
        yield diagnose("MW646", hole.source, hole.span, where=where)
    elif hole.kind == "comment" and parent not in _OPEN and holds_liquid(hole.text):
        yield diagnose("MW646", hole.source, hole.span, where=f"a comment in `<{parent}>`")


def _says_nothing(hole: Hole) -> bool:
    """Whether it can be left out: a comment of Liquid."""
    piece = hole.piece
    return piece is not None and (
        piece.name == "#" or (piece.kind is Kind.VERBATIM and piece.name in ("comment", "doc"))
    )


def _liquid(node: Node) -> Iterator[Hole]:
    """The pieces of Liquid that stand between components: beside them, or in a `mj-raw` among them."""
    if isinstance(node, Hole):
        yield node
    elif node.name == "mj-raw" and node.content is not None:
        for piece in pieces(node.inside):
            yield Hole("liquid", node.source, piece.span.shifted(node.content.start), piece)


def _unbalanced(holes: Iterable[Hole]) -> Iterator[Diagnostic]:
    """Tags of blocks that do not end where they begin: between the parts of one component."""
    opened: list[Hole] = []
    for hole in holes:
        piece = hole.piece
        if piece is None:
            continue
        if piece.opens:
            opened.append(hole)
        elif (piece.closes or piece.continues) and not opened:
            yield diagnose("MW654", hole.source, hole.span, tag=piece.name)
        elif piece.closes:
            opened.pop()
    for hole in opened:
        yield diagnose("MW654", hole.source, hole.span, tag=hole.piece.name if hole.piece else "")


def _attributes(element: Element) -> Iterator[Diagnostic]:
    known = COMPONENTS[element.name].attributes
    seen: set[str] = set()
    for each in element.attributes:
        if holds_liquid(each.name):
            yield diagnose("MW646", element.source, each.span, where="the name of an attribute")
        elif each.name in seen:
            yield diagnose(
                "MW644", element.source, each.span, name=each.name, parent=element.name, why="stands twice"
            )
        elif each.name not in known:
            hint = did_you_mean(each.name, known)
            why = "is no attribute of it"
            yield diagnose(
                "MW644", element.source, each.span, name=each.name, parent=element.name, why=why, help=hint
            )
        elif is_dropped(element.name, each.name, each.value or ""):
            yield diagnose("MW648", element.source, each.span, name=each.name, parent=element.name)
        seen.add(each.name)


def check_values(element: Element, given: dict[str, Given]) -> Iterator[Diagnostic]:
    """Values that the compiler has to know, and that Liquid would write only for a recipient."""
    for name, each in given.items():
        if holds_liquid(each.value) and not is_carried(element.name, name):
            yield diagnose("MW645", each.source, each.span, name=name, parent=element.name)


def check_columns(nodes: Sequence[Node], parent: str, widths: Iterable[Element]) -> Iterator[Diagnostic]:
    """Columns beside Liquid that have no width of their own: MJML counts them when the campaign is compiled.

    widths: those of the parts that have one.
    """
    if parent not in ("mj-section", "mj-group") or not any(map(_shows, nodes)):
        return
    wide = list(widths)
    for node in nodes:
        if isinstance(node, Element) and node.name in ("mj-column", "mj-group") and node not in wide:
            yield diagnose("MW650", node.source, node.span, name=node.name, parent=parent)


def _shows(node: Node) -> bool:
    """Whether it decides how many columns there are: Liquid that shows something, or a part of it in `mj-raw`."""
    if isinstance(node, Hole):
        return node.piece is not None and node.piece.name not in _QUIET
    return any(True for _ in _unbalanced(_liquid(node)))
