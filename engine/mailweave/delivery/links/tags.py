"""The tags of a finished page, found as a browser finds them: nothing in it is Liquid any more.

What stands in a comment is no tag, but for what Outlook reads there. States and names: the HTML standard, 13.2.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import Final, NamedTuple

_W: Final = r"[\t\n\f\r ]"
_VALUE: Final = rf"""{_W}*+={_W}*+(?:"([^"]*+)"|'([^']*+)'|([^\t\n\f\r >"'][^\t\n\f\r >]*+)|(?=>))"""
_NAME: Final = r"(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
_ATTRIBUTE: Final = re.compile(rf"({_NAME})(?:{_VALUE}|(?!{_W}*+=))")
_ANY_VALUE: Final = re.sub(
    r"\((?!\?)", "(?:", _VALUE
)  # groups in a possessive repeat break re (CPython 3.11)
_ATTRIBUTES: Final = rf"(?:[\t\n\f\r /]++|{_NAME}(?:{_ANY_VALUE}|(?!{_W}*+=)))*+"
_MARKUP: Final = re.compile(
    rf"<!--(?:-?>|(.*?)(?:--!?>|\Z))|<(/?)([A-Za-z][^\t\n\f\r />]*+)({_ATTRIBUTES})>"
    r"|<(?:[!?]|/(?![A-Za-z]))[^>]*+>?|</?[A-Za-z]",
    re.DOTALL,
)
_RAW: Final = frozenset("style script title textarea xmp iframe noembed noframes plaintext".split())
_REFERENCE: Final = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]{0,31};?)")


class Attribute(NamedTuple):
    """The first attribute of its name in a tag; `start` and `stop` are those of its value in the page."""

    value: str
    start: int
    stop: int


class Tag(NamedTuple):
    """A start tag, or an end tag; `start` is where it begins. Names are in lower case. `is_outlooks`: whether it stands
    in a conditional comment."""

    name: str
    is_end: bool
    is_outlooks: bool
    start: int
    attributes: dict[str, Attribute]


def tags(page: str, wanted: re.Pattern[str]) -> Iterator[Tag]:
    """The tags whose names match `wanted`, those in Outlook's conditional comments among them.

    >>> [tag.name for tag in tags('<A HREF=/a>x</A><!-- <a> --><!--[if mso]><v:rect href="/b"><![endif]-->',
    ...     re.compile("a|v:.*"))]
    ['a', 'a', 'v:rect']
    """
    yield from _within(page, wanted, 0, len(page), in_comment=False)


def _within(page: str, wanted: re.Pattern[str], start: int, stop: int, *, in_comment: bool) -> Iterator[Tag]:
    """Those between two places. Comments do not nest."""
    at = start
    while (found := _MARKUP.search(page, at, stop)) is not None:
        at = found.end()
        comment, name = found[1], found[3]
        if comment is not None and comment.startswith("[if") and not in_comment:
            yield from _within(page, wanted, *found.span(1), in_comment=True)
        if name is not None:
            name = name.lower()
            if wanted.fullmatch(name):
                yield Tag(name, bool(found[2]), in_comment, found.start(), _attributes(page, *found.span(4)))
            if name in _RAW and not found[2]:
                at = _raw_stop(page, name, at, stop)
        elif found[0][1:].lstrip("/")[:1].isalpha():  # a tag that never ends
            return


def _attributes(page: str, start: int, stop: int) -> dict[str, Attribute]:
    made: dict[str, Attribute] = {}
    for found in _ATTRIBUTE.finditer(page, start, stop):
        group = next((number for number in (2, 3, 4) if found[number] is not None), 0)
        span = found.span(group) if group else (found.end(), found.end())
        made.setdefault(found[1].lower(), Attribute(page[slice(*span)], *span))
    return made


def _raw_stop(page: str, name: str, at: int, stop: int) -> int:
    """Where what is no markup ends."""
    closing = re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE).search(page, at, stop)
    return stop if closing is None or name == "plaintext" else closing.start()


def decoded(value: str) -> str:
    """The value of an attribute as a browser reads it: `&copy=1` in a query is no sign of copyright.

    >>> decoded("?a=1&amp;copy=2&copy=3&eacute;")
    '?a=1&copy=2&copy=3é'
    """
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(found: re.Match[str]) -> str:
    text = found[0]
    if text[1] == "#":
        number = text[2:].rstrip(";").lower()
        return unescape(text) or chr(int(number.lstrip("x"), 16 if number[0] == "x" else 10))
    if text[1:] in html5 and text.endswith(";"):
        return html5[text[1:]]
    longest = next((size for size in range(len(text) - 1, 1, -1) if text[1 : 1 + size] in html5), 0)
    rest = text[1 + longest :]
    behind = rest[:1] or found.string[found.end() : found.end() + 1]
    if not longest or behind == "=" or (behind.isascii() and behind.isalnum()):
        return text
    return html5[text[1 : 1 + longest]] + rest
