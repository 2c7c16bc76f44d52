"""Scores by recency, frequency and money: fifths of the population, 5 the best, or all three as 111 to 555."""

from __future__ import annotations

from sqlglot import exp

from mailweave.rules.sql.aggregates import AT, OWNER
from mailweave.rules.sql.building import Sql, column, number
from mailweave.rules.sql.dialects import Dialect
from mailweave.rules.sql.windows import Clock
from mailweave.rules.typed import ExactWindow
from mailweave.schema.model import Rfm


def rfm_groups(
    rfm: Rfm, events: exp.Table, people: exp.Table, key: str, clock: Clock, dialect: Dialect
) -> exp.Select:
    """Owner and `mw_value` of everybody on the list with an event in the window; ties go by key."""
    same = exp.EQ(this=column(key, "p"), expression=column(OWNER, "e"))
    rows = exp.select(column(OWNER, "e"), *_measures(rfm)).from_(events).join(people, on=same)
    if rfm.window is not None:
        window = ExactWindow(rfm.window, True) if isinstance(rfm.window, int) else rfm.window
        rows = rows.where(clock.lies_in(column(AT, "e"), window))
    groups = rows.group_by(column(OWNER, "e")).subquery(exp.to_identifier("g", quoted=True))
    score = exp.alias_(exp.cast(exp.paren(_value(rfm, dialect)), "BIGINT"), "mw_value", quoted=True)
    return exp.select(column(OWNER, "g"), score).from_(groups)


def _measures(rfm: Rfm) -> list[Sql]:
    found: list[Sql] = []
    if rfm.by in ("recency", "rfm"):
        found.append(exp.alias_(exp.Max(this=column(AT, "e")), "mw_recency", quoted=True))
    if rfm.by in ("frequency", "rfm"):
        found.append(exp.alias_(exp.Count(this=exp.Star()), "mw_frequency", quoted=True))
    if rfm.field is not None:
        total = exp.Coalesce(this=exp.Sum(this=column(rfm.field, "e")), expressions=[number(0)])
        found.append(exp.alias_(total, "mw_monetary", quoted=True))
    return found


def _value(rfm: Rfm, dialect: Dialect) -> Sql:
    if rfm.by != "rfm":
        return _fifth(f"mw_{rfm.by}", dialect)
    digits = [
        _digit(*each, dialect) for each in (("mw_recency", 100), ("mw_frequency", 10), ("mw_monetary", 1))
    ]
    return exp.Add(this=exp.Add(this=digits[0], expression=digits[1]), expression=digits[2])


def _digit(measure: str, weight: int, dialect: Dialect) -> Sql:
    return exp.Mul(this=_fifth(measure, dialect), expression=number(weight))


def _fifth(measure: str, dialect: Dialect) -> Sql:
    keys = (column(measure, "g"), dialect.binary(column(OWNER, "g")))
    order = exp.Order(expressions=[exp.Ordered(this=key, nulls_first=False) for key in keys])
    ntile = exp.Anonymous(this="NTILE", expressions=[number(5)])
    return exp.Window(this=ntile, order=order)
