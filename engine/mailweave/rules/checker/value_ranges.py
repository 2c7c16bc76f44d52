"""Between which values a quantity lies, from what is declared: whether arithmetic can leave its range."""

from __future__ import annotations

from typing import TypeAlias

from mailweave.rules import typed as x
from mailweave.schema import types as t
from mailweave.schema.model import Schema
from mailweave.values import money, numbers

Extent: TypeAlias = tuple[int | float, int | float]

_MOST_EVENTS = 2**40


def extent(expr: x.Expr, schema: Schema) -> Extent | None:
    """The least and the greatest value; None when nothing says so."""
    match expr:
        case x.Const(value=int() | float() as value):
            return value, value
        case x.Inlined(value=inner):
            return extent(inner, schema)
        case x.Attribute(name=name):
            field = schema.profile[name]
            return _declared(field.type, field.minimum, field.maximum)
        case x.EventAggregate(function="count" | "distinct") | x.ListAggregate(function="count" | "distinct"):
            return 0, _MOST_EVENTS
        case x.Negate(value=inner):
            below = extent(inner, schema)
            return None if below is None else (-below[1], -below[0])
        case x.Arithmetic():
            return _combined(expr, schema)
        case _:  # what no case bounds has no bounds
            return (0.0, 1.0) if isinstance(expr.type, t.Ratio) else None


def _declared(type_: t.Type, low: object, high: object) -> Extent | None:
    if isinstance(type_, t.Ratio):
        low, high = (0.0 if low is None else low), (1.0 if high is None else high)
    if isinstance(low, int | float) and isinstance(high, int | float):
        return low, high
    return None


def _combined(expr: x.Arithmetic, schema: Schema) -> Extent | None:
    left, right = extent(expr.left, schema), extent(expr.right, schema)
    if left is None or right is None:
        return None
    if expr.op == "+":
        return left[0] + right[0], left[1] + right[1]
    if expr.op == "-":
        return left[0] - right[1], left[1] - right[0]
    if expr.op == "/" and right[0] <= 0 <= right[1]:
        return None
    results = [a * b if expr.op == "*" else a / b for a in left for b in right]
    return min(results), max(results)


def overflows(expr: x.Arithmetic, schema: Schema) -> bool:
    """Whether the result can be missing though both sides are there: too large, or divided by zero."""
    found = extent(expr, schema)
    if found is None:
        return True
    if isinstance(expr.type, t.Int):
        return not numbers.SMALLEST <= found[0] <= found[1] <= numbers.LARGEST
    if isinstance(expr.type, t.Money):
        return not -money.LIMIT < found[0] <= found[1] < money.LIMIT
    return not -1e300 < found[0] <= found[1] < 1e300
