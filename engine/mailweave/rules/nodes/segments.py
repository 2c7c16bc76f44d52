"""Names, segments, tiers and skips."""

from __future__ import annotations

from dataclasses import dataclass

from mailweave.rules.nodes.base import Name, Node
from mailweave.rules.nodes.expressions import Expression, TextLiteral


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
