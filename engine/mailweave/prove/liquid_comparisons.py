"""Truth, equality, order and membership of declared data, as Liquid means them, in the words of rules."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from math import ceil, floor, isfinite
from typing import Any, cast

from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.exceptions import LiquidError

from mailweave.liquid.operators import OURS
from mailweave.liquid.values import BLANKS
from mailweave.prove.liquid_values import (
    ALWAYS,
    FALSE,
    OPEN,
    TRUE,
    UNSAID,
    Atom,
    Authors,
    Given,
    Items,
    Known,
    Said,
    Unsaid,
    both,
    either,
    said,
)
from mailweave.rules import typed as r
from mailweave.rules.prover.questions import Holds
from mailweave.schema import types as t
from mailweave.source import Span
from mailweave.values.instants import to_day
from mailweave.values.invalid_value import InvalidValue

_NOWHERE = Span(0, 0)
_FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_UNITS = 10_000  # of money


def truth(atom: Atom) -> Said:
    """That a value is neither nil nor false."""
    match atom:
        case Known(value=value):
            return FALSE if value is None or value is False else TRUE
        case Given(expr=expr) if isinstance(expr.type, t.Bool):
            return _is(expr, "==", True)
        case Given():
            return atom.is_known()
        case Items():
            return TRUE
        case Authors():
            return OPEN
        case _:  # what cannot be said
            pass
    return UNSAID


def compared(sign: str, one: Atom, other: Atom) -> Said:
    """A comparison of two values."""
    if sign == "!=":
        return compared("==", one, other).inverse()
    if isinstance(one, Unsaid) or isinstance(other, Unsaid):
        return UNSAID
    if isinstance(one, Authors) or isinstance(other, Authors):
        return OPEN if not isinstance(one, Given) and not isinstance(other, Given) else UNSAID
    if isinstance(one, Known) and isinstance(other, Known):
        return _known(sign, one.value, other.value)
    if isinstance(one, Known):
        return compared(_FLIPPED[sign], other, one) if sign in _FLIPPED else UNSAID
    if isinstance(one, Items):
        is_asked = sign == "==" and isinstance(other, Known) and isinstance(other.value, Blank | Empty)
        return one.has_items().inverse() if is_asked else UNSAID
    if isinstance(other, Known):
        return equal(one, other) if sign == "==" else _ordered(sign, one, other.value)
    return _two(sign, one, other)


def _known(sign: str, one: Any, other: Any) -> Said:
    try:
        if sign in ("<", ">="):
            found = OURS.lt(one, other) if sign == "<" else OURS.le(other, one)
        elif sign in ("<=", ">"):
            found = OURS.le(one, other) if sign == "<=" else OURS.lt(other, one)
        else:
            found = (OURS.eq if sign == "==" else OURS.contains)(one, other)
    except LiquidError:  # then there is no mail
        return UNSAID
    return TRUE if found else FALSE


def _two(sign: str, one: Given, other: Atom) -> Said:
    """Two attributes: numbers of one type, or texts that are equal."""
    if not isinstance(other, Given) or one.type != other.type or sign == "contains":
        return UNSAID
    numbers = isinstance(one.type, t.Int | t.Number | t.Ratio | t.Money)
    if not numbers and not (sign == "==" and isinstance(one.type, t.Text)):
        return UNSAID
    optional = one.expr.optional or other.expr.optional
    found = said(
        Holds(r.Compare(_NOWHERE, t.Bool(), optional, one.expr, cast(r.Comparison, sign), other.expr))
    )
    if sign != "==" or not (one.expr.optional and other.expr.optional):
        return found
    return either((found, both((one.is_known().inverse(), other.is_known().inverse()))))


# ---- an attribute and a constant


def _is(expr: r.Attribute | r.ScoreValue, sign: str, value: Any) -> Said:
    constant = r.Const(_NOWHERE, expr.type, False, value)
    sign_ = cast(r.Comparison, sign)
    return said(Holds(r.Compare(_NOWHERE, t.Bool(), expr.optional, expr, sign_, constant)))


def equal(atom: Atom, other: Known) -> Said:
    """Equality with a constant, `blank` and `empty` among them."""
    value = other.value
    if isinstance(atom, Known):
        return _known("==", atom.value, value)
    if not isinstance(atom, Given):
        return OPEN if isinstance(atom, Authors) else UNSAID
    if value is None:
        return atom.is_known().inverse()
    if isinstance(value, Blank | Empty):
        return _bare(atom, is_blank=isinstance(value, Blank))
    match atom.type:
        case t.Bool():
            return _is(atom.expr, "==", value) if isinstance(value, bool) else FALSE
        case t.Int() | t.Number() | t.Ratio() | t.Money():
            return _number("==", atom, value)
        case t.Enum(members=members):
            return _among(atom, [each for each in members if each == value])
        case t.Text() | t.Key() | t.Zone():
            return _is(atom.expr, "==", value) if isinstance(value, str) else FALSE
        case t.Date():
            return _date("==", atom, value)
        case _:  # instants, durations and lists cannot be said
            pass
    return UNSAID


def _bare(atom: Given, *, is_blank: bool) -> Said:
    """`== blank` or `== empty`."""
    missing = atom.is_known().inverse() if is_blank else FALSE
    match atom.type:
        case t.Bool():
            return either((missing, _is(atom.expr, "==", False))) if is_blank else FALSE
        case t.Text() | t.Key():
            nothing = _is(atom.expr, "==", "")
            return either((missing, nothing, *(_begins_white(atom) if is_blank else ())))
        case t.SetOf() | t.ListOf():
            return UNSAID
        case _:  # no other type has a blank value
            pass
    return missing


def _begins_white(atom: Given) -> Iterator[Said]:
    """A text that may be blank: whatever begins with white space."""
    for sign in BLANKS:
        found = Holds(r.Matches(_NOWHERE, t.Bool(), atom.expr.optional, atom.expr, f"{sign}*"))
        yield Said(found, ALWAYS, True)


def _ordered(sign: str, atom: Given, value: Any) -> Said:
    if value is None or isinstance(value, bool | Blank | Empty):
        return FALSE if sign != "contains" or value is None or value is False else UNSAID
    if sign == "contains":
        return _contains(atom, value)
    match atom.type:
        case t.Int() | t.Number() | t.Ratio() | t.Money():
            return _number(sign, atom, value)
        case t.Enum(members=members) if isinstance(value, str):
            return _among(atom, [each for each in members if _ORDERS[sign](each, value)])
        case t.Date() if isinstance(value, str):
            return _date(sign, atom, value)
        case t.Bool():
            return FALSE
        case _:  # no other type has an order that can be said
            pass
    return UNSAID


def _contains(atom: Given, value: Any) -> Said:
    if not isinstance(value, str):
        return UNSAID
    match atom.type:
        case t.Enum(members=members):
            return _among(atom, [each for each in members if value in each])
        case t.Text() | t.Key():
            part = r.Const(_NOWHERE, t.Text(), False, value)
            return said(Holds(r.TextContains(_NOWHERE, t.Bool(), atom.expr.optional, atom.expr, part)))
        case t.SetOf(item=t.Text() | t.Key() | t.Enum() as item):
            if isinstance(item, t.Enum) and value not in item.members:
                return FALSE
            one = r.Const(_NOWHERE, item, False, value)
            return said(Holds(r.SetContains(_NOWHERE, t.Bool(), atom.expr.optional, atom.expr, one)))
        case _:  # nothing else can be looked into
            pass
    return UNSAID


def _among(atom: Given, members: list[str]) -> Said:
    if not members:
        return FALSE
    items = tuple(r.Const(_NOWHERE, atom.type, False, each) for each in members)
    return said(Holds(r.In(_NOWHERE, t.Bool(), atom.expr.optional, atom.expr, items)))


def _number(sign: str, atom: Given, value: Any) -> Said:
    """A number beside a constant, in the units of its type."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return FALSE if sign == "==" else UNSAID
    if not isfinite(value):
        return UNSAID
    if isinstance(atom.type, t.Number | t.Ratio):
        return _is(atom.expr, sign, float(value)) if float(value) == value else UNSAID
    exact = Decimal(value) * (_UNITS if isinstance(atom.type, t.Money) else 1)
    if exact == int(exact):
        return _is(atom.expr, sign, int(exact))
    if sign == "==":
        return FALSE
    return _is(atom.expr, "<=", floor(exact)) if sign in ("<", "<=") else _is(atom.expr, ">=", ceil(exact))


def _date(sign: str, atom: Given, value: Any) -> Said:
    """A date stands as ISO text, which is ordered as days are."""
    try:
        return _is(atom.expr, sign, to_day(value)) if isinstance(value, str) else FALSE
    except InvalidValue:
        return UNSAID if sign != "==" else FALSE
