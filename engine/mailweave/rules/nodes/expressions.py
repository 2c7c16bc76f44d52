"""Literals and expressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mailweave.rules.nodes.base import Name, Node


@dataclass(frozen=True, slots=True)
class TextLiteral(Node):
    """`"..."`; `value` is what it stands for, escapes resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class BoolLiteral(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class NumberLiteral(Node):
    """`12`, `2_000`, `0.5`; as a constant also `-3`. `text` is what was written."""

    text: str


@dataclass(frozen=True, slots=True)
class MoneyLiteral(Node):
    """`20.50 USD`."""

    text: str
    currency: str


@dataclass(frozen=True, slots=True)
class DurationLiteral(Node):
    """`14 days`; `unit` is singular, `text` the number as written."""

    text: str
    unit: str


@dataclass(frozen=True, slots=True)
class DateLiteral(Node):
    text: str


@dataclass(frozen=True, slots=True)
class InstantLiteral(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """A bare name in an expression or a constant; the checker tells what it stands for.

    An attribute, a let, a segment, a tier, a parameter, an event, or a member of an enum.
    """

    id: str


FixedValue: TypeAlias = (
    TextLiteral | BoolLiteral | NumberLiteral | MoneyLiteral | DurationLiteral | DateLiteral | InstantLiteral
)
Constant: TypeAlias = FixedValue | Reference


@dataclass(frozen=True, slots=True)
class CalendarLength(Node):
    """`3 calendar months`; `unit` is singular."""

    text: str
    unit: str


@dataclass(frozen=True, slots=True)
class Window(Node):
    """`last 7 days`, `next 7 calendar days`, `last w` (a parameter of the `let` around it)."""

    direction: Literal["last", "next"]
    length: DurationLiteral | CalendarLength | Reference


@dataclass(frozen=True, slots=True)
class Over(Node):
    """What an aggregate runs over: `purchase.total in last 3 days where category == "jazz"`."""

    source: Name
    field: Name | None
    window: Window | None
    where: Expression | None


@dataclass(frozen=True, slots=True)
class Or(Node):
    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class And(Node):
    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    term: Expression


@dataclass(frozen=True, slots=True)
class Compare(Node):
    left: Expression
    op: Literal["==", "!=", "<", "<=", ">", ">="]
    right: Expression


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Expression
    low: Expression
    high: Expression
    negated: bool


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Expression
    items: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class InWindow(Node):
    """`signup_at in last 7 days` of an instant or a date; `complaint in last 7 days` of an event."""

    value: Expression
    window: Window


@dataclass(frozen=True, slots=True)
class Contains(Node):
    value: Expression
    item: Expression


@dataclass(frozen=True, slots=True)
class ContainsMany(Node):
    value: Expression
    quantifier: Literal["any", "all"]
    items: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Matches(Node):
    value: Expression
    pattern: TextLiteral


@dataclass(frozen=True, slots=True)
class Known(Node):
    """`x is known`; with `negated`, `x is unknown`."""

    value: Expression
    negated: bool


@dataclass(frozen=True, slots=True)
class NoEvent(Node):
    """`no click in last 30 days`."""

    event: Name
    window: Window


@dataclass(frozen=True, slots=True)
class Never(Node):
    """`never purchase`."""

    event: Name


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    left: Expression
    op: Literal["+", "-", "*", "/"]
    right: Expression


@dataclass(frozen=True, slots=True)
class Negate(Node):
    value: Expression


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    function: Literal["count", "sum", "min", "max", "avg", "first", "last", "distinct"]
    over: Over


@dataclass(frozen=True, slots=True)
class TimeSince(Node):
    value: Expression


@dataclass(frozen=True, slots=True)
class Anniversary(Node):
    value: Reference


@dataclass(frozen=True, slots=True)
class ConsentRef(Node):
    """`consent.marketing`."""

    purpose: Name


@dataclass(frozen=True, slots=True)
class ScoreRef(Node):
    """`score.churn`."""

    name: Name


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A `let` with arguments, or a lookup with its key."""

    function: Name
    arguments: tuple[Expression, ...]


Expression: TypeAlias = (
    Or
    | And
    | Not
    | Compare
    | Between
    | In
    | InWindow
    | Contains
    | ContainsMany
    | Matches
    | Known
    | NoEvent
    | Never
    | Arithmetic
    | Negate
    | Aggregate
    | TimeSince
    | Anniversary
    | ConsentRef
    | ScoreRef
    | Call
    | Constant
)
