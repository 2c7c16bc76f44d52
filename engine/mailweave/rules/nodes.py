"""The tree of a rule text, as its author wrote it.

Every node is frozen and carries its span; `walk` visits a tree by its fields. Spans do not take part
in equality, so two texts that differ only in layout have equal trees. Numbers, dates and amounts stay
the text that was written: the checker gives them a type and a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias

from mailweave.source import Source, Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything that stands in a rule text."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name that declares something, or refers to it, outside expressions."""

    id: str


# ---- literals and expressions


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


Constant: TypeAlias = (
    TextLiteral
    | BoolLiteral
    | NumberLiteral
    | MoneyLiteral
    | DurationLiteral
    | DateLiteral
    | InstantLiteral
    | Reference
)


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


# ---- head and schema


@dataclass(frozen=True, slots=True)
class Ruleset(Node):
    name: TextLiteral
    version: str


@dataclass(frozen=True, slots=True)
class Timezone(Node):
    """`timezone tz else "Europe/Berlin"`; without an attribute, one zone for all."""

    attribute: Name | None
    zone: TextLiteral


@dataclass(frozen=True, slots=True)
class Budget(Node):
    steps: str


@dataclass(frozen=True, slots=True)
class NamedType(Node):
    name: str


@dataclass(frozen=True, slots=True)
class MoneyType(Node):
    currency: str


@dataclass(frozen=True, slots=True)
class EnumType(Node):
    members: tuple[Name, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class SetType(Node):
    item: TypeNode


@dataclass(frozen=True, slots=True)
class RecordField(Node):
    """One field of an event, a catalogue item or a record."""

    name: Name
    type: TypeNode
    optional: bool
    default: Constant | None


@dataclass(frozen=True, slots=True)
class ListType(Node):
    fields: tuple[RecordField, ...]


TypeNode: TypeAlias = NamedType | MoneyType | EnumType | SetType | ListType


@dataclass(frozen=True, slots=True)
class Pii(Node):
    pass


@dataclass(frozen=True, slots=True)
class Minimum(Node):
    value: Constant


@dataclass(frozen=True, slots=True)
class Maximum(Node):
    value: Constant


@dataclass(frozen=True, slots=True)
class Needs(Node):
    consent: Name


@dataclass(frozen=True, slots=True)
class Column(Node):
    """`from "nb_orders"`: the name in the data."""

    name: TextLiteral


@dataclass(frozen=True, slots=True)
class Default(Node):
    value: Constant


Label: TypeAlias = Pii | Minimum | Maximum | Needs | Column | Default


@dataclass(frozen=True, slots=True)
class ProfileField(Node):
    name: Name
    type: TypeNode
    optional: bool
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Profile(Node):
    fields: tuple[ProfileField, ...]


@dataclass(frozen=True, slots=True)
class Forever(Node):
    pass


@dataclass(frozen=True, slots=True)
class Event(Node):
    name: Name
    fields: tuple[RecordField, ...]
    keep: DurationLiteral | Forever


@dataclass(frozen=True, slots=True)
class Consent(Node):
    purposes: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Computation(Node):
    """`rfm(purchase.total in last 365 days)`."""

    function: Name
    over: Over


@dataclass(frozen=True, slots=True)
class Score(Node):
    """`otherwise` is None for `else unknown`."""

    name: Name
    type: TypeNode
    computation: Computation | None
    ttl: DurationLiteral
    otherwise: Constant | None


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    name: Name
    key: TypeNode
    type: TypeNode
    ttl: DurationLiteral
    otherwise: Constant


@dataclass(frozen=True, slots=True)
class Catalog(Node):
    name: Name
    fields: tuple[RecordField, ...]


@dataclass(frozen=True, slots=True)
class RecommendedList(Node):
    """`list for_you of cds by "cf" max 4 else "bestsellers"`."""

    name: Name
    catalog: Name
    by: TextLiteral
    max: str
    otherwise: TextLiteral


# ---- names, segments, tiers, skips


@dataclass(frozen=True, slots=True)
class Let(Node):
    name: Name
    parameters: tuple[Name, ...]
    value: Expression


@dataclass(frozen=True, slots=True)
class Segment(Node):
    """`braces` tells `{ lines }` from `= condition`; the lines of braces are joined by `and`."""

    name: Name
    label: TextLiteral | None
    within: Name | None
    conditions: tuple[Expression, ...]
    braces: bool


@dataclass(frozen=True, slots=True)
class Member(Node):
    name: Name
    condition: Expression


@dataclass(frozen=True, slots=True)
class Tier(Node):
    name: Name
    complete: bool
    members: tuple[Member, ...]
    otherwise: Name | None


@dataclass(frozen=True, slots=True)
class Skip(Node):
    """`skip code "why" when condition`."""

    name: Name
    reason: TextLiteral | None
    condition: Expression


# ---- content and choice

PolicyName: TypeAlias = Literal["unique", "any", "first", "priority", "score", "collect"]


@dataclass(frozen=True, slots=True)
class Slot(Node):
    name: Name
    is_text: bool
    max: str
    fallback: Name


@dataclass(frozen=True, slots=True)
class Requires(Node):
    condition: Expression


@dataclass(frozen=True, slots=True)
class Expires(Node):
    when: DateLiteral | InstantLiteral


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


Clause: TypeAlias = Requires | Expires | Cap | Says | Shows


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


# ---- tests


@dataclass(frozen=True, slots=True)
class Many(Node):
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pair(Node):
    name: Name
    value: Value


@dataclass(frozen=True, slots=True)
class Record(Node):
    pairs: tuple[Pair, ...]


Value: TypeAlias = Constant | Many | Record


@dataclass(frozen=True, slots=True)
class GivenProfile(Node):
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class GivenConsent(Node):
    purposes: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class GivenEvent(Node):
    name: Name
    pairs: tuple[Pair, ...]
    ago: DurationLiteral


@dataclass(frozen=True, slots=True)
class GivenEvents(Node):
    events: tuple[GivenEvent, ...]


@dataclass(frozen=True, slots=True)
class GivenScore(Node):
    name: Name
    value: Constant
    age: DurationLiteral | None


@dataclass(frozen=True, slots=True)
class GivenScores(Node):
    scores: tuple[GivenScore, ...]


@dataclass(frozen=True, slots=True)
class GivenLookup(Node):
    name: Name
    key: Constant
    value: Constant


@dataclass(frozen=True, slots=True)
class GivenLookups(Node):
    lookups: tuple[GivenLookup, ...]


@dataclass(frozen=True, slots=True)
class GivenLists(Node):
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class GivenArm(Node):
    experiment: Name
    arm: Name


@dataclass(frozen=True, slots=True)
class Now(Node):
    instant: InstantLiteral


@dataclass(frozen=True, slots=True)
class IsIn(Node):
    segment: Name


@dataclass(frozen=True, slots=True)
class IsOut(Node):
    segment: Name


@dataclass(frozen=True, slots=True)
class IsAnswer(Node):
    """`hero is hero_vip` of a slot, `engagement is fading` of a tier; with `many`, `offers is (a, b)`."""

    name: Name
    answers: tuple[Name, ...]
    many: bool


@dataclass(frozen=True, slots=True)
class IsSkipped(Node):
    code: Name


Fact: TypeAlias = IsIn | IsOut | IsAnswer | IsSkipped


@dataclass(frozen=True, slots=True)
class Expect(Node):
    facts: tuple[Fact, ...]


TestItem: TypeAlias = (
    GivenProfile
    | GivenConsent
    | GivenEvents
    | GivenScores
    | GivenLookups
    | GivenLists
    | GivenArm
    | Now
    | Expect
)


@dataclass(frozen=True, slots=True)
class Test(Node):
    name: TextLiteral
    items: tuple[TestItem, ...]


# ---- the whole text

Statement: TypeAlias = (
    Ruleset
    | Timezone
    | Budget
    | Profile
    | Event
    | Consent
    | Score
    | Lookup
    | Catalog
    | RecommendedList
    | Let
    | Segment
    | Tier
    | Skip
    | Slot
    | Block
    | Matrix
    | Override
    | Experiment
    | Test
)


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """`# ...` to the end of its line, the sign included."""

    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A rule text: its statements in file order.

    `sound` says that all of the text is in the tree; `broken` holds the names that statements with mistakes
    would have declared, so that the checker does not call them unknown. Only statements take part in
    equality.
    """

    statements: tuple[Statement, ...]
    source: Source = field(compare=False)
    comments: tuple[Comment, ...] = field(default=(), compare=False)
    broken: frozenset[str] = field(default=frozenset(), compare=False)
    sound: bool = field(default=True, compare=False)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below `node`, in the order of its fields."""
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it, in text order; works at any depth."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(tuple(children(current))))
