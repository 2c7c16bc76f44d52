"""Which conditions SQL answers to the last bit, given sure readings: what it would only nearly answer is named."""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.rules import typed
from mailweave.schema.model import Schema
from mailweave.schema.types import ListOf, Number, Ratio, Type

_PLAIN = (
    typed.Const,
    typed.Attribute,
    typed.ItemField,
    typed.ScoreValue,
    typed.LookupValue,
    typed.EventAggregate,
)
_PLAIN_TOO = (typed.ListAggregate, typed.TimeSince, typed.Anniversary)


def inexact(roots: Iterable[typed.Expr], schema: Schema) -> str:
    """What is not exact in DuckDB, in words; an empty text where all is.

    Python rounds the sum of doubles once, whatever their order, and a quotient of whole numbers past 2^53 once too.
    """
    for root in roots:
        for expr in typed.walk(root):
            if isinstance(expr, typed.EventAggregate | typed.ListAggregate) and expr.function in (
                "sum",
                "avg",
            ):
                if isinstance(_summed(expr, schema), Number | Ratio):
                    return f"the {expr.function} of numbers that are no whole ones"
            elif isinstance(expr, typed.Arithmetic) and expr.op == "/" and not _is_exact(expr):
                return "a quotient of calculated values"
    return ""


def _summed(expr: typed.EventAggregate | typed.ListAggregate, schema: Schema) -> Type | None:
    if expr.field is None:
        return None
    if isinstance(expr, typed.EventAggregate):
        return schema.events[expr.event].fields[expr.field].type
    assert isinstance(expr.list.type, ListOf)
    return next(field.type for field in expr.list.type.fields if field.name == expr.field)


def _is_exact(quotient: typed.Arithmetic) -> bool:
    return _is_plain(quotient.left) and _is_plain(quotient.right)


def _is_plain(expr: typed.Expr) -> bool:
    """Whether an operand is a datum, an aggregate over data, or a number: small enough to be exact in a double."""
    return isinstance(typed.bare(expr), (*_PLAIN, *_PLAIN_TOO)) or isinstance(expr.type, Number | Ratio)
