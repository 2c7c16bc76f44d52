"""Aggregates over events and lists: one grouped query for each source and step, one column for each answer.

rows     one line for each event or item: what it contributes to each answer, NULL where it does not count
groups   one line for each recipient: the raw answers
answer   the raw answers, where there are some, in the form that expressions calculate with
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlglot import exp

from mailweave.rules import typed
from mailweave.rules.sql.building import (
    Sql,
    column,
    every,
    finite,
    grouped,
    in_range,
    is_known,
    member_of,
    number,
    rank,
    ten_thousandths,
    when,
)
from mailweave.rules.sql.dialects import Dialect
from mailweave.rules.sql.expressions import Expressions
from mailweave.rules.sql.rounding import half_even
from mailweave.schema.model import Schema
from mailweave.schema.types import Bool, Duration, Enum, Int, Key, ListOf, Money, Text, Type

Aggregate: TypeAlias = typed.EventAggregate | typed.ListAggregate | typed.Exists

OWNER, AT = "mw_owner", "mw_at"


@dataclass(frozen=True, slots=True)
class Question:
    """An aggregate, with the number that its columns carry."""

    expr: Aggregate
    number: int

    @property
    def source(self) -> str:
        """The event, or the list."""
        return self.expr.list.name if isinstance(self.expr, typed.ListAggregate) else self.expr.event

    @property
    def answer(self) -> str:
        """The column of the answer."""
        return f"mw_answer_{self.number}"

    @property
    def _value(self) -> str:
        return f"mw_value_{self.number}"

    @property
    def _edge(self) -> str:
        return f"mw_edge_{self.number}"

    @property
    def _count(self) -> str:
        return f"mw_count_{self.number}"

    @property
    def _function(self) -> typed.Function:
        return "count" if isinstance(self.expr, typed.Exists) else self.expr.function

    @property
    def _field(self) -> str | None:
        return None if isinstance(self.expr, typed.Exists) else self.expr.field

    @property
    def _needs_edge(self) -> bool:
        return self._function in ("first", "last") and self._field is not None

    # ---- rows

    def rows(self, write: Expressions) -> list[Sql]:
        """What a line contributes; for `first` and `last` of a field, also the moment that counts."""
        conditions = self._conditions(write)
        kind = self._type(write.schema)
        what = self._contributed(kind)
        value = when(every(conditions), what) if conditions else what
        made = [exp.alias_(value, self._value, quoted=True)]
        if self._needs_edge:
            known = every([*[each.copy() for each in conditions], is_known(what.copy())])
            end = exp.Max if self._function == "last" else exp.Min
            moment = end(this=when(known, column(AT, "e")))
            over = exp.Window(this=moment, partition_by=[column(OWNER, "e")])
            made.append(exp.alias_(over, self._edge, quoted=True))
        return made

    def _conditions(self, write: Expressions) -> list[Sql]:
        expr, found = self.expr, []
        if not isinstance(expr, typed.ListAggregate) and expr.window is not None:
            found.append(write.clock.lies_in(column(AT, "e"), expr.window))
        if not isinstance(expr, typed.Exists) and expr.where is not None:
            found.append(write.sql(expr.where))
        return found

    def _contributed(self, kind: Type | None) -> Sql:
        if self._field is None:
            return number(1) if self._function == "count" else column(AT, "e")
        found = column(self._field, "e")
        if self._function == "distinct":
            return found
        if isinstance(kind, Enum) and kind.ordered:
            return rank(kind, found)
        if isinstance(kind, Bool):
            return exp.cast(found, "INT")
        if isinstance(kind, Money) and self._function == "avg":
            return ten_thousandths(found)
        return found

    def _type(self, schema: Schema) -> Type | None:
        expr = self.expr
        if self._field is None:
            return None
        if isinstance(expr, typed.ListAggregate):
            assert isinstance(expr.list.type, ListOf)
            return next(field.type for field in expr.list.type.fields if field.name == self._field)
        return schema.events[self.source].fields[self._field].type

    # ---- groups

    def groups(self, schema: Schema, dialect: Dialect) -> list[Sql]:
        """The raw answers of one recipient."""
        value, kind = column(self._value), self._type(schema)
        match self._function:
            case "count":
                found: Sql = exp.Count(this=value)
            case "distinct":
                found = exp.Count(this=exp.Distinct(expressions=[value]))
            case "sum":
                found = _sum(value, kind, dialect)
            case "avg":
                whole_kind = Int() if isinstance(kind, Money) else kind
                count = exp.alias_(exp.Count(this=value.copy()), self._count, quoted=True)
                return [exp.alias_(_sum(value, whole_kind, dialect), self._value, quoted=True), count]
            case "min" | "max" | "first" | "last":
                found = self._end(value, kind, dialect)
        return [exp.alias_(found, self._value, quoted=True)]

    def _end(self, value: Sql, kind: Type | None, dialect: Dialect) -> Sql:
        """The least or the greatest; of `first` and `last`, the greatest at the moment that counts."""
        ordered = dialect.binary(value) if isinstance(kind, Text | Key) or _is_name(kind) else value
        if self._needs_edge:
            there = exp.EQ(this=column(AT), expression=column(self._edge))
            return exp.Max(this=when(there, ordered))
        return (exp.Min if self._function in ("min", "first") else exp.Max)(this=ordered)

    # ---- the answer

    def answered(self, schema: Schema, dialect: Dialect) -> Sql:
        """The answer for a recipient who may have no line at all."""
        found, kind = column(self._value, "a"), self._type(schema)
        answer = self._read(found, kind, dialect)
        expr = self.expr
        if isinstance(expr, typed.ListAggregate):
            answer = when(is_known(column(expr.list.name, "p")), answer)
        return exp.alias_(answer, self.answer, quoted=True)

    def _read(self, found: Sql, kind: Type | None, dialect: Dialect) -> Sql:
        match self._function:
            case "count" | "distinct":
                count = exp.Coalesce(this=found, expressions=[number(0)])
                is_test = isinstance(self.expr, typed.Exists)
                return exp.GT(this=count, expression=number(0)) if is_test else count
            case "sum":
                assert kind is not None
                return in_range(exp.Coalesce(this=found, expressions=[number(0)]), kind)
            case "avg":
                return self._average(found, kind, dialect)
            case _ if isinstance(kind, Enum) and kind.ordered:
                return member_of(kind, found)
            case _ if isinstance(kind, Bool):
                return exp.EQ(this=found, expression=number(1))
            case "min" | "max" | "first" | "last":
                return found

    def _average(self, total: Sql, kind: Type | None, dialect: Dialect) -> Sql:
        count = column(self._count, "a")
        if isinstance(kind, Money):
            return half_even(total, count, dialect)
        dividend = exp.cast(total, "DOUBLE") if isinstance(kind, Int) else finite(total)
        divisor = exp.cast(exp.Nullif(this=count, expression=number(0)), "DOUBLE")
        return exp.Div(this=grouped(dividend), expression=divisor, typed=False, safe=False)


def _is_name(kind: Type | None) -> bool:
    return isinstance(kind, Enum) and not kind.ordered


def _sum(value: Sql, kind: Type | None, dialect: Dialect) -> Sql:
    if isinstance(kind, Int | Duration):
        return exp.Sum(this=exp.cast(value, exp.DataType.build(dialect.wide, dialect=dialect.name)))
    if not isinstance(kind, Money) and dialect.compensated_sum:
        return exp.Anonymous(this="KAHAN_SUM", expressions=[value])
    return exp.Sum(this=value)


def reads_recipient(expressions: Sequence[Sql]) -> bool:
    """Whether an attribute of the recipient (alias `p`) is read somewhere."""
    return any(found.table == "p" for each in expressions for found in each.find_all(exp.Column))
