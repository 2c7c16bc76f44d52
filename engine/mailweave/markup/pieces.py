"""The pieces of Liquid in a text, found without understanding the text around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from mailweave.source import Span

# A block of these holds text that Liquid does not read as Liquid.
_VERBATIM = frozenset({"raw", "comment", "doc"})

# What opens a branch, what starts the next branch of the same block.
BRANCHING = frozenset({"if", "unless", "case", "for", "tablerow", "ifchanged"})
ENCLOSING = BRANCHING | {"capture"}
PARTIALS = frozenset({"include", "render", "layout", "extends", "section"})
_ASSIGNING = frozenset({"assign", "increment", "decrement"})
NEXT_BRANCH = frozenset({"else", "elsif", "when"})

_START = re.compile(r"\{\{|\{%")
_NAME = re.compile(r"\{%-?\s*(#|\w+)")
_SLOT = re.compile(r"""\{%-?\s*slot(?:\s*"([^"]*)"|\s*'([^']*)'|\s+([\w-]+))""")


class Kind(Enum):
    """What a piece of Liquid is."""

    OUTPUT = "output"
    TAG = "tag"
    VERBATIM = "verbatim"  # raw, comment or doc, from its tag to its end tag


@dataclass(frozen=True, slots=True)
class Piece:
    """One output, one tag, or one whole verbatim block, as the author wrote it."""

    kind: Kind
    name: str  # the tag's name; empty for an output
    text: str
    span: Span

    @property
    def opens(self) -> bool:
        return self.kind is Kind.TAG and self.name in ENCLOSING

    @property
    def closes(self) -> bool:
        return self.kind is Kind.TAG and self.name.startswith("end") and self.name[3:] in ENCLOSING

    @property
    def continues(self) -> bool:
        return self.kind is Kind.TAG and self.name in NEXT_BRANCH

    @property
    def trims(self) -> tuple[bool, bool]:
        """Whether white space control takes away what stands before it, and behind it."""
        return self.text[2:3] == "-", self.text[-3:-2] == "-"

    @property
    def untrimmed(self) -> str:
        """The text without white space control; that of an output or a tag.

        >>> piece_at("{%- if x -%}", 0).untrimmed
        '{% if x %}'
        """
        left, right = self.trims
        return f"{self.text[:2]}{self.text[2 + left : len(self.text) - 2 - right]}{self.text[-2:]}"

    @property
    def inside(self) -> str:
        """What stands between the delimiters, without whitespace control.

        >>> piece_at("{{- user.name -}}", 0).inside
        'user.name'
        """
        return self.text[2:-2].strip("-").strip()

    @property
    def slot(self) -> str | None:
        """The slot that a tag gives a place to, empty where it names none; None for what is no such tag.

        >>> piece_at('{%- slot "main" %}', 0).slot, piece_at("{% slot main %}", 0).slot
        ('main', 'main')
        """
        if self.kind is not Kind.TAG or self.name != "slot":
            return None
        named = _SLOT.match(self.text)
        return named[named.lastindex or 0] if named else ""


def piece_at(text: str, at: int) -> Piece | None:
    """The piece of Liquid that starts at offset `at`, if one does."""
    last_output, last_tag = _last_closers(text)
    if text.startswith("{{", at):
        stop = text.find("}}", at + 2) if at < last_output else -1
        return None if stop < 0 else _piece(Kind.OUTPUT, "", text, at, stop + 2)
    named = _NAME.match(text, at) if at < last_tag else None
    stop = text.find("%}", at + 2) if named else -1
    if named is None or stop < 0:
        return None
    name = named.group(1)
    if name not in _VERBATIM:
        return _piece(Kind.TAG, name, text, at, stop + 2)
    closing = re.compile(r"\{%-?\s*end" + name + r"\s*-?%\}").search(text, stop + 2)
    return _piece(Kind.VERBATIM, name, text, at, closing.end() if closing else len(text))


def pieces(text: str) -> tuple[Piece, ...]:
    """All pieces of Liquid in `text`, in order.

    >>> [p.text for p in pieces("Hi {{ name }}{% if x %}!{% endif %}")]
    ['{{ name }}', '{% if x %}', '{% endif %}']
    """
    found: list[Piece] = []
    start = _START.search(text)
    while start:
        piece = piece_at(text, start.start())
        if piece:
            found.append(piece)
        elif start.start() > max(_last_closers(text)):
            break
        start = _START.search(text, piece.span.stop if piece else start.end())
    return tuple(found)


def slots(text: str) -> tuple[tuple[str, Piece], ...]:
    """The slots that `text` has a place for, in order, each with its tag.

    >>> [name for name, _ in slots('{% slot "top" %} {% raw %}{% slot "no" %}{% endraw %}')]
    ['top']
    """
    return tuple((piece.slot, piece) for piece in pieces(text) if piece.slot)


def live(text: str, offset: int = 0) -> tuple[Piece, ...]:
    """The Liquid in `text` that matters around it, wherever HTML puts the text: assignments, and tags of blocks that
    do not end in it. `offset` is where `text` stands.

    >>> [p.text for p in live("{% if a %} {% endif %}")], [p.text for p in live("<!-- {% endif %} -->")]
    ([], ['{% endif %}'])
    """
    if "{%" not in text:
        return ()
    tags = [piece for piece in pieces(text) if piece.kind is Kind.TAG]
    depth, lowest, assigns = 0, 0, False
    for piece in tags:
        lowest = min(lowest, depth - (piece.closes or piece.continues))
        depth += piece.opens - piece.closes
        assigns = assigns or piece.name in _ASSIGNING
    if depth == lowest == 0 and not assigns:
        return ()
    return tuple(
        replace(piece, span=piece.span.shifted(offset))
        for piece in tags
        if piece.name in _ASSIGNING or piece.opens or piece.closes or piece.continues
    )


def holds_liquid(text: str) -> bool:
    """Whether `text` holds any piece of Liquid."""
    return bool(pieces(text)) if "{" in text else False


def cut(text: str) -> Iterator[str | Piece]:
    """`text` cut at its Liquid: what stands before, between and behind the pieces, and these."""
    at = 0
    for piece in pieces(text):
        yield text[at : piece.span.start]
        yield piece
        at = piece.span.stop
    yield text[at:]


def replaced(text: str, written: Callable[[Piece], str]) -> str:
    """`text` with something else in place of each piece of Liquid.

    >>> replaced("Hi {{ name }}!", lambda piece: piece.inside.upper())
    'Hi NAME!'
    """
    return "".join(part if isinstance(part, str) else written(part) for part in cut(text))


def without_liquid(text: str, filler: str = "") -> str:
    """`text` with each piece of Liquid replaced by `filler`."""
    return replaced(text, lambda _: filler)


def _piece(kind: Kind, name: str, text: str, start: int, stop: int) -> Piece:
    return Piece(kind, name, text[start:stop], Span(start, stop))


@lru_cache(maxsize=8)
def _last_closers(text: str) -> tuple[int, int]:
    """Where the last output and the last tag can end: so that a text of openers costs no search for each."""
    return text.rfind("}}"), text.rfind("%}")
