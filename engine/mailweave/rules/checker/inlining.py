"""Lets are macros: each use is replaced by what the name stands for, within limits."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import cast

from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker.scope import Bound, Scope
from mailweave.rules.checker.typing import Typing
from mailweave.source import Span

_DEEPEST = 100  # levels of an expression, what it inlines included
_LARGEST = 20_000  # parts of one expression
_NESTED = 30  # lets in lets
_MOST_WORK = 400_000  # expressions that are looked at in one text


class Inliner:
    """Replaces lets; those without parameters are worked out once."""

    def __init__(self, expressions: Typing) -> None:
        self.expressions = expressions
        self.findings = expressions.findings
        self._ready: dict[Hashable, tuple[x.Expr | None, frozenset[str]]] = {}
        self._open: list[str] = []
        self._sizes: dict[int, tuple[int, int]] = {}
        self._kept: list[x.Expr] = []  # keeps alive what `_sizes` knows by identity
        self._work = 0

    def affordable(self, span: Span) -> bool:
        """Counts one expression; False, once reported, when the text asks for too many."""
        self._work += 1
        if self._work == _MOST_WORK:
            self.findings.report("MW237", span, name=self._open[-1] if self._open else "this")
        return self._work < _MOST_WORK

    def let(self, name: str, arguments: Sequence[n.Expression], span: Span, scope: Scope) -> x.Expr | None:
        """What a let stands for where it is used."""
        statement = cast(n.Let, self.expressions.names.values.declared[name][1])
        if not self._callable(statement, arguments, span):
            return None
        if statement.parameters:
            value = self._called(statement, arguments, span, scope)
        else:
            value = self.expressions.varying.value(name) or self._once(statement)
        if value is None or not self.measured(value, span, name):
            return None
        return x.Inlined(span, value.type, value.optional, name, value)

    def _once(self, let: n.Let) -> x.Expr | None:
        """What a let without parameters stands for; and what varies in it is used, whoever asked first."""
        varying = self.expressions.varying
        key = (let.name.id, varying.state)
        if key not in self._ready:
            with varying.apart(in_where=False):
                value = self._worked_out(let, {})
                self._ready[key] = value, frozenset(varying.used)
        value, used = self._ready[key]
        varying.used |= used
        return value

    def forget(self) -> None:
        """What lets stand for is worked out anew."""
        self._ready.clear()

    def _callable(self, let: n.Let, arguments: Sequence[n.Expression], span: Span) -> bool:
        name = let.name.id
        if len(arguments) != len(let.parameters):
            self.findings.report("MW236", span, name=name, wanted=len(let.parameters), found=len(arguments))
        elif name in self._open:
            circle = " -> ".join([*self._open[self._open.index(name) :], name])
            self.findings.report("MW238", let.name.span, name=name, circle=circle)
        elif len(self._open) >= _NESTED:
            self.findings.report("MW237", span, name=name)
        else:
            return True
        return False

    def _called(
        self, let: n.Let, arguments: Sequence[n.Expression], span: Span, scope: Scope
    ) -> x.Expr | None:
        names = [parameter.id for parameter in let.parameters]
        bound = {name: Bound(node, scope) for name, node in zip(names, arguments, strict=True)}
        with self.findings.called(let.name.id, span):
            return self._worked_out(let, bound)

    def _worked_out(self, let: n.Let, parameters: dict[str, Bound]) -> x.Expr | None:
        self._open.append(let.name.id)
        try:
            return self.expressions.value(let.value, Scope(parameters))
        finally:
            self._open.pop()

    def measured(self, value: x.Expr, span: Span, name: str) -> bool:
        """Whether an expression, with all it inlines, is small enough to compile; reports it if not."""
        size, depth = self._size(value)
        if size <= _LARGEST and depth <= _DEEPEST:
            return True
        self.findings.report("MW237", span, name=name)
        return False

    def _size(self, value: x.Expr) -> tuple[int, int]:
        """The parts and the levels of an expression; what it inlines has been measured before."""
        ready = self._sizes.get(id(value))
        if ready is not None:
            return ready
        size, deepest, waiting = 0, 0, [(value, 1)]
        while waiting:
            expr, depth = waiting.pop()
            inner = self._sizes.get(id(expr.value)) if isinstance(expr, x.Inlined) else None
            if inner is not None:
                size, deepest = size + inner[0], max(deepest, depth + inner[1])
                continue
            size, deepest = size + 1, max(deepest, depth)
            waiting.extend((child, depth + 1) for child in x.children(expr))
        self._sizes[id(value)] = size, deepest
        self._kept.append(value)
        return size, deepest
