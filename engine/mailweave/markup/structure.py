"""How the branches of Liquid and the elements of HTML stand to each other.

A branch that holds whole elements can be inlined where it stands. One that opens an element and leaves it to
another branch to close it makes the tree depend on data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailweave.markup.pieces import PARTIALS, Piece
from mailweave.markup.tokens import VOID, Comment, Declaration, EndTag, LiquidToken, StartTag, Token
from mailweave.source import Span


@dataclass(frozen=True, slots=True)
class SplitTag:
    """A tag that one branch opens or closes for another."""

    span: Span
    tag: str


@dataclass(frozen=True, slots=True)
class Structure:
    """`enclosing`: the open blocks of Liquid around each start tag, by its number, outermost first."""

    enclosing: Mapping[int, tuple[Piece, ...]]
    splits: tuple[SplitTag, ...]
    partials: tuple[Piece, ...]
    unclosed: tuple[Piece, ...]


@dataclass(slots=True)
class _Element:
    name: str
    span: Span
    depth: int  # how many blocks of Liquid were open at its start tag


@dataclass(slots=True)
class _Walk:
    elements: list[_Element] = field(default_factory=list)
    blocks: list[Piece] = field(default_factory=list)
    enclosing: dict[int, tuple[Piece, ...]] = field(default_factory=dict)
    splits: list[SplitTag] = field(default_factory=list)
    partials: list[Piece] = field(default_factory=list)

    def take(self, number: int, token: Token) -> None:
        if isinstance(token, StartTag):
            self.start(number, token)
        elif isinstance(token, LiquidToken):
            self.liquid(token.piece)
        elif isinstance(token, EndTag | Comment | Declaration):
            for piece in token.pieces:
                self.liquid(piece)
            if isinstance(token, EndTag):
                self.end(token)

    def start(self, number: int, tag: StartTag) -> None:
        self.enclosing[number] = tuple(self.blocks)
        if tag.name not in VOID and not tag.self_closing:
            self.elements.append(_Element(tag.name, tag.span, len(self.blocks)))

    def end(self, tag: EndTag) -> None:
        depth = len(self.blocks)
        for at in range(len(self.elements) - 1, -1, -1):
            if self.elements[at].name == tag.name:
                crossed = [e for e in self.elements[at:] if e.depth != depth]
                self.splits += [SplitTag(tag.span, f"</{tag.name}>")] if crossed else []
                del self.elements[at:]
                return
        if depth:
            self.splits.append(SplitTag(tag.span, f"</{tag.name}>"))

    def liquid(self, piece: Piece) -> None:
        if piece.opens:
            self.blocks.append(piece)
        elif piece.continues:
            self._end_branch()
        elif piece.closes:
            self._end_branch()
            if self.blocks:
                self.blocks.pop()
        elif piece.name in PARTIALS:
            self.partials.append(piece)

    def _end_branch(self) -> None:
        """Elements that a branch leaves open."""
        depth = len(self.blocks)
        left = [e for e in self.elements if depth and e.depth >= depth]
        self.splits += [SplitTag(e.span, f"<{e.name}>") for e in left]
        self.elements = [e for e in self.elements if e not in left]


def structure(tokens: tuple[Token, ...]) -> Structure:
    """Walks the tokens of a page once."""
    walk = _Walk()
    for number, token in enumerate(tokens):
        walk.take(number, token)
    return Structure(walk.enclosing, tuple(walk.splits), tuple(walk.partials), tuple(walk.blocks))


def unbalanced(tokens: tuple[Token, ...]) -> tuple[SplitTag, ...]:
    """Tags of a fragment that it does not close, or closes without having opened them."""
    walk, found = _Walk(), []
    for number, token in enumerate(tokens):
        if isinstance(token, EndTag) and token.name not in VOID:
            opened = any(element.name == token.name for element in walk.elements)
            found += [] if opened else [SplitTag(token.span, f"</{token.name}>")]
        walk.take(number, token)
    found += [SplitTag(e.span, f"<{e.name}>") for e in walk.elements]
    return (*found, *walk.splits)
