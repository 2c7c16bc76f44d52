"""Conditions as Python code.

`Emitter.truth` gives code that is true exactly where the Kleene value of a condition is true; it expects a
condition after `optimizer.push_not`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from mailweave.rules.codecs import is_quantity
from mailweave.rules.globs import code_of
from mailweave.rules.operands import Operands, ranks
from mailweave.rules.optimizer import cost, optimized
from mailweave.rules.symbol_table import Log
from mailweave.rules.typed import (
    And,
    Between,
    ByArm,
    Compare,
    Const,
    EventAggregate,
    ExactWindow,
    Exists,
    Expr,
    In,
    Inlined,
    InSegment,
    InWindow,
    Known,
    Matches,
    Not,
    Or,
    SetContains,
    SetContainsMany,
    TextContains,
    Value,
    Window,
)
from mailweave.schema.types import Bool, Date, Enum

FLIPPED: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}

_DEAR = 8  # from this cost on, what occurs twice is kept


class Emitter(Operands):
    """Code for the expressions of one generated function."""

    def truth(self, expr: Expr) -> str:
        """Code that is true where `expr` (optimized) is true, and false where it is false or unknown."""
        match expr:
            case And(terms=terms):
                return self._joined(" and ", terms)
            case Or(terms=terms):
                return self._joined(" or ", terms)
            case Not(term=term):
                return self._atom(term, negated=True)
            case ByArm():
                return self.deep(lambda: self._by_arm(expr))
            case _:  # no connective: `_atom_code` names each
                return self._atom(expr, negated=False)

    def _joined(self, word: str, terms: tuple[Expr, ...]) -> str:
        return self.deep(lambda: f"({word.join(map(self.truth, terms))})")

    def _by_arm(self, expr: ByArm) -> str:
        """The condition of the arm, where there is one; else that of the control."""
        arm = self.input(self.places.arms[expr.experiment])
        inside = "" if expr.only is None else f" and {self.truth(optimized(expr.only))}"
        control, *others = (self.truth(optimized(each)) for each in expr.conditions)
        for at, code in enumerate(others, 1):
            control = f"({code} if {arm} == {at}{inside} else {control})"
        return control

    def _atom(self, expr: Expr, *, negated: bool) -> str:
        code = self._atom_code(expr, negated=negated)
        return self.share(code) if cost(expr) >= _DEAR and "\0" not in code else code

    def _atom_code(self, expr: Expr, *, negated: bool) -> str:
        match expr:
            case Compare():
                return self._compare(expr.left, FLIPPED[expr.op] if negated else expr.op, expr.right)
            case Between():
                return self._between(expr, negated=negated)
            case In():
                return self._in(expr, negated=negated)
            case InWindow():
                return self._in_window(expr, negated=negated)
            case Exists():
                found = self._at_least(Log(expr.event, None, None), 1, expr.window)
                return f"(not {found})" if negated else found
            case InSegment(name=name):
                return f"(not {self.needed(name)})" if negated else self.needed(name)
            case Known(value=value):
                return self._known_code(value, negated=negated)
            case TextContains(value=value, part=part):
                return self._contains(part, value, negated=negated)
            case SetContains(value=value, item=item):
                return self._contains(item, value, negated=negated)
            case SetContainsMany():
                return self._contains_many(expr, negated=negated)
            case Matches(value=value, pattern=pattern):
                word = "not " if negated else ""
                return self._if_known(value, lambda code: f"{word}{self._glob(pattern, code)}")
            case And() | Or() | Not() | ByArm():
                return self.truth(optimized(Not(expr.span, Bool(), expr.optional, expr) if negated else expr))
            case _:  # a Value: mypy says what is missing
                return self._flag(expr, negated=negated)

    def _flag(self, expr: Value, *, negated: bool) -> str:
        """A value of type bool as a condition."""
        code = self.value(expr)
        if self.nullable(expr):
            return f"({code} is {not negated})"
        return f"(not {code})" if negated else code

    # ---- atoms

    def _compare(self, left: Expr, op: str, right: Expr) -> str:
        counted = self._count_compared(left, op, right) or self._count_compared(right, MIRRORED[op], left)
        if counted:
            return counted
        if op not in ("==", "!=") and isinstance(left.type, Enum):
            return self._ranked(left, op, right, left.type)
        if op == "!=":
            return self._differs(left, right)
        if op == "==" and not is_quantity(left.type) and self.nullable(left) and self.nullable(right):
            return self._if_known(left, lambda code: f"{code} == {self.value(right)}")
        return f"({self.value(left)} {op} {self.value(right)})"

    def _differs(self, left: Expr, right: Expr) -> str:
        if not is_quantity(left.type):
            return self._if_known(left, lambda a: self._if_known(right, lambda b: f"{a} != {b}"))
        if not (self.nullable(left) or self.nullable(right)):
            return f"({self.value(left)} != {self.value(right)})"
        (a, left_again), (b, right_again) = (
            self.variables.twice(self.value(left)),
            self.variables.twice(self.value(right)),
        )
        return f"({a} < {b} or {left_again} > {right_again})"

    def _count_compared(self, count: Expr, op: str, limit: Expr) -> str | None:
        """`count(..) >= k` looks at the k-th newest event."""
        match count, limit:
            case EventAggregate(function="count", event=event, field=None, where=where), Const(value=int(k)):
                log = Log(event, None, where)
            case Inlined(value=value), Const():
                return self._count_compared(value, op, limit)
            case _:  # only a short form, others are right too
                return None
        at_least = {">=": k, ">": k + 1, "<": k, "<=": k + 1, "==": 1, "!=": 1}[op]
        if op in ("==", "!=") and k != 0:
            return None
        found = self._at_least(log, at_least, count.window)
        return found if op in (">=", ">", "!=") else f"(not {found})"

    def _at_least(self, log: Log, k: int, window: Window | None) -> str:
        if k <= 0:
            return "True"
        moments = self.log(log)
        if window is None:
            return f"(len({moments}) >= {k})"
        first, again = self.variables.twice(moments)
        enough = first if k == 1 else f"len({first}) >= {k}"
        return self.share(f"({enough} and {again}[-{k}] > {self.since(window)})")

    def _ranked(self, left: Expr, op: str, right: Expr, type: Enum) -> str:
        """Ordered enums: membership in what lies on one side of a constant, else their ranks."""
        if isinstance(left, Const):
            return self._ranked(right, MIRRORED[op], left, type)
        if isinstance(right, Const):
            rank = type.members.index(str(right.value))
            below, above = type.members[: rank + (op == "<=")], type.members[rank + (op == ">") :]
            return f"({self.value(left)} in {_several(below if op in ('<', '<=') else above)})"
        of = f"{self.places.constant(ranks(type))}.get"
        return f"({of}({self.value(left)}, MISSING) {op} {of}({self.value(right)}, MISSING))"

    def _between(self, expr: Between, *, negated: bool) -> str:
        if isinstance(expr.value.type, Enum):
            low = self._compare(expr.value, "<" if negated else ">=", expr.low)
            high = self._compare(expr.value, ">" if negated else "<=", expr.high)
            return f"({low} {'or' if negated else 'and'} {high})"
        value, low, high = self.value(expr.value), self.value(expr.low), self.value(expr.high)
        if not negated:
            return f"({low} <= {value} <= {high})"
        first, again = self.variables.twice(value)
        return f"({first} < {low} or {again} > {high})"

    def _in(self, expr: In, *, negated: bool) -> str:
        items = _several(item.value for item in expr.items)
        if not negated:
            return f"({self.value(expr.value)} in {items})"
        return self._if_known(expr.value, lambda code: f"{code} not in {items}")

    def _in_window(self, expr: InWindow, *, negated: bool) -> str:
        low, high, below, above = self._ends(expr)
        value = self.value(expr.value)
        if not negated:
            return f"({low} {below} {value} {above} {high})"
        first, again = self.variables.twice(value)
        return f"({first} {MIRRORED[FLIPPED[below]]} {low} or {again} {FLIPPED[above]} {high})"

    def _ends(self, expr: InWindow) -> tuple[str, str, str, str]:
        """Code of both ends of a window, and how the value compares with them, from left to right."""
        window = expr.window
        if isinstance(window, ExactWindow):
            if window.last:
                return f"now - {window.length}", "now", "<", "<="
            return "now", f"now + {window.length}", "<", "<="
        dates = isinstance(expr.value.type, Date)
        function = "days" if dates else "bounds"
        ends = self.share(f"{function}({self.places.constant(repr(window))}, now, zone)")
        first, again = self.variables.twice(ends)
        return f"{first}[0]", f"{again}[1]", "<=", "<=" if dates else "<"

    def _known_code(self, value: Expr, *, negated: bool) -> str:
        if not self.nullable(value):
            return str(not negated)
        if is_quantity(value.type):
            first, again = self.variables.twice(self.value(value))
            return f"({first} {'!=' if negated else '=='} {again})"
        return f"({self.value(value)} is {'' if negated else 'not '}None)"

    def _contains(self, item: Expr, whole: Expr, *, negated: bool) -> str:
        word = "not in" if negated else "in"
        return self._if_known(whole, lambda b: self._if_known(item, lambda a: f"{a} {word} {b}"))

    def _glob(self, pattern: str, text: str) -> str:
        simple = code_of(pattern, text)
        return f"({simple})" if simple else f"{self.places.constant(f'glob({pattern!r})')}({text})"

    def _contains_many(self, expr: SetContainsMany, *, negated: bool) -> str:
        items = self.places.constant(f"frozenset({_several(item.value for item in expr.items)})")
        some = expr.quantifier == "any"
        word = "not " if some != negated else ""
        test = ".isdisjoint" if some else ".issuperset"
        return self._if_known(expr.value, lambda code: f"{word}{code}{test}({items})")

    def _if_known(self, expr: Expr, then: Callable[[str], str]) -> str:
        """A test that is asked only of a known value."""
        code = self.value(expr)
        if not self.nullable(expr):
            return f"({then(code)})"
        first, again = self.variables.twice(code)
        test = f"{first} == {again}" if is_quantity(expr.type) else f"{first} is not None"
        return f"({test} and {then(again)})"


def _several(values: Iterable[object]) -> str:
    items = sorted(map(repr, set(values)))
    return f"{{{', '.join(items)}}}" if items else "()"
