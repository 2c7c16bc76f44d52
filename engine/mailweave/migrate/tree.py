"""A template of any dialect as one small tree: what the parsers make, and what is written as Liquid.

Names are resolved by the parsers: a `Ref` is either a value of the data or of a name that the template gives itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

ITEM = "[]"
"""In a path: an item of the list before it."""

Path = tuple[str, ...]
Key = str | int


@dataclass(frozen=True, slots=True)
class Lit:
    """A value that is written out; None is nil."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Ref:
    """A value by its name.

    data: its path in the data of the old system, as far as records go; empty where `local` names it. tail: what
    hangs on it here, as items and their fields. of: the whole path in the data, items as `[]`; None where not known.
    """

    data: Path = ()
    local: str = ""
    tail: tuple[Key, ...] = ()
    of: Path | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Filtered:
    """A value through one of our filters."""

    value: Expr
    name: str
    arguments: tuple[Expr, ...] = ()
    named: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; sign: `==`, `!=`, `<`, `<=`, `>`, `>=` or `contains`."""

    sign: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` of several conditions."""

    word: Literal["and", "or"]
    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    right: Expr


@dataclass(frozen=True, slots=True)
class Truth:
    """A value as a condition. Liquid takes nil and false alone for false, the others 0 and what is empty as well."""

    value: Expr
    as_liquid: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from one to another, both among them."""

    start: Expr
    stop: Expr


@dataclass(frozen=True, slots=True)
class Choice:
    """One of two values, by a condition."""

    test: Expr
    yes: Expr
    no: Expr


@dataclass(frozen=True, slots=True)
class Special:
    """One of Liquid's own words: `blank`, `empty`."""

    word: str


@dataclass(frozen=True, slots=True)
class Broken:
    """What has no equal; it was told. As a value it is nothing, as a condition it does not hold.

    said: what the comment in its place says, where none stands there yet."""

    at: int = 0
    said: str = ""


Expr = Lit | Ref | Filtered | Compare | Logic | Not | Truth | Range | Choice | Special | Broken


@dataclass(frozen=True, slots=True)
class Text:
    """What is shown as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Output:
    """A value that is shown; safe: the old system did not escape it."""

    value: Expr
    safe: bool = False
    at: int = 0


@dataclass(frozen=True, slots=True)
class Arm:
    """A condition and what is shown where it holds; without one: else."""

    test: Expr | None
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If:
    """The first arm whose condition holds."""

    arms: tuple[Arm, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class For:
    """A loop; otherwise: what is shown where there are no items."""

    name: str
    items: Expr
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...] = ()
    limit: Expr | None = None
    offset: Expr | None = None
    backwards: bool = False
    at: int = 0


@dataclass(frozen=True, slots=True)
class Assign:
    """A name for a value."""

    name: str
    value: Expr
    at: int = 0


@dataclass(frozen=True, slots=True)
class Capture:
    """A name for what the body shows."""

    name: str
    body: tuple[Node, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of Liquid's that is the same here, as `break`."""

    markup: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of something that was told; said: what stands in the comment."""

    said: str


@dataclass(frozen=True, slots=True)
class Skip:
    """From here on the old system sent nothing."""

    reason: str
    at: int = 0


Node = Text | Output | If | For | Assign | Capture | Tag | Mark | Skip


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """All nodes, those within others as well, in their order."""
    for node in nodes:
        yield node
        match node:
            case If(arms=arms):
                for arm in arms:
                    yield from walk(arm.body)
            case For(body=body, otherwise=otherwise):
                yield from walk(body)
                yield from walk(otherwise)
            case Capture(body=body):
                yield from walk(body)
            case Text() | Output() | Assign() | Tag() | Mark() | Skip():
                pass
