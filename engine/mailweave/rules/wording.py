"""Typed expressions as a reader would write them."""

from __future__ import annotations

from datetime import date

from mailweave.rules import typed as x
from mailweave.schema import types as t
from mailweave.values import durations, instants, money
from mailweave.values.calendar import CalendarWindow


def constant(value: object, type_: t.Type) -> str:
    """A value in its normal form, as a literal of its type."""
    match type_:
        case t.Money(currency=currency):
            return f"{money.to_decimal(int(str(value)))} {currency}"
        case t.Duration():
            return durations.spoken(int(str(value)))
        case t.Date():
            return date.fromordinal(int(str(value))).isoformat()
        case t.Instant():
            return instants.iso(int(str(value)))
        case t.Bool():
            return "true" if value else "false"
        case t.Text() | t.Key() | t.Zone():
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        case t.Int() | t.Number() | t.Ratio() | t.Enum() | t.SetOf() | t.ListOf():
            return str(value)


def window(found: x.Window) -> str:
    """A window: `last 7 days`."""
    direction = "last" if found.last else "next"
    if isinstance(found, CalendarWindow):
        plural = "" if found.count == 1 else "s"
        return f"{direction} {found.count} calendar {found.unit}{plural}"
    return f"{direction} {_days(found.length)}"


def _days(length: int) -> str:
    days, rest = divmod(length, durations.DAY)
    if rest:
        return durations.spoken(length)
    return f"{days} day" if days == 1 else f"{days} days"


def spoken(expr: x.Expr) -> str:
    """An expression as text; lets appear as what they stand for, and long ones are cut."""
    text = in_full(expr)
    return text if len(text) <= 160 else text[:159] + "…"


def in_full(expr: x.Expr) -> str:
    """An expression as text, however long."""
    return _spoken(expr)


def _spoken(expr: x.Expr) -> str:
    match expr:
        case x.Inlined(value=value):
            return _spoken(value)
        case x.Const(value=value):
            return constant(value, expr.type)
        case x.ConsentGiven(purpose=purpose):
            return f"consent.{purpose}"
        case x.ScoreValue(name=name):
            return f"score.{name}"
        case x.Attribute(name=name) | x.ItemField(name=name) | x.TierValue(name=name):
            return name
        case x.LookupValue(name=name, key=key):
            return f"{name}({_spoken(key)})"
        case x.EventAggregate():
            return _aggregate(expr, expr.event)
        case x.ListAggregate():
            return _aggregate(expr, expr.list.name)
        case x.TimeSince(value=value):
            return f"time since {_spoken(value)}"
        case x.Anniversary(value=value):
            return f"anniversary of {_spoken(value)}"
        case x.Negate(value=value):
            return f"-{_bracketed(value)}"
        case x.Arithmetic(left=left, op=op, right=right):
            return f"{_bracketed(left)} {op} {_bracketed(right)}"
        case _:  # a condition: mypy says what is missing
            return _condition(expr)


def _aggregate(expr: x.EventAggregate | x.ListAggregate, source: str) -> str:
    field = "" if expr.field is None else f".{expr.field}"
    over = expr.window if isinstance(expr, x.EventAggregate) else None
    inside = "" if over is None else f" in {window(over)}"
    where = "" if expr.where is None else f" where {_spoken(expr.where)}"
    return f"{expr.function}({source}{field}{inside}{where})"


def _condition(expr: x.Connective | x.Predicate) -> str:
    match expr:
        case x.InSegment(name=name):
            return name
        case x.Or(terms=terms):
            return " or ".join(_bracketed(term) for term in terms)
        case x.And(terms=terms):
            return " and ".join(_bracketed(term) for term in terms)
        case x.ByArm(experiment=experiment, arms=arms, conditions=conditions):
            each = "; ".join(f"{arm} {_spoken(one)}" for arm, one in zip(arms, conditions, strict=False))
            return f"arm of {experiment}" + (f": {each}" if each else "")
        case x.Not(term=x.Known(value=value)):
            return f"{_bracketed(value)} is unknown"
        case x.Not(term=x.Exists(event=event, window=over)):
            return f"never {event}" if over is None else f"no {event} in {window(over)}"
        case x.Not(term=term):
            return f"not {_bracketed(term)}"
        case x.Compare(left=left, op=op, right=right):
            return f"{_bracketed(left)} {op} {_bracketed(right)}"
        case x.Between(value=value, low=low, high=high):
            return f"{_bracketed(value)} between {_bracketed(low)} and {_bracketed(high)}"
        case x.In(value=value, items=items):
            return f"{_bracketed(value)} in ({_listed(items)})"
        case x.InWindow(value=value, window=over):
            return f"{_bracketed(value)} in {window(over)}"
        case x.Exists(event=event, window=over):
            return f"count({event}) > 0" if over is None else f"{event} in {window(over)}"
        case x.TextContains(value=value, part=item) | x.SetContains(value=value, item=item):
            return f"{_bracketed(value)} contains {_bracketed(item)}"
        case x.SetContainsMany(value=value, quantifier=quantifier, items=items):
            return f"{_bracketed(value)} contains {quantifier} ({_listed(items)})"
        case x.Matches(value=value, pattern=pattern):
            return f"{_bracketed(value)} matches {constant(pattern, t.Text())}"
        case x.Known(value=value):
            return f"{_bracketed(value)} is known"


def _listed(items: tuple[x.Const, ...]) -> str:
    return ", ".join(_spoken(item) for item in items)


def _bracketed(expr: x.Expr) -> str:
    while isinstance(expr, x.Inlined):
        expr = expr.value
    text = _spoken(expr)
    atoms = (
        x.Const, x.Attribute, x.ItemField, x.ConsentGiven, x.ScoreValue, x.LookupValue, x.TierValue,
        x.EventAggregate, x.ListAggregate, x.TimeSince, x.Anniversary, x.InSegment,
    )  # fmt: skip
    return text if isinstance(expr, atoms) else f"({text})"
