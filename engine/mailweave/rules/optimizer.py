"""Conditions made ready for code: passes from a condition to one that is true for the same recipients.

`push_not` moves `not` down to the atoms (negation normal form). From then on an unknown atom may count as
false: that commutes with `and` and `or`, so two-valued code gives the exact Kleene answer to "is it true".
The other passes rely on that, so `push_not` comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mailweave.rules.typed import (
    And,
    Anniversary,
    Arithmetic,
    Attribute,
    Between,
    ByArm,
    Compare,
    ConsentGiven,
    Const,
    EventAggregate,
    Exists,
    Expr,
    In,
    Inlined,
    InSegment,
    InWindow,
    ItemField,
    Known,
    ListAggregate,
    LookupValue,
    Matches,
    Negate,
    Not,
    Or,
    ScoreValue,
    SetContains,
    SetContainsMany,
    TextContains,
    TierValue,
    TimeSince,
    children,
)
from mailweave.schema.types import Bool

Pass = Callable[[Expr], Expr]


def push_not(expr: Expr) -> Expr:
    """`not` stands only before atoms, and names of lets are gone."""
    return _pushed(expr, negated=False)


def _pushed(expr: Expr, *, negated: bool) -> Expr:
    match expr:
        case Inlined(value=value):
            return _pushed(value, negated=negated)
        case Not(term=term):
            return _pushed(term, negated=not negated)
        case And(terms=terms) | Or(terms=terms):
            joined = And if isinstance(expr, And) != negated else Or
            below = tuple(_pushed(term, negated=negated) for term in terms)
            return joined(expr.span, Bool(), expr.optional, below)
        case ByArm(conditions=conditions):
            each = tuple(_pushed(one, negated=negated) for one in conditions)
            return replace(expr, conditions=each)
        case _:  # no connective, so `not` stays in front
            return Not(expr.span, Bool(), expr.optional, expr) if negated else expr


def flatten(expr: Expr) -> Expr:
    """No `and` directly below an `and`, no `or` below an `or`, no atom twice beside itself."""
    if not isinstance(expr, And | Or):
        return expr
    terms: list[Expr] = []
    for term in map(flatten, expr.terms):
        terms.extend(term.terms if isinstance(term, type(expr)) else (term,))
    unique = tuple(dict.fromkeys(terms))
    return unique[0] if len(unique) == 1 else replace(expr, terms=unique)


def fold(expr: Expr) -> Expr:
    """`true` and `false` are gone wherever something else decides."""
    if not isinstance(expr, And | Or):
        return expr
    neutral = isinstance(expr, And)
    terms = tuple(term for term in map(fold, expr.terms) if _constant(term) is not neutral)
    deciding = next((term for term in terms if _constant(term) is not None), None)
    if deciding is not None:
        return Const(expr.span, Bool(), False, not neutral)
    if not terms:
        return Const(expr.span, Bool(), False, neutral)
    return terms[0] if len(terms) == 1 else replace(expr, terms=terms)


def _constant(expr: Expr) -> bool | None:
    match expr:
        case Const(value=bool(value)):
            return value
        case Not(term=Const(value=bool(value))):
            return not value
        case _:  # only what is plain is folded
            return None


def order_by_cost(expr: Expr) -> Expr:
    """The cheapest term of an `and` or `or` is asked first; equal ones stay as written."""
    if not isinstance(expr, And | Or):
        return expr
    return replace(expr, terms=tuple(sorted(map(order_by_cost, expr.terms), key=cost)))


PASSES: Final[tuple[Pass, ...]] = (push_not, flatten, fold, order_by_cost)


def optimized(expr: Expr) -> Expr:
    """A condition after all passes."""
    for each in PASSES:
        expr = each(expr)
    return expr


_COSTS: Final[dict[type, int]] = {
    Const: 0,
    Attribute: 1,
    ItemField: 1,
    ConsentGiven: 1,
    ScoreValue: 1,
    LookupValue: 1,
    InSegment: 1,
    TierValue: 1,
    Known: 1,
    Compare: 1,
    Between: 2,
    In: 2,
    SetContains: 2,
    SetContainsMany: 4,
    TextContains: 4,
    InWindow: 2,
    Arithmetic: 4,
    Negate: 3,
    TimeSince: 2,
    Matches: 8,
    Exists: 8,
    Anniversary: 10,
    EventAggregate: 12,
    ListAggregate: 20,
}


def cost(expr: Expr) -> int:
    """Roughly how long an expression takes, in units of one comparison.

    What stands in the `where` of an event aggregate is paid when the log is built, not here.
    """
    own = _COSTS.get(type(expr), 0)
    if isinstance(expr, EventAggregate):
        return own
    return own + sum(map(cost, children(expr)))
