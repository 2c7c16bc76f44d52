"""Pieces of SQL: literals in the normal forms of the engine, CASE, clamps and brackets where they are due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlglot import exp

from mailweave.rules.sql.dialects import column_type
from mailweave.schema.types import (
    Bool,
    Date,
    Duration,
    Enum,
    Instant,
    Int,
    Key,
    ListOf,
    Money,
    Number,
    Ratio,
    SetOf,
    Text,
    Type,
    Zone,
)
from mailweave.values.instants import iso
from mailweave.values.money import LIMIT, SCALE, to_decimal
from mailweave.values.numbers import LARGEST, SMALLEST

Sql = exp.Expr


def column(name: str, table: str | None = None) -> exp.Column:
    return exp.column(name, table=table, quoted=True)


def number(value: int) -> Sql:
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def moment(at: int) -> Sql:
    """An instant, with a comment that people can read."""
    literal = number(at)
    literal.add_comments([iso(at)])
    return literal


def day_number(day: int) -> int:
    """A day of the engine (1 is 0001-01-01) as a number that reads like a date: 20260229."""
    on = date.fromordinal(day)
    return on.year * 10_000 + on.month * 100 + on.day


def literal(type: Type, value: object) -> Sql:
    """A value in the normal form of `mailweave.values`; None is NULL of that type."""
    if value is None:
        return exp.cast(exp.null(), column_type(type))
    match type:
        case Money():
            assert isinstance(value, int)
            return exp.cast(exp.Literal.string(str(to_decimal(value))), column_type(type))
        case Number() | Ratio():
            return exp.cast(exp.Literal.string(repr(float(str(value)))), column_type(type))
        case Date():
            assert isinstance(value, int)
            return number(day_number(value))
        case Instant():
            assert isinstance(value, int)
            return moment(value)
        case Bool():
            return exp.true() if value else exp.false()
        case Int() | Duration():
            assert isinstance(value, int)
            return number(value)
        case Text() | Key() | Zone() | Enum():
            return exp.Literal.string(str(value))
        case SetOf() | ListOf():
            raise TypeError(f"SQL has no literal for {type}")


def grouped(expr: Sql) -> Sql:
    """The expression in brackets, where another operator beside it could tear it apart."""
    loose = (exp.Binary, exp.Connector, exp.Not, exp.Neg, exp.Between, exp.In, exp.Is, exp.Escape)
    return exp.paren(expr, copy=False) if isinstance(expr, loose) and not isinstance(expr, exp.Dot) else expr


def every(terms: Iterable[Sql]) -> Sql:
    return _joined(exp.And, list(terms))


def some(terms: Iterable[Sql]) -> Sql:
    return _joined(exp.Or, list(terms))


def _joined(connector: type[exp.And] | type[exp.Or], terms: Sequence[Sql]) -> Sql:
    found, *rest = [
        exp.paren(term, copy=False) if isinstance(term, exp.Connector) else term for term in terms
    ]
    for term in rest:
        found = connector(this=found, expression=term)
    return found


def negated(term: Sql) -> Sql:
    return exp.Not(this=grouped(term))


def is_true(term: Sql) -> Sql:
    """Two-valued: unknown is false."""
    return exp.Coalesce(this=term, expressions=[exp.false()])


def is_known(value: Sql) -> Sql:
    return exp.Not(this=exp.Is(this=grouped(value), expression=exp.null()))


def case(branches: Iterable[tuple[Sql, Sql]], otherwise: Sql | None = None) -> Sql:
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Case(ifs=ifs, default=otherwise)


def when(condition: Sql, value: Sql) -> Sql:
    """The value where the condition is true, else NULL."""
    return case([(condition, value)])


def rank(type: Enum, value: Sql) -> Sql:
    """The place of a member in its ordered enum, from 0."""
    ifs = [exp.If(this=exp.Literal.string(name), true=number(at)) for at, name in enumerate(type.members)]
    return exp.Case(this=value, ifs=ifs)


def member_of(type: Enum, place: Sql) -> Sql:
    """The member at a place."""
    ifs = [exp.If(this=number(at), true=exp.Literal.string(name)) for at, name in enumerate(type.members)]
    return exp.Case(this=place, ifs=ifs)


def ten_thousandths(money: Sql) -> Sql:
    """Money as a whole number; it is widened first, for engines that give a product its factors' width."""
    wide = exp.cast(money, "DECIMAL(24, 4)")
    return exp.cast(exp.Mul(this=wide, expression=number(SCALE)), "BIGINT")


# ---- what leaves its range is missing


def whole(value: Sql) -> Sql:
    """A wide integer as BIGINT, NULL when 64 bits do not hold it."""
    return exp.cast(_clamped(value, number(SMALLEST - 1), number(LARGEST + 1)), "BIGINT")


def amount(value: Sql) -> Sql:
    """A wide decimal as money, NULL past eighteen digits."""
    end = LIMIT // SCALE
    return exp.cast(_clamped(value, number(-end), number(end)), "DECIMAL(18, 4)")


def in_range(value: Sql, type: Type) -> Sql:
    """A result, NULL when its type does not hold it."""
    match type:
        case Int() | Duration():
            return whole(value)
        case Money():
            return amount(value)
        case Number() | Ratio():
            return finite(value)
        case Text() | Key() | Bool() | Date() | Instant() | Zone() | Enum() | SetOf() | ListOf():
            raise TypeError(f"nothing is calculated in {type}")


def _clamped(value: Sql, low: Sql, high: Sql) -> Sql:
    """GREATEST and LEAST pass over NULL in some engines: it then comes out as an end, which is NULL too."""
    below = exp.Anonymous(this="LEAST", expressions=[high.copy(), value])
    inside = exp.Anonymous(this="GREATEST", expressions=[low, below])
    return _without(_without(inside, low.copy()), high.copy())


def finite(value: Sql) -> Sql:
    """A double, NULL when it is infinite or not a number."""
    for name in ("Infinity", "-Infinity", "NaN"):
        value = _without(value, exp.cast(exp.Literal.string(name), "DOUBLE"))
    return value


def _without(value: Sql, end: Sql) -> Sql:
    return exp.Nullif(this=value, expression=end)
