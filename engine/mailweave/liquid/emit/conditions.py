"""Conditions: Python source that is true when Liquid's condition is."""

from __future__ import annotations

from mailweave.liquid.emit.emission import Emission
from mailweave.liquid.emit.expressions import value
from mailweave.liquid.ir.expressions import Compare, Const, Expression, Filtered, Logic, Not, Path, Range

_ORDER = {"<": ("lt", False), ">": ("lt", True), "<=": ("le", False), ">=": ("le", True)}
_LONGEST = 4096  # characters that are compared for nothing


def condition(e: Emission, node: Expression) -> str:
    """Source that is true exactly when the expression is."""
    match node:
        case Const():
            return repr(node.value is not None and node.value is not False)
        case Logic():
            return f"({f' {node.word} '.join(condition(e, one) for one in node.parts)})"
        case Not():
            return f"(not {condition(e, node.right)})"
        case Compare(sign="=="):
            return equal(e, node.left, node.right)
        case Compare(sign="!="):
            return f"(not {equal(e, node.left, node.right)})"
        case Compare(sign="contains"):
            return _contains(e, node)
        case Compare():
            return _order(e, node)
        case Path() | Range() | Filtered():
            t = e.temporary()
            return f"(({t} := {value(e, node)}) is not None and {t} is not False)"


def equal(e: Emission, left: Expression, right: Expression) -> str:
    """Source that compares two expressions as `==` does."""
    code = value(e, left)
    known = right.value if isinstance(right, Const) else None
    if type(known) is int or (type(known) is str and len(known) < _LONGEST):
        t, literal = e.temporary(), e.names.literal(known)
        return f"({t} == {literal} if type({t} := {code}) is {type(known).__name__} else eq({t}, {literal}))"
    return metered(e, f"eq({code}, {value(e, right)}")


def metered(e: Emission, call: str) -> str:
    """A comparison that charges the meter for what is long."""
    e.needs.add("meter")
    return f"{call}, meter)"


def _order(e: Emission, node: Compare) -> str:
    name, swapped = _ORDER[node.sign]
    code = value(e, node.left)
    known = node.right.value if isinstance(node.right, Const) else None
    if type(known) is int:
        t, literal = e.temporary(), e.names.literal(known)
        general = f"{name}({literal}, {t})" if swapped else f"{name}({t}, {literal})"
        return f"({t} {node.sign} {literal} if type({t} := {code}) is int else {general})"
    sides = [code, value(e, node.right)]
    return metered(e, f"{name}({', '.join(reversed(sides) if swapped else sides)}")


def _contains(e: Emission, node: Compare) -> str:
    code = value(e, node.left)
    known = node.right.value if isinstance(node.right, Const) else None
    if type(known) is str:
        t = e.temporary()
        short = f"type({t} := {code}) is str and len({t}) < {_LONGEST}"
        return f"({known!r} in {t} if {short} else {metered(e, f'contains({t}, {known!r}')})"
    return metered(e, f"contains({code}, {value(e, node.right)}")
