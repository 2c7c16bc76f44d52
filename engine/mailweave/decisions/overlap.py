"""Whether two segments can have a member in common.

A small, sure answer: what both conditions demand of the same name (a range, a set of constants, a truth
value) is compared. Where that shows no contradiction, the segments may overlap, for all that is known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailweave.rules import typed
from mailweave.rules.checked import Segment
from mailweave.rules.typed import Const, Expr
from mailweave.schema.types import Enum

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_ENDLESS = float("inf")


@dataclass(slots=True)
class _Demand:
    """What is demanded of one expression: a range, whose ends may be left out, and constants."""

    low: float = -_ENDLESS
    high: float = _ENDLESS
    low_open: bool = False
    high_open: bool = False
    allowed: frozenset[object] | None = None
    forbidden: frozenset[object] = frozenset()

    def above(self, limit: float, is_open: bool) -> None:
        if (limit, is_open) > (self.low, self.low_open):
            self.low, self.low_open = limit, is_open

    def below(self, limit: float, is_open: bool) -> None:
        if (limit, not is_open) < (self.high, not self.high_open):
            self.high, self.high_open = limit, is_open

    def among(self, values: frozenset[object]) -> None:
        self.allowed = values if self.allowed is None else self.allowed & values

    def is_impossible(self) -> bool:
        if self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)):
            return True
        return self.allowed is not None and not any(map(self._holds, self.allowed))

    def _holds(self, value: object) -> bool:
        if value in self.forbidden:
            return False
        if isinstance(value, bool) or not isinstance(value, int | float):
            return True
        above = value > self.low or (value == self.low and not self.low_open)
        return above and (value < self.high or (value == self.high and not self.high_open))


def are_disjoint(one: str, other: str, segments: Mapping[str, Segment]) -> bool:
    """Whether it is certain that nobody is in both segments."""
    demands: dict[Expr, _Demand] = {}
    truths: dict[Expr, bool] = {}
    for name in (one, other):
        for condition, wanted in _facts_of_segment(name, segments):
            if truths.setdefault(condition, wanted) != wanted:
                return True
            _demand(condition, wanted, demands)
    return any(demand.is_impossible() for demand in demands.values())


def _facts_of_segment(name: str, segments: Mapping[str, Segment]) -> Iterator[tuple[Expr, bool]]:
    """Conditions that are certainly true (or false) for each member."""
    segment = segments[name]
    yield typed.InSegment(segment.span, segment.condition.type, False, name), True
    if segment.within is not None:
        yield from _facts_of_segment(segment.within, segments)
    yield from _facts(segment.condition, True, segments)


def _facts(condition: Expr, wanted: bool, segments: Mapping[str, Segment]) -> Iterator[tuple[Expr, bool]]:
    match condition:
        case typed.Inlined(value=value):
            yield from _facts(value, wanted, segments)
        case typed.Not(term=term):
            yield from _facts(term, not wanted, segments)
        case typed.And(terms=terms) if wanted:
            for term in terms:
                yield from _facts(term, True, segments)
        case typed.Or(terms=terms) if not wanted:
            for term in terms:
                yield from _facts(term, False, segments)
        case typed.InSegment(name=name) if wanted:
            yield from _facts_of_segment(name, segments)
        case _:
            yield condition, wanted


def _demand(condition: Expr, wanted: bool, demands: dict[Expr, _Demand]) -> None:
    match condition:
        case typed.Compare(left=left, op=op, right=Const(value=value)):
            _compare(_at(demands, left), op if wanted else _negated(op), value, left)
        case typed.Compare(left=Const(value=value), op=op, right=right):
            _compare(_at(demands, right), _FLIPPED[op if wanted else _negated(op)], value, right)
        case typed.Between(value=value, low=Const(value=low), high=Const(value=high)) if wanted:
            _compare(_at(demands, value), ">=", low, value)
            _compare(_at(demands, value), "<=", high, value)
        case typed.In(value=value, items=items):
            constants = frozenset(item.value for item in items)
            demand = _at(demands, value)
            if wanted:
                demand.among(constants)
            else:
                demand.forbidden |= constants


def _at(demands: dict[Expr, _Demand], expr: Expr) -> _Demand:
    while isinstance(expr, typed.Inlined):
        expr = expr.value
    return demands.setdefault(expr, _Demand())


def _negated(op: str) -> str:
    return {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}[op]


def _compare(demand: _Demand, op: str, value: object, left: Expr) -> None:
    if op == "==":
        demand.among(frozenset({value}))
    elif op == "!=":
        demand.forbidden |= {value}
    elif isinstance(left.type, Enum):
        _among_ranks(demand, op, value, left.type.members)
    elif isinstance(value, int | float):
        if op in (">", ">="):
            demand.above(value, op == ">")
        else:
            demand.below(value, op == "<")


def _among_ranks(demand: _Demand, op: str, value: object, members: tuple[str, ...]) -> None:
    at = members.index(str(value))
    ends = {"<": members[:at], "<=": members[: at + 1], ">": members[at + 1 :], ">=": members[at:]}
    demand.among(frozenset(ends[op]))
