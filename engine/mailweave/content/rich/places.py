"""Where the templates of a block show its rich inputs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mailweave.content.rich.writing import Carrier
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.tokens import VOID, EndTag, LiquidToken, StartTag, Text, Token, tokenize
from mailweave.source import Span

_PATH = re.compile(r"[A-Za-z_]\w*\.[A-Za-z_]\w*|[A-Za-z_]\w*")
_ASSIGN = re.compile(r"assign\s+(\w+)\s*=\s*block\.(\w+)\s*\|(?=.*\bsplit\b)", re.DOTALL)
_FOR = re.compile(r"for\s+(\w+)\s+in\s+(?:block\.)?(\w+)\b(?!\s*\.)")
_HOLDS = frozenset({"p", "span", "div", "td"})
_TAKEN_OVER = ("dir", "lang", "align")


@dataclass(frozen=True, slots=True)
class Place:
    """One output of a rich input: the input, the field of its records, and what is replaced by its markup.

    `record` names the record, in a loop over a list. `carrier` is the element that holds the output alone, if there is
    one. `in_link`: whether the words can be clicked on already.
    """

    input: str
    field: str
    record: str
    span: Span
    carrier: Carrier | None
    in_link: bool


@dataclass(slots=True)
class _Loop:
    """A loop: over the records of a list, over the paragraphs of an input, or over something else."""

    variable: str
    start: int  # of its tag, as the number of its token
    list: str = ""
    input: str = ""


def places(
    text: str, inputs: Collection[str], fields: Mapping[str, Collection[str]], *, html: bool
) -> list[Place]:
    """Every place of a template that shows a rich input: of `inputs`, or of the `fields` of the records of lists.

    >>> [place.carrier.name for place in places("<p>{{ block.text }}</p>", {"text"}, {}, html=True)]
    ['p']
    """
    return list(_Search(text, inputs, fields, html).found())


class _Search:
    def __init__(
        self, text: str, inputs: Collection[str], fields: Mapping[str, Collection[str]], html: bool
    ) -> None:
        self._text, self._inputs, self._fields, self._html = text, inputs, fields, html
        self._tokens = tokenize(text) if html else tuple(LiquidToken(piece) for piece in pieces(text))
        self._loops: list[_Loop] = []
        self._paragraphs: dict[str, str] = {}
        self._links = 0

    def found(self) -> Iterator[Place]:
        for at, token in enumerate(self._tokens):
            if isinstance(token, LiquidToken):
                if token.piece.kind is Kind.TAG:
                    self._tag(token.piece, at)
                elif token.piece.kind is Kind.OUTPUT and _PATH.fullmatch(token.piece.inside):
                    yield from self._output(token.piece, at)
            elif isinstance(token, StartTag | EndTag) and token.name in ("a", "button"):
                self._links += 1 if isinstance(token, StartTag) else -1

    def _tag(self, piece: Piece, at: int) -> None:
        assigned = _ASSIGN.match(piece.inside)
        if assigned is not None and assigned[2] in self._inputs:
            self._paragraphs[assigned[1]] = assigned[2]
        elif piece.name in ("for", "tablerow"):
            loop = _FOR.match(piece.inside)
            self._loops.append(_Loop("", at) if loop is None else self._loop(loop, piece, at))
        elif piece.name in ("endfor", "endtablerow") and self._loops:
            self._loops.pop()

    def _loop(self, loop: re.Match[str], piece: Piece, at: int) -> _Loop:
        variable, name = loop[1], loop[2]
        if re.search(r"\bin\s+block\.", piece.inside):
            return _Loop(variable, at, list=name if name in self._fields else "")
        return _Loop(variable, at, input=self._paragraphs.get(name, ""))

    def _output(self, piece: Piece, at: int) -> Iterator[Place]:
        first, _, field = piece.inside.partition(".")
        loop = next((loop for loop in reversed(self._loops) if loop.variable == first), None)
        if loop is None:
            if first == "block" and field in self._inputs:
                yield self._place(field, "", "", at)
        elif loop.list and field in self._fields[loop.list]:
            yield self._place(loop.list, field, first, at)
        elif loop.input and not field:
            place = self._by_paragraph(loop, at)
            if place is not None:
                yield place

    def _place(self, name: str, field: str, record: str, at: int) -> Place:
        carrier, first, last = self._carrier(at)
        span = self._tokens[first].span.to(self._tokens[last].span)
        return Place(name, field, record, span, carrier, self._links > 0)

    def _by_paragraph(self, loop: _Loop, at: int) -> Place | None:
        """A loop over the paragraphs of an input that holds nothing but one element of each: replaced as a whole."""
        carrier, first, last = self._carrier(at)
        before, behind = self._next(first, -1), self._next(last, 1)
        if before != loop.start or behind is None or (self._html and carrier is None):
            return None
        closing = self._tokens[behind]
        if not isinstance(closing, LiquidToken) or closing.piece.name != "endfor":
            return None
        span = self._tokens[loop.start].span.to(closing.span)
        return Place(loop.input, "", "", span, carrier, self._links > 0)

    def _carrier(self, at: int) -> tuple[Carrier | None, int, int]:
        """The element that holds a token alone, and the numbers of the tokens that its markup replaces."""
        before, behind = self._next(at, -1), self._next(at, 1)
        if before is None or behind is None:
            return None, at, at
        start, end = self._tokens[before], self._tokens[behind]
        if not isinstance(start, StartTag) or not isinstance(end, EndTag) or start.name != end.name:
            return None, at, at
        if start.name not in _HOLDS or start.name in VOID:
            return None, at, at
        carrier = _carrier(start, self._text)
        return carrier, *((before, behind) if carrier.repeats else (at, at))

    def _next(self, at: int, step: int) -> int | None:
        """The nearest token that is no blank."""
        at += step
        while 0 <= at < len(self._tokens) and self._is_blank(self._tokens[at]):
            at += step
        return at if 0 <= at < len(self._tokens) else None

    def _is_blank(self, token: Token) -> bool:
        return isinstance(token, Text) and not self._text[token.span.start : token.span.stop].strip()


def _carrier(start: StartTag, text: str) -> Carrier:
    named = {attribute.name: attribute for attribute in start.attributes}
    kept = [named[name] for name in _TAKEN_OVER if name in named]
    others = "".join(f" {text[one.span.start : one.span.stop]}" for one in kept)
    classes = named["class"].value if "class" in named else None
    written = text[start.span.start : start.span.stop]
    return Carrier(start.name, written, classes or "", others)
