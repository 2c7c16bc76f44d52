"""MJML as a tree that still knows where everything was written; Liquid, comments and HTML in it are not looked into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.markup.pieces import Piece
from mailweave.markup.tokens import (
    VOID,
    Attribute,
    Comment,
    Declaration,
    EndTag,
    LiquidToken,
    StartTag,
    tokenize,
)
from mailweave.mjml.vocabulary import COMPONENTS
from mailweave.source import Source, Span

MOST_DEEP: Final = 32
"""How deep elements may stand in each other; those of MJML stand nine deep at most."""


@dataclass(frozen=True, slots=True)
class Hole:
    """What stands between elements and is none: Liquid, a comment, or words."""

    kind: Literal["liquid", "comment", "words"]
    source: Source
    span: Span
    piece: Piece | None = None

    @property
    def text(self) -> str:
        return self.source.text[self.span.start : self.span.stop]


@dataclass(frozen=True, slots=True)
class Element:
    """A component as it was written. span: its start tag; content: the HTML in it, where it holds HTML; stop: its end."""

    name: str
    source: Source
    span: Span
    attributes: tuple[Attribute, ...] = ()
    children: tuple[Node, ...] = ()
    content: Span | None = None
    stop: int = 0

    def get(self, name: str) -> str | None:
        """The value of an attribute as it was written."""
        return next((each.value or "" for each in self.attributes if each.name == name), None)

    def elements(self) -> Iterator[Element]:
        """The components in it, without those deeper."""
        return (child for child in self.children if isinstance(child, Element))

    def all(self) -> Iterator[Element]:
        """The component, and all in it."""
        yield self
        for child in self.elements():
            yield from child.all()

    @property
    def inside(self) -> str:
        """The HTML in it."""
        return "" if self.content is None else self.source.text[self.content.start : self.content.stop]


Node: TypeAlias = Element | Hole


@dataclass(slots=True)
class _Open:
    tag: StartTag
    children: list[Node]


class Parser:
    """Reads one text. `diagnostics`: what keeps it from being a tree."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.diagnostics: list[Diagnostic] = []

    def nodes(self) -> tuple[Node, ...]:
        """What stands in the text, outermost."""
        tokens = tokenize(self._source.text)
        top: list[Node] = []
        stack: list[_Open] = []
        n = 0
        while n < len(tokens):
            token, into = tokens[n], stack[-1].children if stack else top
            match token:
                case StartTag():
                    n = self._opened(token, tokens, n, stack, into)
                case EndTag():
                    self._closed(token, stack, top)
                case LiquidToken():
                    into.append(Hole("liquid", self._source, token.span, token.piece))
                case Comment():
                    into.append(Hole("comment", self._source, token.span))
                case Declaration() if not stack and self._said(token.span).lower().startswith(
                    ("<?xml", "<!doc")
                ):
                    pass  # MJML says nothing with it
                case _:  # words, and what only a browser takes for a comment
                    if self._said(token.span).strip():
                        into.append(Hole("words", self._source, self._words(token.span)))
            n += 1
        for one in stack:
            self._broken(one.tag.span, f"`<{one.tag.name}>` is not closed")
        return tuple(top)

    def _opened(
        self, tag: StartTag, tokens: Sequence[object], n: int, stack: list[_Open], into: list[Node]
    ) -> int:
        """Takes in a start tag; returns the last token that belongs to it."""
        if tag.self_closing or tag.name in VOID:
            into.append(self._element(tag, tag.span.stop))
            return n
        known = COMPONENTS.get(tag.name)
        if known is not None and not known.has_content:
            stack.append(_Open(tag, []))
            if len(stack) > MOST_DEEP:
                self._broken(tag.span, f"`<{tag.name}>` stands more than {MOST_DEEP} deep")
                stack.clear()
                return len(tokens)
            return n
        end = _end_of(tag.name, tokens, n)
        if end is None:
            if known is None:
                hint = did_you_mean(tag.name, COMPONENTS)
                found = diagnose("MW640", self._source, tag.span, name=tag.name, help=hint)
                self.diagnostics.append(found)
            else:
                self._broken(tag.span, f"`<{tag.name}>` is not closed")
            stack.clear()  # what follows is not looked at
            return len(tokens)
        last = tokens[end]
        assert isinstance(last, EndTag)
        content = Span(tag.span.stop, last.span.start)
        into.append(self._element(tag, last.span.stop, content))
        return end

    def _closed(self, tag: EndTag, stack: list[_Open], top: list[Node]) -> None:
        if not stack or stack[-1].tag.name != tag.name:
            if any(one.tag.name == tag.name for one in stack):
                self._broken(stack[-1].tag.span, f"`<{stack[-1].tag.name}>` is not closed")
                while stack[-1].tag.name != tag.name:
                    stack.pop()
            else:
                self._broken(tag.span, f"`</{tag.name}>` closes nothing")
                return
        done = stack.pop()
        made = replace(self._element(done.tag, tag.span.stop), children=tuple(done.children))
        (stack[-1].children if stack else top).append(made)

    def _element(self, tag: StartTag, stop: int, content: Span | None = None) -> Element:
        for piece in tag.pieces:
            where = f"the tag `<{tag.name}>`, outside of its values"
            self.diagnostics.append(diagnose("MW646", self._source, piece.span, where=where))
        return Element(tag.name, self._source, tag.span, tag.attributes, (), content, stop)

    def _words(self, span: Span) -> Span:
        said = self._said(span)
        start = span.start + len(said) - len(said.lstrip())
        return Span(start, span.start + len(said.rstrip()))

    def _said(self, span: Span) -> str:
        return self._source.text[span.start : span.stop]

    def _broken(self, span: Span, what: str) -> None:
        self.diagnostics.append(diagnose("MW642", self._source, span, what=what))


def _end_of(name: str, tokens: Sequence[object], n: int) -> int | None:
    """The end tag of an element that is not looked into: those of its name in it count."""
    depth = 0
    for at in range(n, len(tokens)):
        token = tokens[at]
        if isinstance(token, StartTag) and token.name == name and not token.self_closing:
            depth += 1
        elif isinstance(token, EndTag) and token.name == name:
            depth -= 1
            if depth == 0:
                return at
    return None
