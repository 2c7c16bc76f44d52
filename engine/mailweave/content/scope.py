"""Which names a piece of Liquid reads, and where a text gives them other values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.tree import Page

_ROOT = re.compile(r"(?<![\w.\"'-])[A-Za-z_][\w-]*")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_ASSIGNING = frozenset({"assign", "capture", "increment", "decrement"})
_LOOPS = frozenset({"for", "tablerow"})


def reads(found: Iterable[Piece]) -> frozenset[str]:
    """The names that some pieces may read."""
    return frozenset(name for piece in found for name in _names(piece))


def gives(piece: Piece) -> Iterator[str]:
    """The names to which a piece gives values."""
    words = _names(piece)
    if piece.kind is Kind.TAG and piece.name in _ASSIGNING:
        yield from words[:1]
    elif piece.kind is Kind.TAG and piece.name in _LOOPS:
        yield from (*words[:1], "forloop", "tablerowloop")


def reassigned(page: Page, reading: str, start: int, stop: int) -> Piece | None:
    """The first piece between two offsets that gives another value to a name that `reading` reads.

    A block has a scope of its own: when its border lies between, any assignment of the page counts.
    """
    read = reads(pieces(reading))
    between = [p for p in pieces(page.source.text) if start <= p.span.start < stop]
    border = any(p.slot is not None or p.name == "endslot" for p in between)
    if not read:
        return None
    looked_at = pieces(page.source.text) if border else between
    return next((piece for piece in looked_at if read & set(gives(piece))), None)


def _names(piece: Piece) -> list[str]:
    words = _ROOT.findall(_STRING.sub("", piece.inside))
    return words if piece.kind is Kind.OUTPUT else words[1:]
