"""Which elements of a page have words of their own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from mailweave.markup.pieces import Kind
from mailweave.markup.tokens import VOID, EndTag, LiquidToken, StartTag, Text
from mailweave.markup.tree import Page

# Blanks, and what is put into preheaders to fill them: it is not read.
_NOT_READ = re.compile("[\\s\u00a0\u00ad\u034f\u200b-\u200f\u2007\u2060\ufeff]+")


def speaking(page: Page) -> frozenset[int]:
    """The numbers of the start tags around words, written ones or a value's."""
    return frozenset(_speaking(page))


def _speaking(page: Page) -> Iterator[int]:
    open_tags: list[tuple[int, str]] = []
    for number, token in enumerate(page.tokens):
        if isinstance(token, StartTag):
            if token.name not in VOID and not token.self_closing:
                open_tags.append((number, token.name))
        elif isinstance(token, EndTag):
            at = next((i for i in range(len(open_tags) - 1, -1, -1) if open_tags[i][1] == token.name), None)
            if at is not None:
                del open_tags[at:]
        elif open_tags and _says(page, token):
            yield open_tags[-1][0]


def _says(page: Page, token: object) -> bool:
    if isinstance(token, Text):
        return bool(_NOT_READ.sub("", html.unescape(page.text(token.span))))
    return isinstance(token, LiquidToken) and token.piece.kind is Kind.OUTPUT
