"""Markup that is not there when a template is read: HTML in literals and from data, cells of `tablerow`, tag names.

What such Liquid writes cannot be matched by any rule before it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.markup.pieces import PARTIALS, Kind, Piece
from mailweave.markup.tokens import LiquidToken, StartTag, Text
from mailweave.markup.tree import Page

_RAW = re.compile(r"\|\s*(?:raw|safe)\b")
_LITERAL = re.compile(r'"[^"]*"|\'[^\']*\'')
_MARKUP = re.compile(r"</?[A-Za-z]")
_HOLDING_LITERALS = frozenset({"", "assign", "cycle", "echo", "liquid"})


def writers(page: Page, *, escapes: bool = False) -> Iterator[Piece]:
    """The Liquid between tags that writes HTML which is not in the page. escapes: as in `writes_markup`."""
    for token in page.tokens:
        if isinstance(token, LiquidToken) and writes_markup(token.piece, escapes=escapes):
            yield token.piece


def writes_markup(piece: Piece, *, escapes: bool = False) -> bool:
    """Whether a piece of Liquid writes HTML that rules could match: from data, from literals, as cells.

    escapes: whether who renders it escapes literals like all values, as campaigns do; then they are words unless they
    are `safe`.

    >>> from mailweave.markup.pieces import piece_at
    >>> writes_markup(piece_at("{{ tags | join: '</li><li>' }}", 0)), writes_markup(piece_at("{{ a }}", 0))
    (True, False)
    """
    if piece.kind is Kind.VERBATIM:
        return piece.name == "raw" and _MARKUP.search(piece.text) is not None
    if piece.name == "tablerow" or (piece.kind is Kind.OUTPUT and _RAW.search(piece.text)):
        return True
    if escapes and not _RAW.search(piece.text):
        return False
    return piece.name in _HOLDING_LITERALS and any(
        _MARKUP.search(one) for one in _LITERAL.findall(piece.text)
    )


def breaks_lines(page: Page) -> Iterator[Piece]:
    """The outputs whose line ends become `<br>`."""
    for token in page.tokens:
        if isinstance(token, LiquidToken) and "newline_to_br" in token.piece.text:
            yield token.piece


def names_of_tags(page: Page) -> Iterator[Piece]:
    """The Liquid that stands where the name of a tag begins (`<{% if x %}h1{% else %}h2{% endif %}>`)."""
    for before, token in zip(page.tokens, page.tokens[1:], strict=False):
        opens = isinstance(before, Text) and page.text(before.span).endswith(("<", "</"))
        if opens and isinstance(token, LiquidToken):
            yield token.piece


def unquoted(tag: StartTag) -> bool:
    """Whether conditions stand in an attribute without quotes: where it ends, then, depends on data."""
    return any(not attribute.quote and "{%" in (attribute.value or "") for attribute in tag.attributes)


def is_open(page: Page, *, escapes: bool = False) -> bool:
    """Whether a page may hold elements, classes and ids that cannot be seen in it."""
    if any(True for _ in writers(page, escapes=escapes)) or any(True for _ in names_of_tags(page)):
        return True
    partials = (t.piece for t in page.tokens if isinstance(t, LiquidToken))
    return any(piece.name in PARTIALS for piece in partials) or any(unquoted(t) for _, t in page.start_tags)
