"""What comparing needs: signs, kinds of values, and conditions put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from mailweave.rules import typed as x
from mailweave.rules.prover.encoding.values import Term, Truth
from mailweave.rules.prover.smt import smt
from mailweave.schema import types as t

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def rank_of(type_: t.Type, holds: Mapping[str, Any]) -> Any:
    """The rank of the member of a tier that holds."""
    z3 = smt()
    assert isinstance(type_, t.Enum)
    found = z3.IntVal(0)
    for name, here in holds.items():
        found = z3.If(here, z3.IntVal(type_.members.index(name)), found)
    return found


def two_valued(true: Any) -> Truth:
    """A condition that is never unknown."""
    return Truth(true, smt().Not(true))


def compared(left: Any, op: str, right: Any) -> Any:
    """One value beside another, by a sign."""
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:  # `>=`: the grammar has no other
            return left >= right


def joined(where: x.Expr | None, more: x.Expr) -> x.Expr:
    """One condition more."""
    return more if where is None else x.And(more.span, t.Bool(), True, (where, more))


def is_extreme(expr: x.Expr) -> TypeGuard[x.EventAggregate | x.ListAggregate]:
    """Whether it is the least or the greatest of some values."""
    if not isinstance(expr, x.EventAggregate | x.ListAggregate) or expr.field is None:
        return False
    return expr.function in ("min", "max") and not isinstance(expr.type, t.Text)


def is_among(expr: x.Expr) -> TypeGuard[x.EventAggregate | x.ListAggregate]:
    """Whether it is one of some values, or lies between them."""
    if not isinstance(expr, x.EventAggregate | x.ListAggregate) or expr.field is None:
        return False
    return expr.function in ("avg", "first", "last")


def is_plain_set(value: x.Expr, one: x.Expr | None = None) -> bool:
    """Whether it is a declared set, and what is looked for in it a constant."""
    held = x.bare(value)
    return isinstance(held, x.Attribute) and (one is None or isinstance(x.bare(one), x.Const))


def unrounded(op: str, found: Term, left: Any, right: Any) -> Any:
    """What arithmetic of doubles gives, but for rounding and what leaves their range."""
    z3 = smt()
    one, other = (z3.ToReal(each) if z3.is_int(each) else each for each in (left, right))
    if op == "/":
        is_there = other != 0
        return z3.And(found.known == is_there, z3.Implies(is_there, found.value * other == one))
    return z3.And(found.known, found.value == {"+": one + other, "-": one - other, "*": one * other}[op])


def averages(average: Any, total: Any, number: Any) -> list[Any]:
    """An average of few values that needs no rounding."""
    return [smt().And(number == few, average * few == total) for few in range(1, 5)]
