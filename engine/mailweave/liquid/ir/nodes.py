"""Nodes of the tree. What writes names its part of the e-mail, so that the trees of two can be joined to one.

Nodes are equal when their texts and expressions are: neither places nor prices count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from liquid.token import Token

from mailweave.liquid.ir.expressions import Argument, Expression
from mailweave.liquid.output_escapers import Escape

Part = Literal["html", "text", "amp"]
"""Others than `html` only where several are written; a template of its own has one part."""


@dataclass(slots=True, eq=False)
class Tree:
    """A template or a partial. A partial may call itself, so its nodes are set once they are made."""

    name: str
    nodes: tuple[Node, ...] = ()
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """Nodes that follow each other."""

    nodes: tuple[Node, ...]
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """Text of the author's."""

    text: str
    part: Part = "html"
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Output:
    """A value, through the escaper of its place."""

    value: Expression
    escape: Escape
    part: Part = "html"
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Arm:
    """One way through a branch; without a test it is taken when no other was."""

    test: Expression | None
    body: Block


@dataclass(frozen=True, slots=True)
class Branch:
    """`if` and `unless`: the first arm whose test holds."""

    arms: tuple[Arm, ...]
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class When:
    """The values of one `when`; `else` has None."""

    values: tuple[Expression, ...] | None
    body: Block


@dataclass(frozen=True, slots=True)
class Case:
    """`case`: every `when` that holds, each as often as it does; `else` when none did so far."""

    subject: Expression
    arms: tuple[When, ...]
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Loop:
    """`for`, and `tablerow` (`table`).

    `continues`: it goes on where the last one over the same stopped; `weight`: the price of a round.
    """

    name: str
    items: Expression
    body: Block
    otherwise: Block | None = None
    limit: Expression | None = None
    offset: Expression | None = None
    columns: Expression | None = None
    continues: bool = False
    backwards: bool = False
    table: bool = False
    title: str = ""
    weight: int = field(default=1, compare=False)
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Assign:
    """`assign`."""

    name: str
    value: Expression
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Capture:
    """`capture`; `html`: its outputs were escaped already, so its text is HTML."""

    name: str
    body: Block
    html: bool = False
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IfChanged:
    """`ifchanged`."""

    body: Block
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Count:
    """`increment` (`up`) and `decrement`."""

    name: str
    up: bool
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cycle:
    """`cycle`; without a group it counts by `key`."""

    key: str
    group: Expression | None
    values: tuple[Expression, ...]
    escape: Escape
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Interrupt:
    """`break` and `continue`."""

    word: str
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`render` (`isolated`) and `include`.

    `partial` is called with `value` as `key`, for `each` of its items where it says so. Without a partial its name is
    data, and stands for one of `choices`. `body` is the partial written out, once a pass has done it.
    """

    name: Expression
    key: str
    value: Expression | None
    each: bool
    arguments: tuple[Argument, ...]
    isolated: bool
    partial: Tree | None = field(compare=False)
    choices: Mapping[str, Tree] = field(compare=False, repr=False)
    called: str = ""
    body: Block | None = None
    name_at: Token | None = field(default=None, compare=False, repr=False)
    at: Token | None = field(default=None, compare=False, repr=False)


def called_as(name: str) -> str:
    """The variable that a partial of that name is given a value as."""
    return name.split("/")[-1].split(".")[0]


@dataclass(frozen=True, slots=True)
class Slot:
    """`slot`: ready text."""

    name: str
    part: Part = "html"
    at: Token | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the item `name` of a shared list writes by itself; a pass makes it."""

    name: str
    body: Block
    at: Token | None = field(default=None, compare=False, repr=False)


Node = (
    Block
    | Text
    | Output
    | Branch
    | Case
    | Loop
    | Assign
    | Capture
    | IfChanged
    | Count
    | Cycle
    | Interrupt
    | Call
    | Slot
    | Remembered
)
