"""From inlined HTML that holds Liquid to a text template that holds the same Liquid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement
from lxml import etree

from mailweave.markup.branches import Decision
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.shield import Shield
from mailweave.markup.tokens import Comment, Declaration, EndTag, StartTag, Token
from mailweave.markup.tree import Page, Tree, every_attribute, lost, page, parse, refused
from mailweave.message.navigation import is_marked
from mailweave.message.plaintext.derived_text import TextTemplate
from mailweave.message.plaintext.dom_walker import DomWalker
from mailweave.message.plaintext.liquid import inert, shown, untrimmed
from mailweave.message.plaintext.lists import FREE
from mailweave.message.plaintext.visibility_conditions import decision_of
from mailweave.message.wrapping import AS_IS, WIDTH, wrapped
from mailweave.source import Source


def text_template(inlined: str, *, fragment: bool) -> TextTemplate:
    """Derives the plain text of an HTML template, once, as a template.

    `inlined` is HTML with its CSS inlined and its Liquid kept; with `fragment`, it is a block that will stand
    in a layout. Tags like `{% slot "x" %}` stay, on lines of their own. Rendering the result and passing it
    to `wrap` gives the plain text of the rendered HTML; until then signs stand around what may be navigation that a
    mail begins with (see `mailweave.message.navigation`). Raises nothing: see `.diagnostics`.

    >>> print(text_template('<p>Hi <b>{{ name }}</b></p><a href="{{ url }}">Shop</a>', fragment=True).source)
    Hi {{ name }}
    <BLANKLINE>
    Shop <{{ url }}>
    """
    source = Source("<html>", untrimmed(inlined))
    bad = refused(source)
    if bad:
        return TextTemplate("", bad)
    one = _as_body(page(source))
    found = lost(one, parse(one))
    text = _restored(one.shield, _derived(one, fragment=fragment))
    return TextTemplate(text.strip("\n") if fragment else text.strip("\n") + "\n", found)


def _as_body(one: Page) -> Page:
    """The page; where words or Liquid stand before its document, all as one body, as a browser shows it."""
    if all(_is_no_content(one, token) for token in one.tokens[: one.prelude]):
        return replace(one, prelude=0)
    return page(Source(one.source.name, "".join(_in_body(one, token) for token in one.tokens)))


def _is_no_content(one: Page, token: Token) -> bool:
    return isinstance(token, Declaration | Comment) or not one.text(token.span).strip()


def _in_body(one: Page, token: Token) -> str:
    text = one.text(token.span)
    if isinstance(token, Declaration) and not token.pieces:
        return ""
    if isinstance(token, StartTag | EndTag) and token.name in ("html", "head", "body"):
        at = len("</" if isinstance(token, EndTag) else "<")
        return text[:at] + "div" + text[at + len(token.name) :]
    return text


def _derived(one: Page, *, fragment: bool) -> str:
    """The text of the document, its Liquid still hidden."""
    marked = _Marked(f"{one.shield.nonce}ways")
    tree = parse(one, marked, aside=False, carried=True)
    _without_implied(tree)
    root = tree.root  # Liquid that the fragment begins or ends with stands beside it
    beside = [*reversed(list(root.itersiblings(preceding=True))), root, *root.itersiblings()]
    markup = "".join(etree.tostring(node, encoding="unicode") for node in beside)
    soup = BeautifulSoup(markup, "html.parser")
    scribe = DomWalker(one.shield, soup, marked.name, marked.decisions, fragment=fragment)
    for entering, node in _events(soup):
        if entering:
            scribe.enter(node)
        else:
            scribe.leave(node)
    lines = scribe.text.split("\n")
    return "\n".join(line if _is_open(one.shield, line) else _static(line) for line in lines)


def _is_open(shield: Shield, line: str) -> bool:
    """Whether a line is wrapped when a mail is rendered: its length, or its place, is known then."""
    return shield.hides(line) or "\t" in line or is_marked(line)


def _static(line: str) -> str:
    """A line without Liquid, as it is sent."""
    return wrapped(line if len(line) > WIDTH + 1 else line.replace(AS_IS, ""))


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
        if tag.name in ("ol", "ul", "li") and any(piece.kind is Kind.TAG for piece in tag.pieces):
            attributes = {**attributes, FREE: ""}
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
