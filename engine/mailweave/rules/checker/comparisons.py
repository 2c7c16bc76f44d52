"""Conditions that set a value against others."""

from __future__ import annotations

import re
from dataclasses import replace

from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker import aggregates
from mailweave.rules.checker.declarations import comparable
from mailweave.rules.checker.literals import converted as as_constant
from mailweave.rules.checker.literals import family, member, same
from mailweave.rules.checker.scope import Scope
from mailweave.rules.checker.typing import Typing, read_window
from mailweave.schema import types as t

_BOOL = t.Bool()
_REGULAR = re.compile(r"\.\*|\^|\$\Z|\\[dwsb]|\[[^\]]*\]|\(\?|\A%|%\Z")


# ---- what stands on the two sides


def levelled(left: x.Expr, right: x.Expr) -> tuple[x.Expr, x.Expr]:
    """Both sides, literals of whole numbers read as numbers beside a number."""
    return _beside(left, right), _beside(right, left)


def _beside(expr: x.Expr, other: x.Expr) -> x.Expr:
    if isinstance(expr.type, t.Int) and isinstance(family(other.type), t.Number):
        return _as_number(expr) or expr
    if isinstance(expr, x.Const):
        return as_constant(expr, other.type) or expr
    return expr


def _as_number(expr: x.Expr) -> x.Expr | None:
    """An expression made of literals of whole numbers alone, as a number."""
    match expr:
        case x.Const(value=int() as value):
            return replace(expr, type=t.Number(), value=float(value))
        case x.Negate(value=inner):
            below = _as_number(inner)
            return None if below is None else replace(expr, type=t.Number(), value=below)
        case x.Arithmetic(left=left, right=right):
            sides = _as_number(left), _as_number(right)
            if sides[0] is None or sides[1] is None:
                return None
            return replace(expr, type=t.Number(), left=sides[0], right=sides[1])
        case _:  # no literal
            return None


def operand(typing: Typing, node: n.Expression, scope: Scope, beside: t.Type | None) -> x.Expr | None:
    """A side of a comparison whose other side has the type `beside`: a bare name may be a member."""
    node, scope = typing.settle(node, scope)
    if isinstance(beside, t.Enum) and isinstance(node, n.Reference):
        if node.id in beside.members:
            if _could_be_member(typing, node.id, scope):
                typing.findings.report("MW205", node.span, name=node.id, enum=beside)
                return None
            return x.Const(node.span, beside, False, node.id)
        if not typing.resolves(node.id, scope):
            if node.id not in typing.names.broken:
                member(node.id, node.span, beside, typing.findings)
            return None
    return typing.value(node, scope)


def _could_be_member(typing: Typing, name: str, scope: Scope) -> bool:
    """Whether a name that is a member of an enum also stands for a value that may be one."""
    of_item = scope.item is not None and name in scope.item
    return of_item or typing.names.values.kind(name) in ("attribute", "let")


def _pair(
    typing: Typing, left: n.Expression, right: n.Expression, scope: Scope
) -> tuple[x.Expr, x.Expr] | None:
    """Both sides with their types; the side that is surely a value first, as it may name an enum."""
    settled, around = typing.settle(left, scope)
    loose = isinstance(settled, n.Reference) and not typing.resolves(settled.id, around)
    if loose:
        second = typing.value(right, scope) if not _loose(typing, right, scope) else None
        if second is None or not isinstance(second.type, t.Enum):
            typing.value(left, scope)
            return None
        first = operand(typing, left, scope, second.type)
    else:
        first = typing.value(left, scope)
        second = None if first is None else operand(typing, right, scope, first.type)
    return None if first is None or second is None else levelled(first, second)


def _loose(typing: Typing, node: n.Expression, scope: Scope) -> bool:
    settled, around = typing.settle(node, scope)
    return isinstance(settled, n.Reference) and not typing.resolves(settled.id, around)


def _fits(typing: Typing, left: x.Expr, right: x.Expr, node: n.Node) -> bool:
    if isinstance(left.type, t.SetOf | t.ListOf) or not same(left.type, right.type):
        help = _mismatch(left.type, right.type)
        typing.findings.report("MW240", node.span, left=left.type, right=right.type, help=help)
        return False
    if isinstance(left.type, t.Zone):
        return all(_zone(typing, side) for side in (left, right))
    return True


def _zone(typing: Typing, side: x.Expr) -> bool:
    return not isinstance(side, x.Const) or typing.declarations.zone(str(side.value), side.span)


def _mismatch(left: t.Type, right: t.Type) -> str:
    kinds = {type(family(left)), type(family(right))}
    if isinstance(left, t.Money) and isinstance(right, t.Money):
        return "currencies never mix"
    if t.Money in kinds:
        return "write an amount with its currency: `500 USD`"
    if t.Enum in kinds and t.Text in kinds:
        return "write the member without quotation marks"
    if kinds == {t.Duration, t.Instant}:
        return "ask how long it is ago: `time since x < 30 days`"
    if t.Duration in kinds:
        return "write a duration with its unit: `30 days`"
    if kinds == {t.Date, t.Instant}:
        return "a date has no time of day, an instant has: write `2026-11-22T00:00` for the moment it begins"
    if t.SetOf in kinds:
        return "a set is asked with `contains`"
    if t.Bool in kinds:
        return "a bool is its own condition: `x`, `not x`"
    if kinds == {t.Int, t.Text} or kinds == {t.Number, t.Text}:
        return "write the number without quotation marks, or declare the attribute as text"
    if kinds == {t.Date, t.Text}:
        return "write the date without quotation marks: `2026-11-22`; a missing one is `x is unknown`"
    if kinds == {t.Instant, t.Text}:
        return "write the instant without quotation marks: `2026-11-22T09:00`"
    return ""


# ---- conditions


def compare(typing: Typing, node: n.Compare, scope: Scope) -> x.Expr | None:
    pair = _pair(typing, node.left, node.right, scope)
    if pair is None or not _fits(typing, *pair, node):
        return None
    left, right = pair
    if node.op not in ("==", "!=") and not _ordered(typing, left.type, node):
        return None
    return x.Compare(node.span, _BOOL, left.optional or right.optional, left, node.op, right)


def _ordered(typing: Typing, type_: t.Type, node: n.Node) -> bool:
    if not comparable(type_):
        typing.findings.report("MW245", node.span, type=type_, help=_order_help(type_))
        return False
    return True


def _order_help(type_: t.Type) -> str:
    if isinstance(type_, t.Enum):
        return (
            "an enum has an order when it is declared with `<`: `enum(free < club < gold)`; "
            "else compare it with `==`, `!=` or `in`"
        )
    return ""


def between(typing: Typing, node: n.Between, scope: Scope) -> x.Expr | None:
    low, high = (_pair(typing, node.value, bound, scope) for bound in (node.low, node.high))
    if low is None or high is None:
        return None
    if not _fits(typing, *low, node) or not _fits(typing, *high, node):
        return None
    value, (_, least), (_, most) = low[0], low, high
    if not _ordered(typing, value.type, node):
        return None
    optional = value.optional or least.optional or most.optional
    found = x.Between(node.span, _BOOL, optional, value, least, most)
    return _negated(found) if node.negated else found


def _negated(found: x.Expr) -> x.Not:
    return x.Not(found.span, _BOOL, found.optional, found)


def in_(typing: Typing, node: n.In, scope: Scope) -> x.Expr | None:
    value = typing.value(node.value, scope)
    if value is None:
        return None
    items = _items(typing, node.items, value.type, scope)
    if items is None:
        return None
    found = x.In(node.span, _BOOL, value.optional, value, items)
    return _negated(found) if node.negated else found


def _items(
    typing: Typing, nodes: tuple[n.Constant, ...], type_: t.Type, scope: Scope
) -> tuple[x.Const, ...] | None:
    items = []
    for node in nodes:
        item = operand(typing, node, scope, type_)
        if item is None:
            continue
        (item, _) = levelled(item, replace(item, type=family(type_)))
        if not isinstance(item, x.Const):
            typing.findings.report("MW246", node.span)
        elif isinstance(type_, t.SetOf | t.ListOf) or not same(item.type, type_):
            help = _mismatch(type_, item.type)
            typing.findings.report("MW240", node.span, left=type_, right=item.type, help=help)
        elif not isinstance(type_, t.Zone) or _zone(typing, item):
            items.append(item)
    return tuple(items) if len(items) == len(nodes) else None


def in_window(typing: Typing, node: n.InWindow, scope: Scope) -> x.Expr | None:
    value, around = typing.settle(node.value, scope)
    if isinstance(value, n.Reference) and typing.names.values.kind(value.id) == "event":
        return aggregates.exists(typing, n.Name(value.span, value.id), node.window, node, scope)
    if isinstance(value, n.Aggregate) and value.function not in ("first", "last"):
        typing.findings.report("MW124", node.span)
        return None
    found = typing.value(value, around)
    window = read_window(typing, node.window, scope)
    if found is None or window is None:
        return None
    if isinstance(found.type, t.Instant):
        return x.InWindow(node.span, _BOOL, found.optional, found, window)
    if isinstance(found.type, t.Date) and not isinstance(window, x.ExactWindow):
        return x.InWindow(node.span, _BOOL, found.optional, found, window)
    if isinstance(found.type, t.Date):
        typing.findings.report("MW247", node.window.span, direction=node.window.direction)
    else:
        typing.findings.report("MW230", value.span, found=found.type, wanted="an instant, a date or an event")
    return None


def contains(typing: Typing, node: n.Contains, scope: Scope) -> x.Expr | None:
    value = typing.value(node.value, scope)
    if value is None:
        return None
    beside = value.type.item if isinstance(value.type, t.SetOf) else value.type
    item = operand(typing, node.item, scope, beside)
    if item is None:
        return None
    optional = value.optional or item.optional
    if isinstance(value.type, t.SetOf):
        (item, _) = levelled(item, replace(value, type=beside))
        if same(item.type, beside):
            return x.SetContains(node.span, _BOOL, optional, value, item)
    elif isinstance(family(value.type), t.Text) and isinstance(family(item.type), t.Text):
        return x.TextContains(node.span, _BOOL, optional, value, item)
    typing.findings.report("MW248", node.span, left=value.type, right=item.type)
    return None


def contains_many(typing: Typing, node: n.ContainsMany, scope: Scope) -> x.Expr | None:
    value = typing.value(node.value, scope)
    if value is None:
        return None
    if not isinstance(value.type, t.SetOf):
        typing.findings.report("MW248", node.span, left=value.type, right=f"{node.quantifier} (...)")
        return None
    items = _items(typing, node.items, value.type.item, scope)
    if items is None:
        return None
    return x.SetContainsMany(node.span, _BOOL, value.optional, value, node.quantifier, items)


def matches(typing: Typing, node: n.Matches, scope: Scope) -> x.Expr | None:
    value = typing.value(node.value, scope)
    if value is None:
        return None
    if not isinstance(family(value.type), t.Text):
        typing.findings.report("MW230", node.value.span, found=value.type, wanted="text")
        return None
    if _REGULAR.search(node.pattern.value):
        typing.findings.report("MW249", node.pattern.span)
    return x.Matches(node.span, _BOOL, value.optional, value, node.pattern.value)


def known(typing: Typing, node: n.Known, scope: Scope) -> x.Expr | None:
    value = typing.value(node.value, scope)
    if value is None:
        return None
    if not value.optional and not isinstance(value.type, t.Bool):
        typing.findings.report("MW290", node.span, answer="false" if node.negated else "true")
    found = x.Known(node.span, _BOOL, False, value)
    return _negated(found) if node.negated else found
