"""Types of expressions, names resolved, lets inlined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, cast

from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker import aggregates, comparisons
from mailweave.rules.checker.declarations import Declarations
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.inlining import Inliner
from mailweave.rules.checker.literals import LITERALS, family
from mailweave.rules.checker.names import Names, article
from mailweave.rules.checker.nullability import sources
from mailweave.rules.checker.scope import TOP, Scope
from mailweave.rules.checker.value_ranges import overflows
from mailweave.rules.checker.varying import Varied, Varying
from mailweave.schema import types as t
from mailweave.schema.model import Schema
from mailweave.source import Span

BOOL = t.Bool()
_NUMERIC = (t.Int, t.Number, t.Money)


class Expressions:
    """Gives expressions their types. None stands for what has been reported."""

    def __init__(self, names: Names, schema: Schema, declarations: Declarations) -> None:
        self.names = names
        self.schema = schema
        self.declarations = declarations
        self.literals = declarations.literals
        self.findings: Findings = names.findings
        self.varying = Varying()
        self.inliner = Inliner(self)

    # ---- entries

    def condition(self, node: n.Expression, scope: Scope = TOP) -> x.Expr | None:
        """An expression that must be a condition."""
        found = self.value(node, scope)
        if found is None or isinstance(found.type, t.Bool):
            return found
        self.findings.report("MW231", node.span, type=found.type, help=_as_condition(found))
        return None

    def value(self, node: n.Expression, scope: Scope = TOP) -> x.Expr | None:
        """An expression of any type."""
        if not self.inliner.affordable(node.span):
            return None
        read = partial(_TYPED[type(node)], self, node, scope)
        if not self.varying.experiments:
            return read()
        with self.varying.apart(in_where=scope.item is not None):
            return self.varying.split(read(), node.span, read)

    def vary(self, experiments: Mapping[str, Varied]) -> None:
        """From now on, conditions that use these constants are read once for each arm."""
        self.varying.experiments = experiments
        self.inliner.forget()

    # ---- names

    def settle(self, node: n.Expression, scope: Scope) -> tuple[n.Expression, Scope]:
        """What a parameter stands for, where it was given; other expressions as they are."""
        while isinstance(node, n.Reference) and node.id in scope.parameters:
            bound = scope.parameters[node.id]
            node, scope = bound.node, bound.scope
        return node, scope

    def resolves(self, name: str, scope: Scope) -> bool:
        """Whether a bare name is declared where it stands (or would be, but for a mistake)."""
        if name in scope.parameters or (scope.item is not None and name in scope.item):
            return True
        return self.names.values.kind(name) is not None

    def reference(self, node: n.Reference, scope: Scope) -> x.Expr | None:
        """What a bare name stands for."""
        settled, around = self.settle(node, scope)
        if settled is not node:
            if scope.item is not None and node.id in scope.item:
                self.findings.report("MW209", node.span, name=node.id, other=f"a field of `{scope.of}`")
                return None
            return self.value(settled, around)
        if scope.item is not None and node.id in scope.item:
            field_ = scope.item[node.id]
            return x.ItemField(node.span, field_.type, field_.optional, field_.name)
        kind = self.names.values.kind(node.id)
        self.names.used.add(node.id)
        match kind:
            case "attribute":
                return self.attribute(node.id, node.span)
            case "let":
                return self.inliner.let(node.id, (), node.span, scope)
            case "segment":
                return x.InSegment(node.span, BOOL, False, node.id)
            case "tier":
                return self._tier(node)
            case "event" | "lookup":
                self.findings.report(
                    "MW232", node.span, name=node.id, kind=article(kind), help=_USED_AS[kind]
                )
            case _:  # no name of a value
                fields = () if scope.item is None else tuple(scope.item)
                known = (*self.names.values.declared, *scope.parameters, *fields)
                self.names.unknown("name", node.id, node.span, known)
        return None

    def attribute(self, name: str, span: Span) -> x.Attribute | None:
        """An attribute of the profile; None when its declaration was at fault."""
        field_ = self.schema.profile.get(name)
        if field_ is None:
            return None
        optional = (field_.optional and field_.default is None) or field_.needs is not None
        return x.Attribute(span, field_.type, optional, name)

    def _tier(self, node: n.Reference) -> x.Expr:
        statement = cast(n.Tier, self.names.values.declared[node.id][1])
        members = [member.name.id for member in statement.members]
        members += [] if statement.otherwise is None else [statement.otherwise.id]
        optional = statement.otherwise is None and not statement.complete
        return x.TierValue(node.span, t.Enum(tuple(dict.fromkeys(members))), optional, node.id)

    # ---- the connectives

    def _joined(self, node: n.Or | n.And, scope: Scope) -> x.Expr | None:
        terms = [self.condition(term, scope) for term in node.terms]
        if any(term is None for term in terms):
            return None
        make = x.Or if isinstance(node, n.Or) else x.And
        joined = make(node.span, BOOL, True, cast(tuple[x.Expr, ...], tuple(terms)))
        optional = any(term.optional for term in joined.terms) and bool(sources(joined))
        return joined if optional else replace(joined, optional=False)

    def _not(self, node: n.Not, scope: Scope) -> x.Expr | None:
        term = self.condition(node.term, scope)
        return None if term is None else x.Not(node.span, BOOL, term.optional, term)

    # ---- arithmetic

    def _arithmetic(self, node: n.Arithmetic, scope: Scope) -> x.Expr | None:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if left is None or right is None:
            return None
        left, right = comparisons.levelled(left, right)
        type_ = _result(node.op, family(left.type), family(right.type))
        if type_ is None:
            help = _arithmetic_help(node.op, left.type, right.type)
            self.findings.report("MW233", node.span, op=node.op, left=left.type, right=right.type, help=help)
            return None
        result = x.Arithmetic(node.span, type_, True, left, node.op, right)
        sure = not left.optional and not right.optional and not overflows(result, self.schema)
        return replace(result, optional=False) if sure else result

    def _negate(self, node: n.Negate, scope: Scope) -> x.Expr | None:
        value = self.value(node.value, scope)
        if value is None:
            return None
        if not isinstance(family(value.type), _NUMERIC):
            self.findings.report("MW230", node.span, found=value.type, wanted="a number or money")
            return None
        if isinstance(value, x.Const) and not isinstance(value.value, str):
            return replace(value, span=node.span, value=-value.value)
        return x.Negate(node.span, family(value.type), value.optional, value)

    # ---- the rest

    def _consent(self, node: n.ConsentRef, scope: Scope) -> x.Expr | None:
        name = node.purpose
        if self.names.consents.kind(name.id) is None:
            self.names.unknown("consent", name.id, name.span, self.names.consents.declared)
            return None
        return x.ConsentGiven(node.span, BOOL, False, name.id)

    def _score(self, node: n.ScoreRef, scope: Scope) -> x.Expr | None:
        if self.names.scores.kind(node.name.id) is None:
            self.names.unknown("score", node.name.id, node.name.span, self.names.scores.declared)
            return None
        self.names.used.add("score." + node.name.id)
        score = self.schema.scores.get(node.name.id)
        return (
            None
            if score is None
            else x.ScoreValue(node.span, score.type, score.otherwise is None, score.name)
        )

    def _call(self, node: n.Call, scope: Scope) -> x.Expr | None:
        name, kind = node.function.id, self.names.values.kind(node.function.id)
        self.names.used.add(name)
        if kind == "let":
            return self.inliner.let(name, node.arguments, node.span, scope)
        if kind == "lookup":
            return self._lookup(node, scope)
        if kind is None:
            self.names.unknown("function", name, node.function.span, self.names.values.of("let", "lookup"))
        else:
            self.findings.report("MW234", node.function.span, name=name, kind=article(kind))
        return None

    def _lookup(self, node: n.Call, scope: Scope) -> x.Expr | None:
        lookup = self.schema.lookups.get(node.function.id)
        if lookup is None:
            return None
        if len(node.arguments) != 1:
            self._arity(node, 1)
            return None
        argument, around = self.settle(node.arguments[0], scope)
        key = comparisons.operand(self, argument, around, lookup.key)
        if key is None:
            return None
        if not isinstance(key, x.Const | x.Attribute | x.ItemField) or family(key.type) != family(lookup.key):
            self.findings.report("MW235", key.span, name=lookup.name, type=lookup.key)
            return None
        return x.LookupValue(node.span, lookup.type, False, lookup.name, key)

    def _arity(self, node: n.Call, wanted: int) -> None:
        self.findings.report(
            "MW236", node.span, name=node.function.id, wanted=wanted, found=len(node.arguments)
        )

    def _literal(self, node: n.FixedValue, scope: Scope) -> x.Expr | None:
        return self.literals.read(node)

    def _time_since(self, node: n.TimeSince, scope: Scope) -> x.Expr | None:
        value = self._of_type(node.value, scope, t.Instant, "an instant")
        return None if value is None else x.TimeSince(node.span, t.Duration(), value.optional, value)

    def _anniversary(self, node: n.Anniversary, scope: Scope) -> x.Expr | None:
        value = self._of_type(node.value, scope, t.Date, "a date")
        return None if value is None else x.Anniversary(node.span, t.Date(), value.optional, value)

    def _of_type(self, node: n.Expression, scope: Scope, wanted: type[t.Type], spoken: str) -> x.Expr | None:
        if isinstance(node, n.Reference) and self.names.values.kind(node.id) == "event":
            help = f"write `last({node.id})` for the instant of the newest one"
            self.findings.report("MW232", node.span, name=node.id, kind="an event", help=help)
            return None
        value = self.value(node, scope)
        if value is None or isinstance(value.type, wanted):
            return value
        self.findings.report("MW230", node.span, found=value.type, wanted=spoken)
        return None


_USED_AS = {
    "event": "ask `e in last 7 days`, `no e in last 7 days`, `never e`, or count with `count(e ..)`",
    "lookup": 'give it its key: `stock("CD-1")`',
}


def _as_condition(found: x.Expr) -> str:
    if isinstance(found.type, t.Enum):
        return f"compare it: `== {found.type.members[0]}`" if found.type.members else ""
    if isinstance(found.type, t.SetOf | t.ListOf):
        return "ask what it contains, or count its items"
    if isinstance(found, x.Const):
        return (
            "each side of `and` and `or` is a condition of its own: write the comparison twice, "
            "or `in (..)`, `contains any (..)` with a list"
        )
    return "compare it with something, or ask `is known`"


def _result(op: str, left: t.Type, right: t.Type) -> t.Type | None:
    """The type of an arithmetic expression; None when there is none."""
    if not isinstance(left, _NUMERIC) or not isinstance(right, _NUMERIC):
        return None
    if op == "*" and isinstance(left, t.Money) != isinstance(right, t.Money):
        factor, amount = (right, left) if isinstance(left, t.Money) else (left, right)
        return amount if isinstance(factor, t.Int) else None
    if left != right or (op == "*" and isinstance(left, t.Money)):
        return None
    return t.Number() if op == "/" else left


def _arithmetic_help(op: str, left: t.Type, right: t.Type) -> str:
    if isinstance(left, t.Money) and isinstance(right, t.Money) and left != right:
        return "currencies never mix"
    if isinstance(left, t.Money) or isinstance(right, t.Money):
        return "money is added to money of its currency, multiplied by whole numbers, divided by money"
    if {type(left), type(right)} == {t.Int, t.Number}:
        return "declare both as number, or both as int; nothing converts by itself"
    return "arithmetic is for numbers and money"


_TYPED: Mapping[type[n.Node], Callable[[Any, Any, Any], x.Expr | None]] = {
    n.Or: Expressions._joined,
    n.And: Expressions._joined,
    n.Not: Expressions._not,
    n.Compare: comparisons.compare,
    n.Between: comparisons.between,
    n.In: comparisons.in_,
    n.InWindow: comparisons.in_window,
    n.Contains: comparisons.contains,
    n.ContainsMany: comparisons.contains_many,
    n.Matches: comparisons.matches,
    n.Known: comparisons.known,
    n.NoEvent: aggregates.no_event,
    n.Never: aggregates.never,
    n.Aggregate: aggregates.aggregate,
    n.Arithmetic: Expressions._arithmetic,
    n.Negate: Expressions._negate,
    n.TimeSince: Expressions._time_since,
    n.Anniversary: Expressions._anniversary,
    n.ConsentRef: Expressions._consent,
    n.ScoreRef: Expressions._score,
    n.Call: Expressions._call,
    n.Reference: Expressions.reference,
    **dict.fromkeys(LITERALS, Expressions._literal),
}
