"""Expressions after checking: typed, names resolved, lets inlined, literals in their normal form.

What the compiler and the interpreter read. Constants hold values in the normal form of
`mailweave.values`. `optional` says that a value may be missing (that a condition may be unknown): where
it is False, Kleene logic and two-valued logic agree. Names are ASCII identifiers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias, cast

from mailweave.schema.types import Type
from mailweave.source import Span
from mailweave.values.calendar import CalendarWindow


@dataclass(frozen=True, slots=True)
class ExactWindow:
    """`last`: (now - length, now]; else (now, now + length]. `length` in microseconds, more than 0."""

    length: int
    last: bool


Window: TypeAlias = ExactWindow | CalendarWindow

Operator: TypeAlias = Literal["+", "-", "*", "/"]
Comparison: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]
Function: TypeAlias = Literal["count", "sum", "min", "max", "avg", "first", "last", "distinct"]


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression: where it stands, its type, whether its value may be missing."""

    span: Span = field(compare=False)
    type: Type
    optional: bool


# ---- values


@dataclass(frozen=True, slots=True)
class Const(Typed):
    """A literal, or a member of an enum (its name). Never missing."""

    value: bool | int | float | str


@dataclass(frozen=True, slots=True)
class Attribute(Typed):
    """An attribute of the profile, under its declared name."""

    name: str


@dataclass(frozen=True, slots=True)
class ItemField(Typed):
    """A field of the event or of the list item at hand, inside the `where` of an aggregate."""

    name: str


@dataclass(frozen=True, slots=True)
class ConsentGiven(Typed):
    """Never unknown: what is not recorded is not given."""

    purpose: str


@dataclass(frozen=True, slots=True)
class ScoreValue(Typed):
    """The score, or its `else` when it is absent or stale."""

    name: str


@dataclass(frozen=True, slots=True)
class LookupValue(Typed):
    """The value found under `key`, or the `else` of the lookup, for a missing key too. Never missing."""

    name: str
    key: Expr


@dataclass(frozen=True, slots=True)
class TierValue(Typed):
    """The member of a tier that holds; its type is an unordered enum of the members' names."""

    name: str


@dataclass(frozen=True, slots=True)
class Inlined(Typed):
    """What a `let` stands for; means exactly `value`. Only explanations show the name."""

    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Arithmetic(Typed):
    """Both sides of one numeric type, but for money * int, int * money and money / money.

    `/` gives a number; int, number and money keep their type under the others. Literals of int beside
    a number are numbers already.
    """

    left: Expr
    op: Operator
    right: Expr


@dataclass(frozen=True, slots=True)
class Negate(Typed):
    value: Expr


@dataclass(frozen=True, slots=True)
class EventAggregate(Typed):
    """An aggregate over the kept events of a type, in `window` if there is one, for which `where` is true.

    `field` is None for `count(e)` and for the instants `min(e)`, `max(e)`, `first(e)` and `last(e)`.
    """

    function: Function
    event: str
    field: str | None
    window: Window | None
    where: Expr | None


@dataclass(frozen=True, slots=True)
class ListAggregate(Typed):
    """An aggregate over the items of a list of records of the profile."""

    function: Literal["count", "sum", "min", "max", "avg", "distinct"]
    list: Attribute
    field: str | None
    where: Expr | None


@dataclass(frozen=True, slots=True)
class TimeSince(Typed):
    value: Expr


@dataclass(frozen=True, slots=True)
class Anniversary(Typed):
    value: Expr


# ---- conditions


@dataclass(frozen=True, slots=True)
class Or(Typed):
    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class And(Typed):
    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not(Typed):
    term: Expr


@dataclass(frozen=True, slots=True)
class ByArm(Typed):
    """A condition in which a constant stands that an experiment varies: as each of its `arms` has it, the control first.

    Who is in no arm (outside of `only`, which is two-valued here, held out, without `unit`) has that of the control.
    """

    experiment: str
    arms: tuple[str, ...]
    unit: Attribute
    only: Expr | None
    conditions: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class InSegment(Typed):
    """Two-valued: inside the segment or not."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare(Typed):
    """Both sides of one type; `<` and its like never on text, sets or unordered enums."""

    left: Expr
    op: Comparison
    right: Expr


@dataclass(frozen=True, slots=True)
class Between(Typed):
    """`low <= value and value <= high`, Kleene."""

    value: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class In(Typed):
    value: Expr
    items: tuple[Const, ...]


@dataclass(frozen=True, slots=True)
class InWindow(Typed):
    """An instant in a window, or a date in a calendar window."""

    value: Expr
    window: Window


@dataclass(frozen=True, slots=True)
class Exists(Typed):
    """Some kept event of a type lies in the window, or, without one, at all. Never unknown."""

    event: str
    window: Window | None


@dataclass(frozen=True, slots=True)
class TextContains(Typed):
    value: Expr
    part: Expr


@dataclass(frozen=True, slots=True)
class SetContains(Typed):
    value: Expr
    item: Expr


@dataclass(frozen=True, slots=True)
class SetContainsMany(Typed):
    value: Expr
    quantifier: Literal["any", "all"]
    items: tuple[Const, ...]


@dataclass(frozen=True, slots=True)
class Matches(Typed):
    """A glob (`*` any run, `?` one character) over the whole text, case-sensitive."""

    value: Expr
    pattern: str


@dataclass(frozen=True, slots=True)
class Known(Typed):
    """Two-valued; `is unknown` is its `Not`."""

    value: Expr


Value: TypeAlias = (
    Const
    | Attribute
    | ItemField
    | ConsentGiven
    | ScoreValue
    | LookupValue
    | TierValue
    | Inlined
    | Arithmetic
    | Negate
    | EventAggregate
    | ListAggregate
    | TimeSince
    | Anniversary
)

Connective: TypeAlias = Or | And | Not | ByArm

Predicate: TypeAlias = (
    InSegment
    | Compare
    | Between
    | In
    | InWindow
    | Exists
    | TextContains
    | SetContains
    | SetContainsMany
    | Matches
    | Known
)

Expr: TypeAlias = Value | Connective | Predicate


def children(expr: Expr) -> Iterator[Expr]:
    """The expressions directly below `expr`, in the order of its fields."""
    for each in fields(expr):
        value = getattr(expr, each.name)
        if isinstance(value, Typed):
            yield cast(Expr, value)  # every subclass of Typed is a member of Expr
        elif isinstance(value, tuple):
            yield from (cast(Expr, item) for item in value if isinstance(item, Typed))


def walk(expr: Expr) -> Iterator[Expr]:
    """`expr` and everything below it, in text order."""
    waiting = [expr]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(tuple(children(current))))


def bare(expr: Expr) -> Expr:
    """Without the names of lets around it."""
    while isinstance(expr, Inlined):
        expr = expr.value
    return expr
