"""What an author wrote in Markdown that no rich text holds: headings, pictures, HTML, tables and so on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from mailweave.content.rich.cover import Covered
from mailweave.content.rich.parser import all_tokens
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.source import Span

_BLOCKS = {
    "heading_open": ("a heading", "write it into the input `heading` of the block, or in bold"),
    "hr": ("a line across", "use the block `divider`, or write `\\` before its first sign"),
    "fence": ("code", "leave the signs ` out"),
    "blockquote_open": ("a quotation", "use the block `testimonial`, or write `\\>` for the sign itself"),
    "html_block": ("HTML", "write the marks of a rich text; a `\\` at the end of a line breaks it"),
    "table_open": ("a table", "write a list, or a block of your own"),
}
_INLINE = {
    "code_inline": ("code", "leave the signs ` out"),
    "html_inline": ("HTML", "write the marks of a rich text; a `\\` at the end of a line breaks it"),
    "image": ("a picture", "use an input of type `image`, or the block `image`"),
    "s_open": ("struck out text", "leave the signs ~~ out"),
}
_CLOSE = (
    "bold that begins or ends with punctuation, close to a letter",
    "take the punctuation out of the `**`, or put a space beside them",
)
_BEHIND = re.compile(r"(?:[-+*]|\d{1,9}[.)])\s")
_BOLD = re.compile(r"\*\*(?=\S)[^*\n]{1,200}(?<=\S)\*\*")
_ENTITY = re.compile(r"(?<!\\)&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")


def beyond(covered: Covered) -> Iterator[Diagnostic]:
    """A warning for each construct of Markdown that is shown as it is written, once for each kind."""
    found, defines = all_tokens(covered.text)
    told: set[str] = set()
    for what, instead, span in _all(covered, found):
        if what not in told:
            told.add(what)
            yield _told(covered, span, what, instead)
    if defines:
        yield _told(covered, Span(0, 1), "a target apart from its link", "write [words](https://..)")
    behind = next(
        (at for at, line in enumerate(covered.text.split("\n")) if _hides_item(covered, line)), None
    )
    if behind is not None:
        span = covered.span(behind, behind + 1)
        yield _told(covered, span, "an item behind a tag", "put the tag on a line of its own")
    entity = _ENTITY.search(covered.text)
    if entity is not None:
        line = covered.text.count("\n", 0, entity.start())
        yield _told(
            covered, covered.span(line, line + 1, entity[0]), "an entity of HTML", "write the sign itself"
        )


def _hides_item(covered: Covered, line: str) -> bool:
    """Whether a line would begin an item of a list, did no tag stand before it."""
    signs = line.lstrip(" \t")
    tags = next((at for at, sign in enumerate(signs) if sign not in " \t" and not covered.is_tag(sign)), 0)
    return tags > 0 and _BEHIND.match(signs, tags) is not None


def _all(covered: Covered, found: list[Token]) -> Iterator[tuple[str, str, Span]]:
    for token in found:
        first, stop = token.map or (0, 1)
        if token.type in _BLOCKS:
            yield *_BLOCKS[token.type], covered.span(first, stop)
        for inner in token.children or ():
            if inner.type in _INLINE:
                yield *_INLINE[inner.type], covered.span(first, stop, _sign(inner))
            elif inner.type == "text" and (bold := _left(covered, inner.content)):
                yield *_CLOSE, covered.span(first, stop, bold)


def _left(covered: Covered, words: str) -> str:
    """What was meant to be bold and is not: Markdown asks for a space between a letter and signs beside punctuation."""
    found = _BOLD.search(words)
    return found[0] if found is not None and found[0] in covered.text else ""


def _sign(token: Token) -> str:
    signs = {"html_inline": token.content, "image": "![", "s_open": "~~"}
    return signs.get(token.type, f"{token.markup}{token.content}{token.markup}")


def _told(covered: Covered, span: Span, what: str, instead: str) -> Diagnostic:
    return diagnose("MW621", covered.source, span, what=what, instead=instead)
