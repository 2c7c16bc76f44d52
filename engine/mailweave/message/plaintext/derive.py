"""From inlined HTML that holds Liquid to a text template that holds the same Liquid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement
from lxml import etree

from mailweave.diagnostics import Diagnostic
from mailweave.markup.branches import Decision
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.shield import Shield
from mailweave.markup.tokens import LiquidToken, StartTag
from mailweave.markup.tree import Page, Tree, every_attribute, lost, page, parse, refused
from mailweave.message.plaintext.liquid import inert, shown, untrimmed, writes
from mailweave.message.plaintext.scribe import Scribe
from mailweave.message.plaintext.sight import decision_of
from mailweave.message.wrapping import wrapped
from mailweave.source import Source


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A plain-text part as a Liquid template; to be compiled without escaping for HTML."""

    source: str
    diagnostics: tuple[Diagnostic, ...]


def text_template(inlined: str, *, fragment: bool) -> TextTemplate:
    """Derives the plain text of an HTML template, once, as a template.

    `inlined` is HTML with its CSS inlined and its Liquid kept; with `fragment`, it is a block that will stand
    in a layout. Tags like `{% slot "x" %}` stay, on lines of their own. Rendering the result and passing it
    to `wrap` gives the plain text of the rendered HTML. Raises nothing: see `.diagnostics`.

    >>> print(text_template('<p>Hi <b>{{ name }}</b></p><a href="{{ url }}">Shop</a>', fragment=True).source)
    Hi {{ name }}
    <BLANKLINE>
    Shop <{{ url }}>
    """
    source = Source("<html>", untrimmed(inlined))
    bad = refused(source)
    if bad:
        return TextTemplate("", bad)
    one = page(source)
    found = lost(one, parse(one))
    body = _restored(one.shield, _derived(one))
    text = _before(one) + body
    return TextTemplate(text.strip("\n") if fragment else text.strip("\n") + "\n", found)


def _before(one: Page) -> str:
    """The text of what stands before the document: assignments and captures."""
    tokens = one.tokens[: one.prelude]
    if any(isinstance(token, StartTag) for token in tokens):
        return text_template(one.source.text[: tokens[-1].span.stop], fragment=True).source
    return "".join(t.piece.text for t in tokens if isinstance(t, LiquidToken) and not writes(t.piece))


def _derived(one: Page) -> str:
    """The text of the document, its Liquid still hidden."""
    marked = _Marked(f"{one.shield.nonce}ways")
    tree = parse(one, marked, aside=False, carried=True)
    _without_implied(tree)
    root = tree.root  # Liquid that the fragment begins or ends with stands beside it
    beside = [*reversed(list(root.itersiblings(preceding=True))), root, *root.itersiblings()]
    markup = "".join(etree.tostring(node, encoding="unicode") for node in beside)
    soup = BeautifulSoup(markup, "html.parser")
    scribe = Scribe(one.shield, soup, marked.name, marked.decisions)
    for entering, node in _events(soup):
        if entering:
            scribe.enter(node)
        else:
            scribe.leave(node)
    lines = scribe.text.split("\n")
    return "\n".join(line if one.shield.hides(line) or "\t" in line else wrapped(line) for line in lines)


def _without_implied(tree: Tree) -> None:
    """Paragraphs that the parser puts around bare text are none: a loop over words would have one around each turn."""
    written = set(tree.elements.values())
    for paragraph in tree.root.iter("p"):
        if paragraph not in written:
            paragraph.tag = "span"


def _events(soup: BeautifulSoup) -> Iterator[tuple[bool, PageElement]]:
    """Each node when it begins and each element when it ends, without recursion."""
    waiting: list[tuple[bool, PageElement]] = [(True, soup)]
    while waiting:
        entering, node = waiting.pop()
        yield entering, node
        if entering and isinstance(node, Tag):
            waiting.append((False, node))
            waiting += [(True, child) for child in reversed(node.contents)]


class _Marked:
    """Gives start tags their attributes; where conditions decide over what can hide one, its number, too, as `name`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.decisions: dict[str, Decision] = {}

    def __call__(self, at: int, tag: StartTag) -> dict[str, str]:
        attributes, decision = _with_links(at, tag), decision_of(tag)
        if decision is None:
            return attributes
        self.decisions[str(at)] = decision
        return {**attributes, self.name: str(at)}


def _with_links(at: int, tag: StartTag) -> dict[str, str]:
    """The attributes of a tag; a link under conditions has all its addresses, conditions kept."""
    attributes = every_attribute(at, tag)
    if "href" not in attributes or not any(piece.kind is Kind.TAG for piece in tag.pieces):
        return attributes
    kept = (
        part.text if isinstance(part, Piece) else part.value or ""
        for part in tag.parts
        if (part.kind is Kind.TAG if isinstance(part, Piece) else part.name == "href")
    )
    return {**attributes, "href": "".join(kept)}


def _restored(shield: Shield, text: str) -> str:
    """The text with its Liquid put back, as text needs it: in alternative texts and addresses too."""
    whole = shield.restore(text, inert)
    out, at = [], 0
    for piece in pieces(whole):
        out += [whole[at : piece.span.start], shown(piece)] if piece.kind is Kind.OUTPUT else []
        at = piece.span.stop if piece.kind is Kind.OUTPUT else at
    return "".join([*out, whole[at:]])
