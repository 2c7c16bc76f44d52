"""What a template reads: each path of its data, where, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mailweave.liquid.filters.signature import Use
from mailweave.source import Source, Span

Path: TypeAlias = tuple[str, ...]
"""Names from the root on. `ITEM` is any item of a list, `ANY` any key of a mapping, `REST` anything below."""

ITEM, ANY, REST = "[]", "*", "**"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a path is read.

    `safe`: the template is ready for it to be missing (it is tested, or has a default). `literal` is
    the text that the value is compared with.
    """

    path: Path
    use: Use
    source: Source
    span: Span
    safe: bool = False
    literal: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A path and all the places that read it."""

    path: Path
    occurrences: tuple[Occurrence, ...]

    @property
    def uses(self) -> frozenset[Use]:
        return frozenset(occurrence.use for occurrence in self.occurrences)

    @property
    def required(self) -> bool:
        """Whether some place is not ready for the value to be missing."""
        return any(not o.safe and o.use not in (Use.TEST, Use.NAMED) for o in self.occurrences)

    @property
    def type(self) -> str:
        """What it is used as: list, money, date, number, text, or any."""
        return next((name for name, uses in _TYPES if uses & self.uses), "any")


_TYPES: tuple[tuple[str, frozenset[Use]], ...] = (
    ("list", frozenset((Use.LIST,))),
    ("money", frozenset((Use.MONEY,))),
    ("date", frozenset((Use.DATE,))),
    ("number", frozenset((Use.NUMBER, Use.COMPARED_NUMBER))),
    ("text", frozenset((Use.TEXT, Use.COMPARED_TEXT, Use.OUTPUT, Use.KEY))),
)


def str_path(path: Path) -> str:
    """A path as people write it.

    >>> str_path(("cart", "[]", "price")), str_path(("lists", "*"))
    ('cart[].price', 'lists.*')
    """
    text = ""
    for name in path:
        text += name if name == ITEM else f".{name}" if text else name
    return text
