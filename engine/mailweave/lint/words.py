"""Which elements of a page have words of their own."""

from __future__ import annotations

import html
from collections.abc import Mapping

from mailweave.lint.elements import BLANK
from mailweave.markup.pieces import Kind
from mailweave.markup.tokens import VOID, EndTag, LiquidToken, StartTag, Text
from mailweave.markup.tree import Page


def speaking(page: Page) -> frozenset[int]:
    """The numbers of the start tags around words, written ones or a value's."""
    return frozenset(number for number, text in own_words(page).items() if text)


def own_words(page: Page) -> Mapping[int, str]:
    """The words of each start tag, not those of elements inside, without blanks; a value counts as `a value`."""
    found: dict[int, str] = {}
    open_tags: list[tuple[int, str]] = []
    for number, token in enumerate(page.tokens):
        if isinstance(token, StartTag):
            if token.name not in VOID and not token.self_closing:
                open_tags.append((number, token.name))
        elif isinstance(token, EndTag):
            at = next((i for i in range(len(open_tags) - 1, -1, -1) if open_tags[i][1] == token.name), None)
            if at is not None:
                del open_tags[at:]
        elif open_tags:
            found[open_tags[-1][0]] = found.get(open_tags[-1][0], "") + _words(page, token)
    return found


def _words(page: Page, token: object) -> str:
    if isinstance(token, Text):
        return BLANK.sub("", html.unescape(page.text(token.span)))
    return "a value" if isinstance(token, LiquidToken) and token.piece.kind is Kind.OUTPUT else ""
