"""Expressions, constants and types in their one written form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from mailweave.rules import nodes as n

# how strongly an expression binds; a weaker one inside a stronger one stands in brackets
_OR, _AND, _NOT, _COMPARISON, _SUM, _TERM, _UNARY, _ATOM = range(1, 9)


_Atom: TypeAlias = n.Aggregate | n.TimeSince | n.Anniversary | n.ConsentRef | n.ScoreRef | n.Call | n.Constant
_Comparison: TypeAlias = (
    n.Compare
    | n.Between
    | n.In
    | n.InWindow
    | n.Contains
    | n.ContainsMany
    | n.Matches
    | n.Known
    | n.NoEvent
    | n.Never
)


def text(value: str) -> str:
    """A text literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def names(found: Iterable[n.Name]) -> str:
    """Names, separated by commas."""
    return ", ".join(name.id for name in found)


def length(node: n.DurationLiteral | n.CalendarLength) -> str:
    """`7 days`, `1 calendar month`."""
    calendar = "calendar " if isinstance(node, n.CalendarLength) else ""
    plural = "" if node.text == "1" else "s"
    return f"{node.text} {calendar}{node.unit}{plural}"


def constant(node: n.Constant) -> str:
    """A literal or a bare name."""
    match node:
        case n.TextLiteral(value=value):
            return text(value)
        case n.BoolLiteral(value=value):
            return "true" if value else "false"
        case n.MoneyLiteral(text=amount, currency=currency):
            return f"{amount} {currency}"
        case n.DurationLiteral():
            return length(node)
        case n.NumberLiteral(text=written) | n.DateLiteral(text=written) | n.InstantLiteral(text=written):
            return written
        case n.Reference(id=name):
            return name


def constants(found: Iterable[n.Constant]) -> str:
    """Constants in brackets."""
    return "(" + ", ".join(constant(node) for node in found) + ")"


def type_(node: n.TypeNode, optional: bool = False) -> str:
    """A type as it is declared."""
    mark = "?" if optional else ""
    match node:
        case n.NamedType(name=name):
            return name + mark
        case n.MoneyType(currency=currency):
            return f"money({currency}){mark}"
        case n.EnumType(members=members, ordered=ordered):
            return f"enum({(' < ' if ordered else ', ').join(m.id for m in members)}){mark}"
        case n.SetType(item=item):
            return f"set of {type_(item)}{mark}"
        case n.ListType(fields=fields):
            return f"list of {record(fields)}{mark}"


def record(fields: Iterable[n.RecordField]) -> str:
    """The fields of an event, a catalogue item or a list item."""
    return "{ " + ", ".join(_field(field) for field in fields) + " }"


def _field(node: n.RecordField) -> str:
    default = "" if node.default is None else f" = {constant(node.default)}"
    return f"{node.name.id}: {type_(node.type, node.optional)}{default}"


def window(node: n.Window) -> str:
    """`last 7 days`, `last w`."""
    span = node.length.id if isinstance(node.length, n.Reference) else length(node.length)
    return f"{node.direction} {span}"


def over(node: n.Over) -> str:
    """What an aggregate runs over."""
    field = "" if node.field is None else f".{node.field.id}"
    inside = "" if node.window is None else f" in {window(node.window)}"
    where = "" if node.where is None else f" where {expression(node.where)}"
    return f"{node.source.id}{field}{inside}{where}"


def expression(node: n.Expression) -> str:
    """An expression, with brackets where they are needed, and where a reader would wonder."""
    return _written(node)[1]


def _at_least(node: n.Expression, strength: int) -> str:
    found, written = _written(node)
    return written if found >= strength else f"({written})"


def _written(node: n.Expression) -> tuple[int, str]:
    match node:
        case n.Or(terms=terms):
            # `and` inside `or` needs no brackets, but readers do
            return _OR, " or ".join(_at_least(term, _NOT) for term in terms)
        case n.And(terms=terms):
            return _AND, " and ".join(_at_least(term, _NOT) for term in terms)
        case n.Not(term=term):
            return _NOT, "not " + _negated(term)
        case n.Arithmetic(left=left, op=op, right=right):
            strength = _SUM if op in "+-" else _TERM
            return strength, f"{_at_least(left, strength)} {op} {_at_least(right, strength + 1)}"
        case n.Negate(value=value):
            return _UNARY, "-" + _at_least(value, _ATOM)
        case (
            n.Compare() | n.Between() | n.In() | n.InWindow() | n.Contains() | n.ContainsMany() | n.Matches()
            | n.Known() | n.NoEvent() | n.Never()
        ):  # fmt: skip
            return _COMPARISON, _comparison(node)
        case _:  # an atom: mypy says what is missing
            return _ATOM, _atom(node)


def _negated(term: n.Expression) -> str:
    if isinstance(term, n.Not):
        return _at_least(term, _NOT)
    return _at_least(term, _UNARY)


def _atom(node: _Atom) -> str:
    match node:
        case n.Aggregate(function=function, over=inside):
            return f"{function}({over(inside)})"
        case n.TimeSince(value=value):
            return f"time since {_at_least(value, _ATOM)}"
        case n.Anniversary(value=value):
            return f"anniversary of {value.id}"
        case n.ConsentRef(purpose=purpose):
            return f"consent.{purpose.id}"
        case n.ScoreRef(name=name):
            return f"score.{name.id}"
        case n.Call(function=function, arguments=arguments):
            return f"{function.id}({', '.join(expression(each) for each in arguments)})"
        case _:  # a Constant: mypy says what is missing
            return constant(node)


def _comparison(node: _Comparison) -> str:
    match node:
        case n.Compare(left=left, op=op, right=right):
            return f"{_value(left)} {op} {_value(right)}"
        case n.Between(value=value, low=low, high=high, negated=negated):
            return f"{_value(value)}{_not(negated)} between {_value(low)} and {_value(high)}"
        case n.In(value=value, items=items, negated=negated):
            return f"{_value(value)}{_not(negated)} in {constants(items)}"
        case n.InWindow(value=value, window=inside):
            return f"{_value(value)} in {window(inside)}"
        case n.Contains(value=value, item=item):
            return f"{_value(value)} contains {_value(item)}"
        case n.ContainsMany(value=value, quantifier=quantifier, items=items):
            return f"{_value(value)} contains {quantifier} {constants(items)}"
        case n.Matches(value=value, pattern=pattern):
            return f"{_value(value)} matches {text(pattern.value)}"
        case n.Known(value=value, negated=negated):
            return f"{_value(value)} is {'unknown' if negated else 'known'}"
        case n.NoEvent(event=event, window=inside):
            return f"no {event.id} in {window(inside)}"
        case n.Never(event=event):
            return f"never {event.id}"


def _value(node: n.Expression) -> str:
    return _at_least(node, _SUM)


def _not(negated: bool) -> str:
    return " not" if negated else ""
