"""The Liquid of an HTML template, as its text template needs it."""

from __future__ import annotations

import re

from mailweave.markup.pieces import Kind, Piece, piece_at, pieces
from mailweave.markup.shield import Shield

# Filters that turn text into HTML: in plain text a reader would see their work.
_FOR_HTML = re.compile(r"\s*\|\s*(?:escape|escape_once|h|html_escape|newline_to_br)\b(?!\s*:)")
_LITERAL = re.compile(r"(\"[^\"]*\"|'[^']*')")
_BREAK = re.compile(r"</?(?:br|p|div|li|ul|ol|t[dhr]|table|h[1-6])\b[^<>]*>", re.I)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SOUGHT = re.compile(
    r"\|\s*(?:split|remove|remove_first|remove_last|replace|replace_first|replace_last)\s*:\s*$"
)
_ROUND = re.compile(r"\btablerowloop\.(?=(?:index0?|rindex0?|first|last|length)\b)")
_COLUMNS = re.compile(r"[,\s]*\bcols\s*:\s*[^\s,%]+")
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
        left, right = piece.trims
        out += [between.rstrip() if left else between, piece.untrimmed + ("\0" if right else "")]
    rest = text[at:]
    if out[-1].endswith("\0"):
        out[-1], rest = out[-1][:-1], rest.lstrip()
    return "".join([*out, rest])


def piece_of(shield: Shield, comment: str) -> Piece | None:
    """The piece of Liquid that a comment stands for."""
    names = shield.names(comment)
    return piece_at(shield.restore(names[0]), 0) if names else None


def shown(piece: Piece) -> str:
    """A piece as it stands in text: without escaping for HTML and without tags of HTML; cells of `tablerow` are turns.

    >>> from mailweave.markup.pieces import piece_at
    >>> shown(piece_at("{{ tags | escape | join: '<br>' }}", 0))
    "{{ tags | join: '\\n' }}"
    """
    if piece.kind is Kind.VERBATIM:
        return piece.text
    text = _ROUND.sub("forloop.", piece.text)
    if piece.kind is Kind.OUTPUT or piece.name in ("cycle", "echo"):
        parts = _LITERAL.split(text)
        parts[::2] = [_FOR_HTML.sub("", part) for part in parts[::2]]
        parts[1::2] = [
            part if _SOUGHT.search(before) else _TAG.sub("", _BREAK.sub("\n", part)).replace("&nbsp;", " ")
            for before, part in zip(parts[::2], parts[1::2], strict=False)
        ]
        return "".join(parts)
    if piece.name == "tablerow":
        return _COLUMNS.sub("", text.replace("tablerow", "for", 1))
    return text.replace("endtablerow", "endfor") if piece.name == "endtablerow" else text


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
