"""Values as z3 terms: whole numbers for what is counted in units, reals for doubles, strings for texts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from mailweave.rules.prover.smt import smt
from mailweave.schema import types as t
from mailweave.schema.types import Field
from mailweave.values.instants import FIRST, LAST
from mailweave.values.numbers import LARGEST, SMALLEST

_MOST_MONEY = 10**18 - 1
_LAST_DAY = 3_652_059


class Term(NamedTuple):
    """A value and whether it is there."""

    value: Any
    known: Any


class Truth(NamedTuple):
    """Where a condition is true, where it is false; it is unknown where it is neither."""

    true: Any
    false: Any


Item = Mapping[str, Term]
"""The fields of the event or list item at hand."""
NO_ITEM: Item = {}


def truth_of(known: Any, true: Any) -> Truth:
    """A condition that is unknown where a value is not there."""
    z3 = smt()
    return Truth(z3.And(known, true), z3.And(known, z3.Not(true)))


def variable(name: str, type_: t.Type) -> Any:
    """An unbound value of a type."""
    z3 = smt()
    match type_:
        case t.Bool():
            return z3.Bool(name)
        case t.Number() | t.Ratio():
            return z3.Real(name)
        case t.Text() | t.Key() | t.Zone():
            return z3.String(name)
        case _:  # all others are kept as whole numbers
            return z3.Int(name)


def literal(value: Any, type_: t.Type) -> Any:
    """A constant; a member of an enum is its rank."""
    z3 = smt()
    match type_:
        case t.Bool():
            return z3.BoolVal(bool(value))
        case t.Number() | t.Ratio():
            return z3.RealVal(str(Fraction(value)))
        case t.Text() | t.Key() | t.Zone():
            return z3.StringVal(value)
        case t.Enum(members=members):
            return z3.IntVal(members.index(value))
        case _:  # all others are kept as whole numbers
            return z3.IntVal(int(value))


def within(value: Any, type_: t.Type, field: Field | None = None) -> list[Any]:
    """What holds of every value of a type, and of a field with its bounds."""
    low, high = _domain(type_)
    if field is not None and not isinstance(type_, t.Text | t.Key | t.Zone | t.Bool):
        low = low if field.minimum is None else _bound(field.minimum, type_)
        high = high if field.maximum is None else _bound(field.maximum, type_)
    return [*([] if low is None else [value >= low]), *([] if high is None else [value <= high])]


def _bound(value: Any, type_: t.Type) -> Any:
    return type_.members.index(value) if isinstance(type_, t.Enum) else literal(value, type_)


def _domain(type_: t.Type) -> tuple[Any, Any]:
    match type_:
        case t.Int() | t.Duration():
            return SMALLEST, LARGEST
        case t.Ratio():
            return 0, 1
        case t.Money():
            return -_MOST_MONEY, _MOST_MONEY
        case t.Date():
            return 1, _LAST_DAY
        case t.Instant():
            return FIRST, LAST
        case t.Enum(members=members):
            return 0, len(members) - 1
        case t.Text() | t.Key() | t.Bool() | t.Number() | t.Zone() | t.SetOf() | t.ListOf():
            return None, None


def plain_value(model: Any, term: Any, type_: t.Type) -> Any:
    """What a model says of a term, in the normal form of its type."""
    found = model.eval(term, model_completion=True)
    match type_:
        case t.Bool():
            return bool(smt().is_true(found))
        case t.Number() | t.Ratio():
            return float(Fraction(found.as_fraction()))
        case t.Text() | t.Key() | t.Zone():
            return _unescaped(found.as_string())
        case t.Enum(members=members):
            return members[found.as_long()]
        case _:  # all others are kept as whole numbers
            return found.as_long()


def _unescaped(text: str) -> str:
    import re

    return re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda found: chr(int(found[1], 16)), text)
