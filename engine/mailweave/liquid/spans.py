"""A part of a mail as it is laid out: texts that are the same for everybody, and between them what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from operator import itemgetter
from typing import TypeAlias

from mailweave.liquid.ir.nodes import Part, Slot
from mailweave.liquid.slots import pieces

_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a value stands. labels: the places that the values in it were escaped for, by their escapers; `?` for what
    may hold tags. around: the texts that stand in it, if it is more than one value."""

    labels: frozenset[str] = frozenset({_UNKNOWN})
    around: str = ""


Piece: TypeAlias = str | Hole | Slot
"""A text, a hole, or the place of a slot."""


@dataclass(frozen=True, slots=True)
class Spans:
    """The pieces of a part in their order. slots: the names of those whose place depends on values: they stand in a
    hole."""

    pieces: tuple[Piece, ...]
    slots: frozenset[str] = frozenset()

    @property
    def holes(self) -> int:
        """How many values stand in it."""
        return sum(isinstance(piece, Hole) for piece in self.pieces)

    def numbered(self) -> list[str | int]:
        """Its texts, and the numbers of its values; it has no slots."""
        numbers = count()
        return [piece if isinstance(piece, str) else next(numbers) for piece in self.pieces]

    def filled(self, values: Sequence[str], slots: Mapping[str, str | list[str]]) -> Iterator[str]:
        """The part with values in its holes, and with ready texts in its slots.

        >>> list(Spans(("Hi ", Hole(), "!", Slot("end"))).filled(["Jo"], {"end": " Bye."}))
        ['Hi ', 'Jo', '!', ' Bye.']
        """
        given = iter(values)
        for piece in self.pieces:
            if isinstance(piece, str):
                yield piece
            elif isinstance(piece, Hole):
                yield next(given)
            else:
                yield from pieces(slots, piece.name)


@dataclass(frozen=True, slots=True)
class Unit:
    """One walk over some parts of a template: `run(data, now, *lists)` adds to a list for each of its parts the values
    of the holes, as texts that are escaped for their place."""

    run: Callable[..., None]
    spans: Mapping[Part, Spans]
    is_empty: bool = False
    """Whether there is nothing to run."""


class Filling:
    """Texts and, between them, numbered values: a text for each list of values; safe to share.

    >>> Filling(["Hi ", 1, ", ", 0, "!"]).filled(["there", "Jo"])
    'Hi Jo, there!'
    """

    __slots__ = ("_order", "pieces", "size", "texts")

    def __init__(self, pieces: Iterable[str | int]) -> None:
        given = merged((*pieces, ""))
        self.pieces = tuple(given)
        self.texts = tuple(piece for piece in given if isinstance(piece, str))
        self.size = sum(map(len, self.texts))
        numbers = iter(range(len(self.texts)))
        places = [next(numbers) if isinstance(one, str) else len(self.texts) + one for one in given]
        self._order: Callable[[list[str]], Iterable[str]] = (
            itemgetter(*places) if len(places) > 1 else itemgetter(slice(1))
        )

    def numbered(self, first: int) -> tuple[str | int, ...]:
        """Its pieces, the first value as `first`."""
        return tuple(first + piece if isinstance(piece, int) else piece for piece in self.pieces)

    def filled(self, values: list[str]) -> str:
        """The text with these values."""
        return "".join(self._order([*self.texts, *values]))


def merged(pieces: Iterable[str | int]) -> list[str | int]:
    """Pieces, with texts that follow each other as one.

    >>> merged(["a", "b", 0, "c"])
    ['ab', 0, 'c']
    """
    made: list[str | int] = []
    for are_texts, run in groupby(pieces, lambda piece: isinstance(piece, str)):
        if are_texts:
            made.append("".join(map(str, run)))
        else:
            made += run
    return made
