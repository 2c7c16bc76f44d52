"""The Liquid of an HTML template, as its text template needs it."""

from __future__ import annotations

import re

from mailweave.markup.pieces import Kind, Piece, pieces

# Filters that turn text into HTML: in plain text a reader would see their work.
_FOR_HTML = re.compile(r"\s*\|\s*(?:escape|escape_once|h|html_escape|newline_to_br)\s*$")
_WRITING = frozenset({"cycle", "increment", "decrement", "render", "include", "echo", "liquid"})
_OPENER = re.compile(r"\{(?=[{%])|\{$")


def untrimmed(text: str) -> str:
    """`text` with its white space control carried out and taken away: `a {{- b }}` becomes `a{{ b }}`.

    In HTML the distance between two words is white space; in plain text it is a line end that we write.

    >>> untrimmed("Hi {%- if x -%} there {%- endif %}!")
    'Hi{% if x %}there{% endif %}!'
    """
    out, at = [""], 0
    for piece in pieces(text):
        between = text[at : piece.span.start]
        if out[-1].endswith("\0"):
            out[-1], between = out[-1][:-1], between.lstrip()
        at = piece.span.stop
        if piece.kind is Kind.VERBATIM:
            out += [between, piece.text]
            continue
        left, right = piece.text[2:3] == "-", piece.text[-3:-2] == "-"
        inner = piece.text[2 + left : len(piece.text) - 2 - right]
        written = f"{piece.text[:2]}{inner}{piece.text[-2:]}"
        out += [between.rstrip() if left else between, written + ("\0" if right else "")]
    rest = text[at:]
    if out[-1].endswith("\0"):
        out[-1], rest = out[-1][:-1], rest.lstrip()
    return "".join([*out, rest])


def shown(piece: Piece) -> str:
    """An output or a verbatim block as it stands in text: without escaping for HTML."""
    if piece.kind is not Kind.OUTPUT:
        return piece.text
    inside = piece.inside
    if not _FOR_HTML.search(inside):
        return piece.text
    while _FOR_HTML.search(inside):
        inside = _FOR_HTML.sub("", inside)
    return f"{{{{ {inside} }}}}"


def writes(piece: Piece) -> bool:
    """Whether a piece puts text into the mail."""
    if piece.kind is Kind.VERBATIM:
        return piece.name == "raw"
    return piece.kind is Kind.OUTPUT or piece.name in _WRITING


def inert(static: str) -> str:
    """Static text in which nothing can be taken for Liquid: braces that were entities stay braces.

    >>> inert("use {{ name }}")
    "use {{ '{' }}{ name }}"
    """
    return _OPENER.sub("{{ '{' }}", static)
