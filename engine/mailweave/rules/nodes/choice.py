"""Slots, blocks, matrices, overrides and experiments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mailweave.rules.nodes.base import Name, Node
from mailweave.rules.nodes.expressions import (
    DateLiteral,
    DurationLiteral,
    Expression,
    FixedValue,
    InstantLiteral,
    NumberLiteral,
    TextLiteral,
)

PolicyName: TypeAlias = Literal["unique", "any", "first", "priority", "score", "collect", "learned"]


@dataclass(frozen=True, slots=True)
class Slot(Node):
    """`fallback` is None for a slot that is `optional`: it may stay empty."""

    name: Name
    is_text: bool
    max: str
    fallback: Name | None


@dataclass(frozen=True, slots=True)
class Requires(Node):
    condition: Expression


@dataclass(frozen=True, slots=True)
class Expires(Node):
    when: DateLiteral | InstantLiteral


@dataclass(frozen=True, slots=True)
class ExpiresAfter(Node):
    """`expires 48 hours after last(click)`: an end of one's own for each recipient."""

    length: DurationLiteral
    start: Expression


@dataclass(frozen=True, slots=True)
class Cap(Node):
    count: str
    per: DurationLiteral


@dataclass(frozen=True, slots=True)
class Says(Node):
    """`says "Liquid"`: the content of a block of a text slot."""

    text: TextLiteral


@dataclass(frozen=True, slots=True)
class Shows(Node):
    list: Name


Clause: TypeAlias = Requires | Expires | ExpiresAfter | Cap | Says | Shows


@dataclass(frozen=True, slots=True)
class Block(Node):
    name: Name
    slot: Name
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Policy(Node):
    name: PolicyName


@dataclass(frozen=True, slots=True)
class Tie(Node):
    key: Literal["order", "least recently sent", "expires soonest"]


@dataclass(frozen=True, slots=True)
class MatrixColumn(Node):
    """`policy` is None when the column takes the policy of its matrix."""

    slot: Name
    policy: Policy | None


@dataclass(frozen=True, slots=True)
class Cell(Node):
    """A block with its fixed `number` or its `score` expression; `block` is None for `-`."""

    block: Name | None
    number: NumberLiteral | None
    score: Expression | None


@dataclass(frozen=True, slots=True)
class Row(Node):
    """`segment` is None for the row `otherwise`."""

    segment: Name | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    name: Name | None
    policy: Policy
    ties: tuple[Tie, ...]
    columns: tuple[MatrixColumn, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Override(Node):
    winner: Name
    loser: Name
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Unit(Node):
    attribute: Name
    salt: TextLiteral


@dataclass(frozen=True, slots=True)
class Only(Node):
    condition: Expression


@dataclass(frozen=True, slots=True)
class Holdout(Node):
    """`percent` as written, without the sign: `5` or `2.5`."""

    percent: str


@dataclass(frozen=True, slots=True)
class Arm(Node):
    """`block` is None for the control arm, which keeps the block of the experiment."""

    name: Name
    percent: str
    block: Name | None


@dataclass(frozen=True, slots=True)
class Split(Node):
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class Experiment(Node):
    name: Name
    block: Name
    items: tuple[Unit | Only | Holdout | Split, ...]


@dataclass(frozen=True, slots=True)
class ValueArm(Node):
    """`lower 50% -> 50`; `value` is None for the control arm, which keeps what is written. Of a wait it is a duration."""

    name: Name
    percent: str
    value: FixedValue | None


@dataclass(frozen=True, slots=True)
class ValueSplit(Node):
    arms: tuple[ValueArm, ...]


@dataclass(frozen=True, slots=True)
class ConstantExperiment(Node):
    """`experiment x on let big { .. }`: arms have values of the `let` of their own."""

    name: Name
    constant: Name
    items: tuple[Unit | Only | Holdout | ValueSplit, ...]


@dataclass(frozen=True, slots=True)
class WaitExperiment(Node):
    """`experiment x on wait of welcome { .. }`: arms have waits of the trigger of their own."""

    name: Name
    trigger: Name
    items: tuple[Unit | Only | Holdout | ValueSplit, ...]


AnyExperiment: TypeAlias = Experiment | ConstantExperiment | WaitExperiment


def arms(node: Node) -> tuple[Arm | ValueArm, ...]:
    """The arms of an experiment in the order they are written; of other nodes none."""
    if not isinstance(node, Experiment | ConstantExperiment | WaitExperiment):
        return ()
    return tuple(arm for item in node.items if isinstance(item, Split | ValueSplit) for arm in item.arms)
