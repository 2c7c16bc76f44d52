"""The elements of a page as a rule looks at them: their attributes in every way through the conditions, their words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mailweave.markup.branches import Unresolvable, decide, items, leaves
from mailweave.markup.cascade.document import Element
from mailweave.markup.pieces import Kind, pieces
from mailweave.markup.tagbranches import conditional_parts, leaf_attributes
from mailweave.markup.tokens import VOID, Comment, EndTag, LiquidToken, StartTag, Text, tokenize
from mailweave.markup.tree import Page, every_attribute
from mailweave.source import Span

BLANK: Final = re.compile("[\\s\u00a0\u00ad\u034f\u200b-\u200f\u2007\u2060\ufeff]+")
"""Blanks, and what is put into preheaders to fill them: it is not read."""

Way = Mapping[str, str]
"""Attributes as written, in one way through the conditions of a start tag."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag of a page that is an element, or stands in a conditional comment for Outlook.

    ways: None where there are too many to be taken apart.
    """

    name: str
    span: Span
    token: StartTag
    ways: tuple[Way, ...] | None
    element: Element | None

    def writes(self, name: str) -> bool:
        """Whether an attribute of that name stands in it, under whatever condition."""
        return any(one.name == name for one in self.token.attributes)

    def may_lack(self, name: str) -> bool:
        """Whether some recipient may get it without this attribute, or with an empty one."""
        return self.ways is not None and any(name not in way for way in self.ways)

    def spans(self, name: str) -> Iterator[tuple[Span, Span]]:
        """Where its attributes of a name stand in the page, and where their values do."""
        by = self.span.start - self.token.span.start
        for one in self.token.attributes:
            if one.name == name:
                yield one.span.shifted(by), one.value_span.shifted(by)

    def values(self, name: str) -> Iterator[str]:
        """What an attribute is in each way that has it, Liquid and all, without entities."""
        for way in self.ways or ():
            if name in way:
                yield html.unescape(way[name])

    def plain(self, name: str) -> Iterator[str]:
        """Those of its values that hold no Liquid: they are what everybody gets."""
        return (value for value in self.values(name) if not holds_liquid(value))


def holds_liquid(text: str) -> bool:
    """Whether a text holds Liquid.

    >>> holds_liquid("Hi {{ name }}"), holds_liquid("Hi {Ada}")
    (True, False)
    """
    return "{" in text and next(iter(pieces(text)), None) is not None


def tags(page: Page, numbered: Mapping[int, Element]) -> Iterator[tuple[int, Tag]]:
    """The start tags that a reader's program makes elements of, with their numbers."""
    for number, token in page.start_tags:
        element = numbered.get(number)
        if element is not None:
            yield number, Tag(token.name, token.span, token, _ways(token), element)


def first_of(found: Mapping[int, Tag], *names: str) -> Tag | None:
    """The first element of one name, else of the next."""
    return next((tag for name in names for tag in found.values() if tag.name == name), None)


def outlook_tags(page: Page) -> Iterator[Tag]:
    """The start tags in conditional comments that classic Outlook reads."""
    for token in page.tokens:
        text = page.text(token.span) if isinstance(token, Comment) else ""
        if not text.lower().startswith("<!--[if"):
            continue
        body = text.find("]>") + 2
        for inner in tokenize(text[body:]):
            if isinstance(inner, StartTag):
                start = token.span.start + body + inner.span.start
                span = Span(start, start + inner.span.stop - inner.span.start)
                yield Tag(inner.name, span, inner, _ways(inner), None)


def _ways(tag: StartTag) -> tuple[Way, ...] | None:
    if not any(piece.kind is not Kind.OUTPUT for piece in tag.pieces) and not any(
        "{%" in (one.value or "") for one in tag.attributes
    ):
        return (every_attribute(0, tag),)
    try:
        found = decide(items(conditional_parts(tag, {one.name for one in tag.attributes})))
    except Unresolvable:
        return None
    return tuple(leaf_attributes(leaf) for leaf in leaves(found))


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in an element. words: its written words; `open` where Liquid may write some."""

    words: str
    open: bool
    tags: tuple[Tag, ...]


def content(page: Page, number: int, found: Mapping[int, Tag]) -> Content:
    """What stands between a start tag and its end tag."""
    words: list[str] = []
    inside: list[Tag] = []
    is_open, depth = False, 0
    name = getattr(page.tokens[number], "name", "")
    for at, token in enumerate(page.tokens[number + 1 :], number + 1):
        if isinstance(token, StartTag):
            inside += [found[at]] if at in found else []
            depth += token.name == name and token.name not in VOID and not token.self_closing
        elif isinstance(token, EndTag) and token.name == name:
            if not depth:
                break
            depth -= 1
        elif isinstance(token, Text):
            words.append(html.unescape(page.text(token.span)))
        elif isinstance(token, LiquidToken) and token.piece.kind is Kind.OUTPUT:
            is_open = True
            words.append("\ufffc")
    return Content(" ".join(BLANK.sub(" ", "".join(words)).split()), is_open, tuple(inside))
