"""Conditions among the attributes of a start tag: what is written in each branch, as attributes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from mailweave.markup.branches import Leaf
from mailweave.markup.pieces import Kind, Piece, cut
from mailweave.markup.tokens import StartTag, tokenize
from mailweave.markup.tree import every_attribute


def conditional_parts(tag: StartTag, relevant: Collection[str]) -> Iterator[str | Piece]:
    """The conditions among the attributes, and the attributes that matter."""
    for part in tag.parts:
        if isinstance(part, Piece):
            if part.kind is not Kind.OUTPUT:
                yield part
        elif part.name in relevant:
            yield f' {part.name}="'
            yield from _texts_and_pieces(part.value or "")
            yield '"'


def _texts_and_pieces(value: str) -> Iterator[str | Piece]:
    """A text cut at its Liquid; its own double quotes are entities afterwards."""
    for part in cut(value):
        yield part.replace('"', "&quot;") if isinstance(part, str) else part


@lru_cache(maxsize=4096)
def leaf_attributes(leaf: Leaf) -> Mapping[str, str]:
    """The attributes of one variant of a start tag, as written.

    >>> dict(leaf_attributes(Leaf(' class="card gold"', 0)))
    {'class': 'card gold'}
    """
    tag = tokenize(f"<x {leaf.text}>")[0]
    assert isinstance(tag, StartTag)
    return every_attribute(0, tag)
