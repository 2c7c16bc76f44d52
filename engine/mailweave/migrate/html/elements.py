"""The elements of a page with the places where they begin and end, as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailweave.markup.tokens import VOID, EndTag, StartTag, Text, Token, tokenize


@dataclass(slots=True)
class Element:
    """An element. first, last: its tags among the tokens; is_whole: whether both were written."""

    name: str
    first: int
    last: int = -1
    is_whole: bool = False
    children: list[Element] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page, its tokens and its elements."""

    text: str
    tokens: tuple[Token, ...]
    root: Element

    def start(self, element: Element) -> int:
        """Where an element begins in the text."""
        return self.tokens[element.first].span.start

    def stop(self, element: Element) -> int:
        """Where it ends."""
        return self.tokens[element.last].span.stop

    def said(self, token: Token) -> str:
        """What a token says."""
        return self.text[token.span.start : token.span.stop]

    def words(self, element: Element) -> str:
        """The words in an element, as they were written."""
        inside = self.tokens[element.first : element.last + 1]
        return " ".join(" ".join(self.said(each) for each in inside if isinstance(each, Text)).split())

    def all(self, element: Element) -> Iterator[Element]:
        """The elements in an element, itself first."""
        yield element
        for child in element.children:
            yield from self.all(child)


def page_of(text: str) -> Page:
    """A page with its elements. Ends that were left out are guessed, and the elements not whole."""
    tokens = tokenize(text)
    root = Element("", 0, len(tokens) - 1)
    open_ones = [root]
    for n, token in enumerate(tokens):
        if isinstance(token, StartTag):
            made = Element(token.name, n, n)
            open_ones[-1].children.append(made)
            if token.name in VOID:
                made.is_whole = True
            elif not token.self_closing:
                open_ones.append(made)
        elif isinstance(token, EndTag):
            _close(token.name, n, open_ones)
    for element in open_ones[1:]:
        element.last = len(tokens) - 1
    return Page(text, tokens, root)


def _close(name: str, n: int, open_ones: list[Element]) -> None:
    depth = next((d for d in range(len(open_ones) - 1, 0, -1) if open_ones[d].name == name), 0)
    if not depth:
        return
    for element in open_ones[depth + 1 :]:
        element.last = n - 1
    open_ones[depth].last, open_ones[depth].is_whole = n, True
    del open_ones[depth:]
