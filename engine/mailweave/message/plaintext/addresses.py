"""Where a link leads, as a text can say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.shield import Shield

_NOWHERE = ("#", "javascript:", "vbscript:", "data:")
_LITERAL = re.compile(r"""\{\{-?\s*(?:"([^"{}]*)"|'([^'{}]*)')\s*-?\}\}""")  # as snippets are written out
_IGNORED = re.compile(r"[\t\n\f\r]+")  # a browser takes them out
_NO_DIGITS = re.compile(r"[\s().\u00a0\u2011/-]+")  # what stands between the figures of a number
_CAMPAIGN = re.compile(r"[?&]utm_\w+=[^&#]*")  # what `[utm]` has put on a link
_TEXT_ENDS = {" ": "%20", "<": "%3C", ">": "%3E"}  # at these a reader's program takes an address to be over


def address(href: str, shield: Shield) -> str:
    """The address of a link whose Liquid is hidden by `shield`, in one piece; empty when it leads nowhere.

    >>> address(" https://shop.example/my file.pdf ", Shield())
    'https://shop.example/my%20file.pdf'
    """
    url = shield.cover(_whole(_parts(shield.restore(href))))
    written = _LITERAL.sub(lambda found: found[1] or found[2] or "", shield.restore(url))
    return "" if not written.strip() or written.strip().lower().startswith(_NOWHERE) else url


def said_by(words: str, url: str) -> str:
    """What says both the words of a link and its address, where those are the same; else an empty text.

    Parameters of a campaign make no other address: a link that shows where it leads would be said twice for them.

    >>> said_by("help@shop.example", "mailto:help@shop.example"), said_by("a.example", "https://a.example/")
    ('help@shop.example', 'https://a.example/')
    >>> said_by("Call us", "tel:+441234567"), said_by("https://a.example", "https://a.example?utm_source=mail")
    ('', 'https://a.example?utm_source=mail')
    """
    scheme, _, rest = url.partition(":")
    if not words or not url:
        return ""
    match scheme.lower():
        case "mailto":
            return words if words in (rest, unquote(rest)) else ""
        case "tel":
            return words if _NO_DIGITS.sub("", words) == _NO_DIGITS.sub("", rest) else ""
        case _:  # every other scheme is one of pages
            return url if _bare(words) in (_bare(url), _bare(_CAMPAIGN.sub("", url))) else ""


def _bare(text: str) -> str:
    """An address without what a reader leaves out."""
    return text.strip().removeprefix("https://").removeprefix("http://").removesuffix("/")


def _parts(href: str) -> list[str | Piece]:
    out: list[str | Piece] = []
    at = 0
    for piece in pieces(href):
        out += [_IGNORED.sub("", href[at : piece.span.start]), piece]
        at = piece.span.stop
    return [*out, _IGNORED.sub("", href[at:])]


def _whole(parts: list[str | Piece]) -> str:
    """The parts without the blanks at the ends of the address, whichever branches are taken; others are encoded."""
    ahead = _stripped(parts, lambda text: text.lstrip(" "), lambda piece: piece.opens - piece.closes)
    behind = _stripped(ahead[::-1], lambda text: text.rstrip(" "), lambda piece: piece.closes - piece.opens)
    return "".join(part.text if isinstance(part, Piece) else _encoded(part) for part in reversed(behind))


def _encoded(text: str) -> str:
    return "".join(_TEXT_ENDS.get(sign, sign) for sign in text)


def _stripped(
    parts: Iterable[str | Piece], strip: Callable[[str], str], depth: Callable[[Piece], int]
) -> list[str | Piece]:
    """The parts without the blanks before the first sign, on each way through the conditions."""
    begun, starts = False, []
    out: list[str | Piece] = []
    for part in parts:
        if isinstance(part, str):
            part = part if begun else strip(part)
            begun = begun or bool(part)
        elif part.kind is not Kind.TAG:
            begun = True
        elif depth(part) > 0:
            starts.append(begun)
        elif part.continues and starts:
            begun = starts[-1]
        elif depth(part) < 0 and starts:
            begun = starts.pop() or begun
        out.append(part)
    return out
