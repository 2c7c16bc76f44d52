"""What an element holds for its reader, seen before anything is written: words, lines, links.

>>> from bs4 import BeautifulSoup
>>> page = BeautifulSoup('<p><a href="/t">Tea</a> | <a href="/m">Milk</a></p>', "html.parser")
>>> Reading(Shield()).is_row_of_links(page.p)
True
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from bs4 import Comment, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from mailweave.markup.pieces import Piece
from mailweave.markup.shield import Shield
from mailweave.message.plaintext.liquid import piece_of, writes
from mailweave.message.plaintext.visibility import SILENT

BREAKING = frozenset(
    "p table blockquote pre hr h1 h2 h3 h4 h5 h6 dl div tr td th li center section article header footer main nav aside"
    " address figure figcaption dt dd form caption tbody thead tfoot body fieldset legend details"
    " summary hgroup dialog ul ol br".split()
)
"""Elements that end a line."""

HOLDERS = frozenset({"p", "div", "td", "center", "nav", "footer", "section", "span", "font", "small"})
HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_SEPARATORS = re.compile(
    r"[\s|/\\,;:.\-*~<>+\u00a0\u00ad\u00b7\u2010-\u2015\u2022\u2023\u2027\u2219\u25cf\u25aa\u30fb\u200b-\u200d]*"
)


class Reading:
    """Looks at elements whose Liquid is hidden by `shield`."""

    def __init__(self, shield: Shield) -> None:
        self._shield = shield

    def piece(self, node: PageElement) -> Piece | None:
        """The Liquid that a comment stands for."""
        return piece_of(self._shield, node) if isinstance(node, Comment) else None

    def is_word(self, node: PageElement) -> bool:
        """Whether a node puts words into the mail itself."""
        piece = self.piece(node)
        if piece is not None:
            return writes(piece) and piece.name != "raw"
        if isinstance(node, Tag):
            return node.name == "img" and bool(str(node.get("alt") or "").strip())
        return is_text(node) and bool(str(node).strip()) and not _is_inside(node, SILENT)

    def has_lines(self, nodes: Iterable[PageElement]) -> bool:
        """Whether what stands there has more than one line of words."""
        count, words = 0, False
        for node in _ends(nodes):
            if isinstance(node, Tag) and node.name in BREAKING:
                count, words = count + words, False
            elif self.is_word(node):
                words = True
            if count > 1:
                return True
        return count + words > 1

    def turn(self, start: Comment) -> list[PageElement]:
        """What stands beside the tag that begins a loop, up to the one that ends it."""
        found: list[PageElement] = []
        depth = 0
        for node in start.next_siblings:
            piece = self.piece(node)
            if piece is not None and piece.name in ("for", "endfor"):
                depth += 1 if piece.opens else -1
                if depth < 0:
                    return found
            found.append(node)
        return []

    def end_of_words(self, link: Tag) -> PageElement | None:
        """Before which node within a link of several lines its first line ends; None, if only the link ends it."""
        words, opened, depth = False, None, 0
        for node in link.descendants:
            piece = self.piece(node)
            if piece is not None and not writes(piece):
                opened = node if depth == 0 and piece.opens else opened
                depth += piece.opens - piece.closes
            elif isinstance(node, Tag) and node.name in BREAKING and words:
                return opened if depth else node
            elif depth == 0 and self.is_word(node):
                words = True
        return None

    def is_row_of_links(self, element: Tag) -> bool:
        """Whether an element holds nothing but links on one line, with or without signs between them."""
        links = 0
        for node in element.descendants:
            if isinstance(node, Tag):
                if node.name in BREAKING or node.name in HEADINGS:
                    return False
                if node.name == "a":
                    links += self.is_link_of_words(node)
            elif self.is_word(node) and not _is_inside(node, {"a"}):
                if self.piece(node) is not None or not _SEPARATORS.fullmatch(str(node)):
                    return False
            elif (piece := self.piece(node)) is not None and piece.name == "for":
                links += 1
        return links > 1

    def is_link_of_words(self, link: Tag) -> bool:
        """Whether an `a` leads somewhere and has words, or a picture that stands for some."""
        return link.has_attr("href") and any(self.is_word(node) for node in link.descendants)


def is_text(node: PageElement) -> bool:
    """Whether a node is text, no comment."""
    return isinstance(node, NavigableString) and not isinstance(node, PreformattedString)


def _is_inside(node: PageElement, names: Collection[str]) -> bool:
    """Whether a node stands in an element of one of the names; `find_parent` takes ten times as long."""
    return any(around.name in names for around in node.parents)


def _ends(nodes: Iterable[PageElement]) -> Iterator[PageElement]:
    """All that stands in some nodes; elements that end a line come twice, when they begin and when they end."""
    waiting = list(reversed(list(nodes)))
    opened: set[int] = set()
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Tag) and node.contents and id(node) not in opened:
            opened.add(id(node))
            waiting += [node, *reversed(node.contents)]
