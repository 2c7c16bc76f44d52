"""Mails that start by themselves: what starts them, and what keeps them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mailweave.rules.nodes.base import Name, Node
from mailweave.rules.nodes.expressions import DurationLiteral, Expression


@dataclass(frozen=True, slots=True)
class Clock(Node):
    """`9:00`, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class OnEvent(Node):
    name: Name


@dataclass(frozen=True, slots=True)
class OnDay(Node):
    """`birthday at 9:00 in tz`: each year's day of a date, at a time of the clocks of a zone."""

    name: Name
    clock: Clock
    zone: Name | None


@dataclass(frozen=True, slots=True)
class OnEntering(Node):
    segment: Name


@dataclass(frozen=True, slots=True)
class Wait(Node):
    length: DurationLiteral


@dataclass(frozen=True, slots=True)
class Unless(Node):
    events: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class When(Node):
    condition: Expression


MailClause: TypeAlias = Unless | When


@dataclass(frozen=True, slots=True)
class FollowUp(Node):
    """`then again after 2 days unless open`; `name` is None where it is that of the trigger."""

    name: Name | None
    after: DurationLiteral
    clauses: tuple[MailClause, ...]


@dataclass(frozen=True, slots=True)
class Trigger(Node):
    name: Name
    cause: OnEvent | OnDay | OnEntering
    clauses: tuple[Wait | MailClause, ...]
    follow_ups: tuple[FollowUp, ...]


@dataclass(frozen=True, slots=True)
class QuietHours(Node):
    start: Clock
    stop: Clock
    zone: Name | None


@dataclass(frozen=True, slots=True)
class MailCap(Node):
    count: str
    per: DurationLiteral
