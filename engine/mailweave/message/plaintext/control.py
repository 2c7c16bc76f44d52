"""Liquid tags that write nothing, as a writer has to know them: branches, loops, captures."""

from __future__ import annotations

from mailweave.markup.pieces import Piece
from mailweave.message.plaintext.writer import Writer

_DIVIDING = frozenset({"if", "unless", "case"})  # what can have an `else`


def control(writer: Writer, piece: Piece, name: str, *, lines: bool) -> None:
    """Writes a tag, which `name` stands for; `lines`: whether a turn of the loop that it begins has several lines.

    >>> from mailweave.markup.pieces import pieces
    >>> writer = Writer(str)
    >>> for piece in pieces("{% if x %}{% endif %}"):
    ...     control(writer, piece, piece.text, lines=False)
    >>> writer.text
    '{% if x %}{% endif %}'
    """
    if piece.name == "for":
        writer.open_loop(name)
        if lines:
            writer.part(2)
    elif piece.name == "tablerow":
        writer.open_loop(name)
        writer.part(1)
    elif piece.name == "endtablerow":
        writer.part(1)
        writer.close_branch(name)
    elif piece.name in ("break", "continue"):
        writer.leave_turn(name)
    elif piece.name == "capture":
        writer.open_capture(name)
    elif piece.opens:
        writer.open_branch(name, divides=piece.name in _DIVIDING)
    elif piece.continues:
        writer.next_branch(name, last=piece.name == "else")
    elif piece.closes:
        writer.close_branch(name)
    else:
        writer.tag(name)
