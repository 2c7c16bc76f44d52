"""What a template reads: each path of its data, where, and as what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from mailweave.source import Source, Span

Path: TypeAlias = tuple[str, ...]
"""Names from the root on. `ITEM` is any item of a list, `ANY` any key of a mapping, `REST` anything below."""

ITEM, ANY, REST = "[]", "*", "**"


class Use(Enum):
    """What a template does with a value."""

    OUTPUT = "written"
    TEXT = "used as text"
    NUMBER = "used as a number"
    MONEY = "used as money"
    DATE = "used as a date"
    LIST = "used as a list"
    SIZE = "measured"
    TEST = "tested"
    COMPARED = "compared"
    COMPARED_TEXT = "compared with text"
    COMPARED_NUMBER = "compared with a number"
    SEARCHED = "searched"
    KEY = "used as a key"
    WHOLE = "read with all it holds"
    NAMED = "given a name"


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


@dataclass(frozen=True, slots=True)
class Contract:
    """The data that a template reads, by path, in the order of the paths.

    >>> from mailweave.liquid.contract import contract_of
    >>> contract = contract_of("{% for item in cart %}{{ item.price | money }}{% endfor %}")
    >>> [str_path(read.path) for read in contract.reads]
    ['cart', 'cart[].price']
    """

    reads: tuple[Read, ...]

    def paths(self) -> tuple[str, ...]:
        """The paths as people write them."""
        return tuple(str_path(read.path) for read in self.reads)

    def to_text(self) -> str:
        """A table: path, type, the first place that reads it."""
        rows = [(str_path(r.path), r.type + ("" if r.required else "?"), _places(r)) for r in self.reads]
        widths = [max((len(row[i]) for row in rows), default=0) for i in (0, 1)]
        return "".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}\n" for a, b, c in rows)

    def to_json_schema(self) -> dict[str, Any]:
        """A JSON Schema (2020-12) that data for this template satisfies."""
        from mailweave.liquid.contract.json_schema import schema_of

        return schema_of(self)


def _places(read: Read) -> str:
    first = read.occurrences[0]
    more = len(read.occurrences) - 1
    return f"{first.source.locate(first.span.start)}" + (f" and {more} more" if more else "")


def str_path(path: Path) -> str:
    """A path as people write it.

    >>> str_path(("cart", "[]", "price")), str_path(("lists", "*"))
    ('cart[].price', 'lists.*')
    """
    text = ""
    for name in path:
        text += name if name == ITEM else f".{name}" if text else name
    return text


def contract_from(occurrences: Iterable[Occurrence]) -> Contract:
    """The contract of these places, sorted and without doubles."""
    by_path: dict[Path, dict[Occurrence, None]] = {}
    for occurrence in occurrences:
        by_path.setdefault(occurrence.path, {})[occurrence] = None
    return Contract(tuple(Read(path, tuple(by_path[path])) for path in sorted(by_path)))


def merged(contracts: Iterable[Contract]) -> Contract:
    """What several templates read together."""
    return contract_from(o for contract in contracts for read in contract.reads for o in read.occurrences)
