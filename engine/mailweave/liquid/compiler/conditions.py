"""Conditions: Python source that is true when Liquid's condition is."""

from __future__ import annotations

from liquid.builtin.expressions import BooleanExpression
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
)
from liquid.expression import Expression

from mailweave.liquid.compiler.expressions import Expressions

_ORDER: dict[type[Expression], tuple[str, str, bool]] = {
    LtExpression: ("<", "lt", False),
    GtExpression: (">", "lt", True),
    LeExpression: ("<=", "le", False),
    GeExpression: (">=", "le", True),
}


class Conditions(Expressions):
    """Emits Python source for conditions."""

    def condition(self, node: Expression) -> str:
        """Source that is true exactly when the expression is."""
        known, value = self.folder.known(node, self.unit)
        if known:
            return repr(value is not None and value is not False)
        if isinstance(node, BooleanExpression):
            return self.condition(node.expression)
        if isinstance(node, LogicalAndExpression):
            return f"({' and '.join(self._chain(node, LogicalAndExpression))})"
        if isinstance(node, LogicalOrExpression):
            return f"({' or '.join(self._chain(node, LogicalOrExpression))})"
        if isinstance(node, LogicalNotExpression):
            return f"(not {self.condition(node.right)})"
        if isinstance(node, (EqExpression, NeExpression)):
            return self._equality(node)
        for kind, (sign, name, swapped) in _ORDER.items():
            if isinstance(node, kind):
                return self._order(node, sign, name, swapped)
        if isinstance(node, ContainsExpression):
            return self._contains(node)
        return self._truth(node)

    def _chain(self, node: Expression, kind: type[Expression]) -> list[str]:
        """`a and (b and (c ...))` without the brackets."""
        parts = []
        while isinstance(node, kind):
            parts.append(self.condition(node.left))  # type: ignore[attr-defined]  # both kinds have sides
            node = node.right  # type: ignore[attr-defined]
        return [*parts, self.condition(node)]

    def _truth(self, node: Expression) -> str:
        code = self.tested(node)
        if not self.ours:
            return f"truthy({code})"
        t = self.temporary()
        return f"(({t} := {code}) is not None and {t} is not False)"

    def equal(self, left: Expression, right: Expression) -> str:
        """Source that compares two expressions as `==` does."""
        known, value = self.folder.known(right, self.unit)
        code = self.tested(left)
        if known and (type(value) is int or (type(value) is str and len(value) < 4096)):
            t, literal = self.temporary(), self.names.literal(value)
            kind = type(value).__name__
            return f"({t} == {literal} if type({t} := {code}) is {kind} else eq({t}, {literal}))"
        return self.metered_test(f"eq({code}, {self.tested(right)}")

    def metered_test(self, call: str) -> str:
        """A comparison that charges the meter for what is long."""
        self.needs.add("meter")
        return f"{call}, meter)"

    def _equality(self, node: EqExpression | NeExpression) -> str:
        code = self.equal(node.left, node.right)
        return code if isinstance(node, EqExpression) else f"(not {code})"

    def _order(self, node: Expression, sign: str, name: str, swapped: bool) -> str:
        left, right = node.left, node.right  # type: ignore[attr-defined]  # every comparison has both
        known, value = self.folder.known(right, self.unit)
        code = self.tested(left)
        if known and type(value) is int:
            t, literal = self.temporary(), self.names.literal(value)
            general = f"{name}({literal}, {t})" if swapped else f"{name}({t}, {literal})"
            return f"({t} {sign} {literal} if type({t} := {code}) is int else {general})"
        other = self.tested(right)
        return self.metered_test(f"{name}({other}, {code}" if swapped else f"{name}({code}, {other}")

    def _contains(self, node: ContainsExpression) -> str:
        known, value = self.folder.known(node.right, self.unit)
        code = self.tested(node.left)
        if known and type(value) is str:
            t = self.temporary()
            short = f"type({t} := {code}) is str and len({t}) < 4096"
            return f"({value!r} in {t} if {short} else {self.metered_test(f'contains({t}, {value!r}')})"
        return self.metered_test(f"contains({code}, {self.tested(node.right)}")
