"""The tests inside a rule text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mailweave.rules.nodes.base import Name, Node
from mailweave.rules.nodes.expressions import Constant, DurationLiteral, InstantLiteral, TextLiteral


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
