"""The average of money: exact, half to even at the fourth decimal place."""

from __future__ import annotations

from sqlglot import exp

from mailweave.rules.sql.building import Sql, case, number, some
from mailweave.rules.sql.dialects import Dialect


def half_even(total: Sql, count: Sql, dialect: Dialect) -> Sql:
    """`total` ten-thousandths over `count`, as DECIMAL(18, 4); NULL when `count` is 0 or NULL."""
    size = exp.Abs(this=total)
    rest = exp.Mod(this=size, expression=count)
    quotient = _whole_quotient(size, count, dialect)
    twice = exp.Mul(this=number(2), expression=exp.paren(rest))
    is_odd = exp.EQ(this=exp.Mod(this=exp.paren(quotient), expression=number(2)), expression=number(1))
    half = exp.And(this=exp.EQ(this=twice.copy(), expression=count.copy()), expression=is_odd)
    up = case([(some([exp.GT(this=twice, expression=count.copy()), half]), number(1))], number(0))
    rounded = exp.paren(exp.Add(this=exp.paren(quotient.copy()), expression=up))
    signed = exp.Mul(this=_sign(total), expression=rounded)
    units = exp.cast(exp.paren(signed), "DECIMAL(19, 0)")
    money = exp.cast(exp.Mul(this=units, expression=_ten_thousandth()), "DECIMAL(18, 4)")
    return case([(exp.GT(this=count.copy(), expression=number(0)), money)])


def _sign(total: Sql) -> Sql:
    return case([(exp.LT(this=total.copy(), expression=number(0)), number(-1))], number(1))


def _ten_thousandth() -> Sql:
    return exp.cast(exp.Literal.string("0.0001"), "DECIMAL(5, 4)")


def _whole_quotient(dividend: Sql, divisor: Sql, dialect: Dialect) -> Sql:
    if dialect.whole_division:
        return exp.IntDiv(this=dividend.copy(), expression=divisor.copy())
    rest = exp.Mod(this=dividend.copy(), expression=divisor.copy())
    exact = exp.paren(exp.Sub(this=dividend.copy(), expression=exp.paren(rest)))
    return exp.Div(this=exact, expression=divisor.copy(), typed=True, safe=False)
