"""Conditions as formulas over variables: what boxes can reason about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import TypeAlias

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.regions.variables import Range, Variable
from mailweave.schema import types as t
from mailweave.schema.model import Schema

_OTHER = "any other"
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_RANGES: Mapping[str, Callable[[float], Range]] = {
    "==": lambda v: Range(v, v),
    "<": lambda v: Range(high=v, high_open=True),
    "<=": lambda v: Range(high=v),
    ">": lambda v: Range(low=v, low_open=True),
    ">=": lambda v: Range(low=v),
}
_MOST_PARTS = 400


class TooLarge(Exception):
    """A condition has more parts than boxes can handle."""


@dataclass(frozen=True, slots=True)
class Test:
    """Whether a variable lies in one of some ranges, or has one of some labels."""

    variable: Variable
    ranges: tuple[Range, ...] = ()
    labels: frozenset[object] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """Whether a variable is there."""

    variable: Variable


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Disjunction:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Complement:
    part: Formula


@dataclass(frozen=True, slots=True)
class IsTrue:
    """Two-valued: true, or not."""

    part: Formula


@dataclass(frozen=True, slots=True)
class Either:
    """True where `true` is, false where `false` is, else unknown."""

    true: Formula
    false: Formula


Formula: TypeAlias = Test | Given | All | Disjunction | Complement | IsTrue | Either


class Reader:
    """Turns conditions into formulas, segments and tiers replaced by what they mean."""

    def __init__(
        self, schema: Schema, segments: Mapping[str, c.Segment], tiers: Mapping[str, c.Tier]
    ) -> None:
        self.schema = schema
        self.segments = segments
        self.tiers = tiers
        self._parts = 0

    def formula(self, expr: x.Expr) -> Formula:
        """A condition as a formula. Raises TooLarge."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise TooLarge
        match expr:
            case x.Inlined(value=value):
                return self.formula(value)
            case x.And(terms=terms):
                return All(tuple(self.formula(term) for term in terms))
            case x.Or(terms=terms):
                return Disjunction(tuple(self.formula(term) for term in terms))
            case x.Not(term=term):
                return Complement(self.formula(term))
            case x.InSegment(name=name) if name in self.segments:
                return self.segment(self.segments[name])
            case x.ByArm():
                return self._by_arm(expr)
            case _:  # no connective
                return self._atom(expr)

    def segment(self, segment: c.Segment) -> Formula:
        """Who is in a segment."""
        inside = self.formula(segment.condition)
        if segment.within is None or segment.within not in self.segments:
            return IsTrue(inside)
        return IsTrue(All((self.segment(self.segments[segment.within]), inside)))

    def _by_arm(self, expr: x.ByArm) -> Formula:
        """Each arm with its condition: a recipient may be in any of them who can be in one at all."""
        arm = Variable(replace(expr, optional=False, only=None, conditions=()), False, expr.arms)
        inside = [self._known(expr, expr.unit)]
        inside += [] if expr.only is None else [IsTrue(self.formula(expr.only))]
        is_in = [All((Test(arm, labels=frozenset((name,))), *inside)) for name in expr.arms[1:]]
        control, *others = map(self.formula, expr.conditions)
        parts = [All((place, each)) for place, each in zip(is_in, others, strict=True)]
        return Disjunction((All((*map(Complement, is_in), control)), *parts))

    def _atom(self, expr: x.Expr) -> Formula:
        match expr:
            case x.Compare(left=left, op=op, right=right):
                return self._compare(expr, x.bare(left), op, x.bare(right))
            case x.Between(value=value, low=low, high=high):
                ends = ((">=", x.bare(low)), ("<=", x.bare(high)))
                return All(tuple(self._compare(expr, x.bare(value), op, end) for op, end in ends))
            case x.In(value=value, items=items):
                return self._in(expr, x.bare(value), items)
            case x.InWindow(value=value, window=x.ExactWindow() as window):
                return self._age(expr, value, window)
            case x.Exists(event=event, window=window):
                return Test(self._count(expr, event, window, None), (Range(low=1),))
            case x.Known(value=value):
                return self._known(expr, x.bare(value))
            case x.ConsentGiven() | x.Attribute() | x.ItemField():
                return Test(self._flag(expr, opaque=False), labels=frozenset((True,)))
            case _:  # what intervals cannot say is a variable of its own: true or false, and too many
                return Test(self._flag(expr, opaque=True), labels=frozenset((True,)))

    # ---- atoms

    def _compare(self, expr: x.Expr, left: x.Expr, op: str, right: x.Expr) -> Formula:
        if isinstance(left, x.Const) and not isinstance(right, x.Const):
            left, op, right = right, _FLIPPED.get(op, op), left
        if not isinstance(right, x.Const) or isinstance(left, x.Const):
            return Test(self._flag(expr, opaque=True), labels=frozenset((True,)))
        if op == "!=":
            return Complement(self._compare(expr, left, "==", right))
        if isinstance(left, x.TierValue) and left.name in self.tiers:
            return self._tier(self.tiers[left.name], str(right.value))
        if isinstance(left.type, t.Enum):
            return Test(self._labelled(left, left.type.members), labels=_members(left.type, op, right))
        if isinstance(left.type, t.Text | t.Key | t.Zone | t.Bool):
            return Test(self._labelled(left, _answers(left)), labels=frozenset((right.value,)))
        assert not isinstance(right.value, str)
        recent = self._recency(left, op, int(right.value))
        return recent or Test(self._number(left), (_RANGES[op](right.value),))

    def _in(self, expr: x.In, value: x.Expr, items: tuple[x.Const, ...]) -> Formula:
        parts = tuple(self._compare(expr, value, "==", item) for item in items)
        if all(isinstance(part, Test) for part in parts):
            tests = [part for part in parts if isinstance(part, Test)]
            ranges = tuple(each for test in tests for each in test.ranges)
            return Test(tests[0].variable, ranges, frozenset().union(*(test.labels for test in tests)))
        return Disjunction(parts)

    def _tier(self, tier: c.Tier, answer: str) -> Formula:
        """`tier == answer`: the member holds, and none before it. Unknown where no member holds."""
        chosen: dict[str, Formula] = {}
        before: list[Formula] = []
        for member in tier.members:
            holds = IsTrue(self.formula(member.condition))
            chosen[member.name] = All((holds, *before))
            before.append(Complement(holds))
        if tier.otherwise is not None:
            chosen[tier.otherwise] = All(tuple(before))
        others = tuple(formula for name, formula in chosen.items() if name != answer)
        return Either(chosen.get(answer, Disjunction(())), Disjunction(others))

    def _age(self, expr: x.Expr, value: x.Expr, window: x.ExactWindow) -> Formula:
        """`x in last d` is an age in [0, d), `x in next d` one in [-d, 0)."""
        value = x.bare(value)
        age = x.TimeSince(value.span, t.Duration(), value.optional, value)
        if window.last:
            recent = self._recency(age, "<", window.length)
            return recent or Test(self._number(age), (Range(0, window.length, high_open=True),))
        return Test(self._number(age), (Range(-window.length, 0, high_open=True),))

    def _recency(self, value: x.Expr, op: str, length: int) -> Formula | None:
        """`time since last(e) < d` asks for an event in the last d; unknown where there is none at all."""
        last = x.bare(value.value) if isinstance(value, x.TimeSince) else None
        if not isinstance(last, x.EventAggregate) or last.function != "last" or last.field is not None:
            return None
        if last.window is not None or op == "==" or length <= 0:
            return None
        ever = Test(self._count(last, last.event, None, last.where), (Range(low=1),))
        window = x.ExactWindow(length + (op in ("<=", ">")), True)
        within = Test(self._count(last, last.event, window, last.where), (Range(low=1),))
        recent, older = All((ever, within)), All((ever, Complement(within)))
        return Either(recent, older) if op in ("<", "<=") else Either(older, recent)

    def _known(self, expr: x.Expr, value: x.Expr) -> Formula:
        if isinstance(value, x.TimeSince):
            return self._known(expr, x.bare(value.value))
        if isinstance(value, x.EventAggregate) and value.field is None and value.optional:
            return Test(self._count(value, value.event, value.window, value.where), (Range(low=1),))
        if isinstance(value, x.TierValue) and value.name in self.tiers:
            members = self.tiers[value.name].answers
            return Disjunction(tuple(self._tier(self.tiers[value.name], member) for member in members))
        if isinstance(value.type, t.Enum):
            return Given(self._labelled(value, value.type.members))
        if isinstance(value.type, t.Text | t.Key | t.Zone | t.Bool):
            return Given(self._labelled(value, _answers(value)))
        if isinstance(value.type, t.SetOf | t.ListOf):
            return Test(self._flag(expr, opaque=True), labels=frozenset((True,)))
        return Given(self._number(value))

    # ---- variables

    def _flag(self, expr: x.Expr, *, opaque: bool) -> Variable:
        return Variable(expr, expr.optional, (True, False), opaque=opaque)

    def _labelled(self, expr: x.Expr, labels: tuple[object, ...]) -> Variable:
        return Variable(expr, expr.optional, labels, opaque=_opaque(expr))

    def _number(self, expr: x.Expr) -> Variable:
        if isinstance(expr, x.EventAggregate) and expr.function == "count":
            return self._count(expr, expr.event, expr.window, expr.where)
        if isinstance(expr, x.TimeSince):
            inner = x.bare(expr.value)
            expr = replace(expr, value=inner)
        whole = not isinstance(expr.type, t.Number | t.Ratio)
        return Variable(expr, expr.optional, None, whole, self._extent(expr), opaque=_opaque(expr))

    def _extent(self, expr: x.Expr) -> Range:
        if isinstance(expr, x.Attribute):
            field = self.schema.profile[expr.name]
            low = 0.0 if isinstance(field.type, t.Ratio) else -inf
            high = 1.0 if isinstance(field.type, t.Ratio) else inf
            low = field.minimum if isinstance(field.minimum, int | float) else low
            high = field.maximum if isinstance(field.maximum, int | float) else high
            return Range(low, high)
        if isinstance(expr, x.ListAggregate | x.EventAggregate) and expr.function in ("count", "distinct"):
            return Range(low=0)
        return Range(0.0, 1.0) if isinstance(expr.type, t.Ratio) else Range()

    def _count(self, expr: x.Expr, event: str, window: x.Window | None, where: x.Expr | None) -> Variable:
        key = x.EventAggregate(expr.span, t.Int(), False, "count", event, None, window, where)
        return Variable(key, False, None, True, Range(low=0))


def _opaque(expr: x.Expr) -> bool:
    """Whether a value hangs together with others in ways that boxes do not know."""
    return not isinstance(expr, x.Attribute | x.ItemField | x.ScoreValue | x.LookupValue | x.TimeSince)


def _answers(expr: x.Expr) -> tuple[object, ...]:
    return (True, False) if isinstance(expr.type, t.Bool) else (_OTHER,)


def _members(enum: t.Enum, op: str, right: x.Const) -> frozenset[object]:
    if op == "==" or not enum.ordered:
        return frozenset((right.value,))
    place = enum.members.index(str(right.value))
    return frozenset(m for at, m in enumerate(enum.members) if at in _RANGES[op](place))
