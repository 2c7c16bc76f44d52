"""The one place where HTML is parsed.

A page is tokenized by us and parsed by libxml2; each element of the tree carries the number of the start tag
that it came from. So the tree answers questions (which rules match?), while every edit is made in the
author's own text, and what the parser does to a document cannot reach the mail.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import Piece, live
from mailweave.markup.shield import Shield
from mailweave.markup.tokens import (
    VOID,
    Comment,
    Declaration,
    EndTag,
    LiquidToken,
    RawText,
    StartTag,
    Text,
    Token,
    tokenize,
)
from mailweave.source import Source, Span

DEEPEST = 250
_SURROGATE = re.compile("[\ud800-\udfff]")
_ONCE = frozenset({"html", "head", "body"})  # a second one is merged into the first, as browsers do
_CELLS = {"tablerow": ("", "<tr><td>"), "endtablerow": ("</td></tr>", "")}
_UNPARSED = frozenset({"script", "style", "noscript", "xmp"})

Attributes = Mapping[str, str]
Choice = Callable[[int, StartTag], Attributes]


@dataclass(frozen=True, slots=True)
class Page:
    """A text of HTML and Liquid, cut into tokens. A start tag's number is its place in `tokens`."""

    source: Source
    tokens: tuple[Token, ...]
    shield: Shield
    prelude: int  # how many tokens stand before the document proper
    start_tags: tuple[tuple[int, StartTag], ...]

    @property
    def styles(self) -> Iterator[tuple[int, StartTag, Span]]:
        """The `<style>` elements: number, start tag, and the span of the CSS."""
        for at, tag in self.start_tags:
            if tag.name == "style":
                body = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
                empty = Span(tag.span.stop, tag.span.stop)
                yield at, tag, body.span if isinstance(body, RawText) else empty

    def text(self, span: Span) -> str:
        return self.source.text[span.start : span.stop]


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed page: its root, and its elements by the number of their start tag."""

    root: etree._Element
    elements: Mapping[int, etree._Element]


def page(source: Source, *also: str, shield: Shield | None = None) -> Page:
    """Cuts a text into tokens; names for its Liquid occur neither in it nor in the texts `also`.

    A `shield` made for this text among others hides the same Liquid behind the same names in all of them.
    """
    tokens = tokenize(source.text)
    tags = tuple((at, token) for at, token in enumerate(tokens) if isinstance(token, StartTag))
    return Page(source, tokens, shield or Shield(source.text, *also), _prelude(source.text, tokens), tags)


def refused(source: Source) -> tuple[Diagnostic, ...]:
    """Why a text cannot be parsed without losing what follows: surrogates, NUL, depth."""
    found: list[Diagnostic] = []
    bad = _SURROGATE.search(source.text)
    if bad:
        found.append(
            diagnose("MW501", source, Span(bad.start(), bad.end()), character=f"U+{ord(bad.group()):04X}")
        )
    nul = source.text.find("\0")
    if nul >= 0:
        found.append(diagnose("MW501", source, Span(nul, nul + 1), character="U+0000"))
    deep = None if found else _too_deep(tokenize(source.text))
    return (*found, diagnose("MW502", source, deep, most=DEEPEST)) if deep else tuple(found)


def _too_deep(tokens: tuple[Token, ...]) -> Span | None:
    """The start tag at which nesting passes what the parser holds."""
    depth = 0
    for token in tokens:
        if isinstance(token, StartTag) and token.name not in VOID and not token.self_closing:
            depth += 1
            if depth > DEEPEST:
                return token.span
        elif isinstance(token, EndTag):
            depth = max(0, depth - 1)
    return None


def _prelude(text: str, tokens: tuple[Token, ...]) -> int:
    """How many tokens stand before `<html>`, or else up to the doctype: Liquid of no element."""
    doctype = 0
    for at, token in enumerate(tokens):
        if isinstance(token, StartTag) and token.name == "html":
            return at
        if text[token.span.start : token.span.start + 9].lower() == "<!doctype":
            doctype = doctype or at + 1
    return doctype


def every_attribute(_number: int, tag: StartTag) -> dict[str, str]:
    """The attributes of a start tag, those under a condition included; the first of a name counts."""
    found: dict[str, str] = {}
    for attribute in tag.attributes:
        found.setdefault(attribute.name, attribute.value or "")
    return found


def parse(page: Page, choose: Choice = every_attribute, *, aside: bool = True, carried: bool = False) -> Tree:
    """The tree of a page, in which each element has the attributes that `choose` gives its start tag.

    With `aside`, elements that stand before the document (in a `capture`) come last in the tree. With `carried`, what
    is assigned in a start tag, a style or a title stands before it, too.
    """
    text = shielded(page, choose, aside, carried)
    root = etree.fromstring(text, etree.HTMLParser(huge_tree=True, remove_pis=True))
    found: dict[int, etree._Element] = {}
    for element in root.iter(etree.Element):
        number = element.get(page.shield.nonce)
        if number is not None:
            del element.attrib[page.shield.nonce]
            found[int(number)] = element
    return Tree(root, found)


def shielded(
    page: Page, choose: Choice, aside: bool = True, carried: bool = False, cells: bool = False
) -> str:
    """The page as the parser gets it: Liquid as comments and names, start tags numbered.

    With `cells`, `tablerow` opens and closes the row and the cell that it writes.
    """
    main = [
        (_carried(page, at, token) if carried else "") + _shown(page, at, token, choose, cells)
        for at, token in enumerate(page.tokens)
        if at >= page.prelude
    ]
    main.insert(_body_at(page), "<body>")
    before = page.tokens[: page.prelude]
    if aside and any(isinstance(token, StartTag) for token in before):
        main += [_shown(page, at, token, choose, cells) for at, token in enumerate(before)]
    return "<!DOCTYPE html>" + "".join(main)


def _body_at(page: Page) -> int:
    """Where the body begins, counted in tokens: said aloud, so that Liquid before the first element of a
    fragment is not taken for part of the head. A second `<body>` changes nothing."""
    main = page.tokens[page.prelude :]
    places = {"body": 0, "head": 0, "html": 0}
    for at, token in enumerate(main):
        if isinstance(token, StartTag) and token.name in ("body", "html"):
            places[token.name] = places[token.name] or at + 1
        elif isinstance(token, EndTag) and token.name == "head":
            places["head"] = at + 1
    return places["body"] or places["head"] or places["html"]


def _shown(page: Page, at: int, token: Token, choose: Choice, cells: bool = False) -> str:
    text = page.text(token.span)
    match token:
        case Text():
            return text
        case LiquidToken(piece):
            before, behind = _CELLS.get(piece.name, ("", "")) if cells else ("", "")
            return before + _hidden(page, [piece]) + behind
        case Comment(pieces=found) | Declaration(pieces=found):
            return _hidden(page, found)
        case StartTag():
            return _numbered(page, at, token, choose(at, token))
        case EndTag(name, pieces=found):
            closing = "" if name in _ONCE else f"</{name}>"  # what follows `</body>` belongs to the body
            return _hidden(page, found) + closing
        case RawText(element):
            return "" if element in _UNPARSED else page.shield.cover(text)


def _carried(page: Page, at: int, token: Token) -> str:
    """What a start tag and the raw text behind it assign, as comments."""
    if not isinstance(token, StartTag):
        return ""
    behind = page.tokens[at + 1] if at + 1 < len(page.tokens) else None
    spans = [token.span, *([behind.span] if isinstance(behind, RawText) else [])]
    return "".join(_hidden(page, live(page.text(span))) for span in spans)


def _hidden(page: Page, found: Iterable[Piece]) -> str:
    return "".join(f"<!--{page.shield.hide(piece.text)}-->" for piece in found)


def _numbered(page: Page, at: int, tag: StartTag, attributes: Attributes) -> str:
    words = [f'{page.shield.nonce}="{at}"']
    for name, value in attributes.items():
        covered = page.shield.cover(value).replace('"', "&quot;")
        words.append(f'{page.shield.cover(name).lower()}="{covered}"')
    return f"<{tag.name} {' '.join(words)}{'/' if tag.self_closing else ''}>"


def lost(page: Page, tree: Tree) -> tuple[Diagnostic, ...]:
    """What went into the parser and did not come out: elements, words, pieces of Liquid."""
    return (*_lost_elements(page, tree), *_lost_words(page, tree))


def _lost_elements(page: Page, tree: Tree) -> Iterator[Diagnostic]:
    for at, tag in page.start_tags:
        if at not in tree.elements and tag.name not in _ONCE:
            yield diagnose("MW503", page.source, tag.span, what=f"<{tag.name}>")


def _lost_words(page: Page, tree: Tree) -> Iterator[Diagnostic]:
    kept = "".join("".join(_texts(tree.root)).split())
    at = 0
    for token in page.tokens[page.prelude :]:
        if isinstance(token, Text):
            word = "".join(html.unescape(page.text(token.span)).split())
        elif isinstance(token, LiquidToken):
            word = page.shield.hide(token.piece.text)
        else:
            continue
        found = kept.find(word, at)
        if found < 0:
            yield diagnose("MW503", page.source, token.span, what=repr(page.text(token.span).strip()[:40]))
        else:
            at = found + len(word)


def _texts(root: etree._Element) -> Iterator[str]:
    """All texts and comments, those before and behind the root too, in order, without recursion."""
    before = reversed(list(root.itersiblings(preceding=True)))
    yield from (comment.text for comment in before if comment.text)
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event in ("start", "comment") and element.text:
            yield element.text
        if event in ("end", "comment") and element.tail:
            yield element.tail
    yield from (comment.text for comment in root.itersiblings() if comment.text)
