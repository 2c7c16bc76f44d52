"""Typed expressions as SQL: Kleene logic is SQL's own; what only SQL would guess at is spelt out.

Columns of the recipient are those of the alias `p`, of the event or item at hand those of `e`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlglot import exp

from mailweave.rules import typed
from mailweave.rules.context import Context
from mailweave.rules.sql.building import (
    Sql,
    case,
    column,
    every,
    finite,
    grouped,
    in_range,
    is_known,
    literal,
    moment,
    negated,
    number,
    rank,
    some,
    ten_thousandths,
    when,
)
from mailweave.rules.sql.dialects import Dialect
from mailweave.rules.sql.lookups import fresh
from mailweave.rules.sql.patterns import like
from mailweave.rules.sql.refusals import refuse
from mailweave.rules.sql.windows import Clock
from mailweave.schema.model import Schema
from mailweave.schema.types import (
    Bool,
    Duration,
    Enum,
    Instant,
    Int,
    Key,
    ListOf,
    Money,
    SetOf,
    Text,
    Type,
    Zone,
)
from mailweave.source import Source
from mailweave.values.calendar import CalendarWindow

_Test: TypeAlias = typed.TextContains | typed.SetContains | typed.SetContainsMany | typed.Matches
_Operation: TypeAlias = (
    typed.Compare
    | typed.Between
    | typed.In
    | typed.InWindow
    | typed.TimeSince
    | typed.Anniversary
    | typed.Negate
    | typed.Arithmetic
)

_COMPARISONS: Mapping[str, type[exp.Binary]] = {
    "==": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_OPERATORS: Mapping[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}


def consent_column(purpose: str) -> str:
    return f"mw_consent_{purpose}"


def score_column(name: str) -> str:
    return f"mw_score_{name}"


@dataclass(frozen=True, slots=True)
class Expressions:
    """Writes expressions for one query. `aggregate` gives the column that holds an aggregate's answer."""

    schema: Schema
    source: Source
    dialect: Dialect
    clock: Clock
    context: Context
    aggregate: Callable[[typed.Expr], Sql]

    def sql(self, expr: typed.Expr) -> Sql:
        """A value, or a condition that may be NULL."""
        match expr:
            case typed.Const(type=type, value=value):
                return literal(type, value)
            case typed.Attribute(name=name):
                return column(name, "p")
            case typed.ItemField(name=name):
                return column(name, "e")
            case typed.ConsentGiven(purpose=purpose):
                return column(consent_column(purpose), "p")
            case typed.ScoreValue(name=name):
                return column(score_column(name), "p")
            case typed.TierValue(name=name) | typed.InSegment(name=name):
                return column(name, "p")
            case typed.EventAggregate() | typed.ListAggregate() | typed.Exists():
                return self.aggregate(expr)
            case typed.Inlined(value=value):
                return self.sql(value)
            case typed.LookupValue():
                return self._lookup(expr)
            case typed.And(terms=terms):
                return every(map(self.sql, terms))
            case typed.Or(terms=terms):
                return some(map(self.sql, terms))
            case typed.Not(term=term):
                return negated(self.sql(term))
            case typed.Known(value=value):
                return is_known(self.sql(value))
            case typed.ByArm(experiment=experiment):
                what = f"what the arm of `{experiment}` decides"
                help = "its hash is asked in Python: `mailweave segments` counts a list, `mailweave batch` mails it"
                raise refuse(what, self.dialect, self.source, expr.span, help)
            case _:  # the rest stands there: mypy says what is missing
                return self._operation(expr)

    def _operation(self, expr: _Operation | _Test) -> Sql:
        match expr:
            case typed.Compare():
                return self._compare(expr)
            case typed.Between(value=value, low=low, high=high):
                ends = (self._ranked(low), self._ranked(high))
                return exp.Between(this=self._ranked(value), low=ends[0], high=ends[1])
            case typed.In(value=value, items=items):
                return exp.In(this=self._operand(value), expressions=[self.sql(item) for item in items])
            case typed.InWindow(value=value, window=window):
                return self._in_window(value, window)
            case typed.TimeSince(value=value):
                return exp.Sub(this=moment(self.clock.now), expression=self._operand(value))
            case typed.Anniversary(value=value):
                return when(is_known(self.sql(value)), self.clock.anniversary(self._operand(value)))
            case typed.Negate(value=value):
                return in_range(exp.Neg(this=grouped(self._wide(value, expr.type))), expr.type)
            case typed.Arithmetic(op="/"):
                return self._quotient(expr)
            case typed.Arithmetic(left=left, op=op, right=right):
                sides = (self._wide(left, expr.type), self._wide(right, expr.type))
                return in_range(_OPERATORS[op](this=sides[0], expression=sides[1]), expr.type)
            case _:  # as above
                return self._test(expr)

    def _test(self, expr: _Test) -> Sql:
        match expr:
            case typed.TextContains(value=value, part=part):
                return self._text_contains(value, part)
            case typed.SetContains(value=value, item=item):
                return self._contains(value, item)
            case typed.SetContainsMany(value=value, quantifier=quantifier, items=items):
                join = every if quantifier == "all" else some
                return join([self._contains(value, item) for item in items])
            case typed.Matches(value=value, pattern=pattern):
                found = like(self._operand(value), pattern, self.dialect)
                if found is None:
                    raise refuse("a pattern with special characters", self.dialect, self.source, expr.span)
                return found

    # ---- comparisons

    def _operand(self, expr: typed.Expr) -> Sql:
        return grouped(self.sql(expr))

    def _ranked(self, expr: typed.Expr) -> Sql:
        """What `<` compares: of an ordered enum, the place of the member."""
        if not isinstance(expr.type, Enum):
            return self._operand(expr)
        if isinstance(expr, typed.Const):
            return number(expr.type.members.index(str(expr.value)))
        return rank(expr.type, self._operand(expr))

    def _compare(self, expr: typed.Compare) -> Sql:
        if isinstance(expr.left.type, SetOf | ListOf):
            raise refuse("a comparison of whole sets", self.dialect, self.source, expr.span)
        read = self._operand if expr.op in ("==", "!=") else self._ranked
        return _COMPARISONS[expr.op](this=read(expr.left), expression=read(expr.right))

    def _in_window(self, value: typed.Expr, window: typed.Window) -> Sql:
        found = self._operand(value)
        if isinstance(value.type, Instant):
            return self.clock.lies_in(found, window)
        assert isinstance(window, CalendarWindow)
        return self.clock.days_in(found, window)

    def _text_contains(self, value: typed.Expr, part: typed.Expr) -> Sql:
        text, sub = self.sql(value), self.sql(part)
        found = exp.GT(this=exp.StrPosition(this=text, substr=sub), expression=number(0))
        if isinstance(part, typed.Const):
            return found if part.value else when(is_known(text.copy()), exp.true())
        empty = every(
            [exp.EQ(this=sub.copy(), expression=exp.Literal.string("")), is_known(text.copy())]
        )  # where engines differ
        return case([(empty, exp.true())], found)

    def _contains(self, value: typed.Expr, item: typed.Expr) -> Sql:
        assert isinstance(value.type, SetOf)
        kind = value.type.item
        if not isinstance(kind, Text | Key | Zone | Enum | Int | Bool):
            raise refuse(f"a {value.type}", self.dialect, self.source, value.span)
        items, wanted = self._operand(value), self.sql(item)
        found = self.dialect.contains(items, wanted)
        unsure = [each for expr, each in ((value, items), (item, wanted)) if expr.optional]
        return when(every([is_known(each.copy()) for each in unsure]), found) if unsure else found

    # ---- arithmetic

    def _wide(self, expr: typed.Expr, result: Type) -> Sql:
        """An operand whose results cannot overflow before they are looked at."""
        value = self.sql(expr)
        match expr.type:
            case Int() if isinstance(result, Money):
                return exp.cast(value, "DECIMAL(19, 0)")
            case Int() | Duration():
                return exp.cast(value, exp.DataType.build(self.dialect.wide, dialect=self.dialect.name))
            case Money():
                return exp.cast(value, "DECIMAL(19, 4)")
            case _:  # a double overflows to what is taken out after
                return grouped(value)

    def _quotient(self, expr: typed.Arithmetic) -> Sql:
        divisor = exp.Nullif(this=self._double(expr.right), expression=number(0))
        return finite(exp.Div(this=self._double(expr.left), expression=divisor, typed=False, safe=False))

    def _double(self, expr: typed.Expr) -> Sql:
        """An operand as a double; money by its ten-thousandths, which a double holds exactly."""
        value = self.sql(expr)
        if isinstance(expr.type, Money):
            value = ten_thousandths(value)
        return exp.cast(value, "DOUBLE")

    # ---- lookups

    def _lookup(self, expr: typed.LookupValue) -> Sql:
        lookup = self.schema.lookups[expr.name]
        if not isinstance(lookup.key, Text | Key | Zone | Enum | Int | Bool):
            raise refuse(f"a lookup by {lookup.key}", self.dialect, self.source, expr.span)
        found = fresh(lookup, self.context, self.clock.now)
        if isinstance(expr.key, typed.Const):
            return literal(lookup.type, found.get(expr.key.value, lookup.otherwise))
        otherwise, key = literal(lookup.type, lookup.otherwise), self.sql(expr.key)
        ifs = [
            exp.If(this=literal(lookup.key, each), true=literal(lookup.type, value))
            for each, value in found.items()
        ]
        return exp.Case(this=key, ifs=ifs, default=otherwise) if ifs else otherwise
