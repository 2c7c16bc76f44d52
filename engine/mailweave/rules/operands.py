"""Values as Python code: the operands of conditions.

`Operands.value` gives code for a value in normal form, a missing one as NaN or None. No text of an author becomes
code: names turn into numbered variables, literals into `repr`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

from mailweave.rules.codecs import is_quantity
from mailweave.rules.compiled_inputs import AttributeInput, ConsentInput, Input, ScoreInput
from mailweave.rules.optimizer import optimized
from mailweave.rules.symbol_table import Log, Rows, SymbolTable, lookup_input
from mailweave.rules.typed import (
    Anniversary,
    Arithmetic,
    Attribute,
    Connective,
    ConsentGiven,
    Const,
    EventAggregate,
    ExactWindow,
    Exists,
    Expr,
    Inlined,
    InSegment,
    ItemField,
    Known,
    ListAggregate,
    LookupValue,
    Negate,
    Not,
    Predicate,
    ScoreValue,
    TierValue,
    TimeSince,
    Window,
)
from mailweave.rules.variables import Variables
from mailweave.schema.types import (
    Bool,
    Date,
    Duration,
    Enum,
    Field,
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

EARLIEST: Final = -(2**63)

_DEEPEST = 24  # brackets in one expression, before a part of it becomes a variable; Python's own limit is 200


class Operands(ABC):
    """Code for the values of one generated function.

    `rows` are those of which one is at hand, inside the `where` of an aggregate. `needs` gathers segments
    and tiers that must be computed before, `before` lines that must stand before the statement at hand.
    """

    def __init__(
        self,
        places: SymbolTable,
        rows: Rows | None = None,
        variables: Variables | None = None,
    ) -> None:
        self.places = places
        self.variables = variables or Variables()
        self.inputs: set[int] = set()
        self.needs: list[str] = []
        self.before: list[str] = []
        self._rows = rows
        self._depth = 0

    def taken(self) -> tuple[str, ...]:
        """The lines that must stand before the statement at hand; the next one starts without."""
        lines = tuple(self.before)
        self.before.clear()
        return lines

    def place(self, name: str) -> tuple[int, Type]:
        """Where a field of the row at hand stands, and its type."""
        assert self._rows is not None
        return self._rows.place(name), self._rows.fields[name].type

    def share(self, code: str) -> str:
        """Code that may be computed once; what depends on the row at hand is not."""
        return code if self._rows else self.variables.share(code)

    @abstractmethod
    def truth(self, expr: Expr) -> str:
        """Code that is true where `expr` (optimized) is true, and false where it is false or unknown."""

    def needed(self, name: str) -> str:
        """The variable of a segment or a tier, which is noted as needed."""
        if name not in self.needs:
            self.needs.append(name)
        return self.places.variable(name)

    def deep(self, make: Callable[[], str]) -> str:
        """Code made one level deeper; from time to time a level is computed beforehand."""
        self._depth += 1
        code = make()
        self._depth -= 1
        if self._depth % _DEEPEST:
            return code
        return self.early(code) if self._depth else code

    def early(self, code: str) -> str:
        """Computes something before the statement at hand."""
        name = self.variables.temp(code)
        self.before.append(f"{name} = {code}")
        return name

    # ---- values

    def value(self, expr: Expr) -> str:
        """Code for a value in normal form."""
        match expr:
            case Const(value=value):
                return repr(value)
            case Attribute(name=name):
                return self.input(AttributeInput(name))
            case ConsentGiven(purpose=purpose):
                return self.input(ConsentInput(purpose))
            case ScoreValue(name=name):
                return self.input(ScoreInput(name))
            case LookupValue(name=name, key=key):
                return self.input(lookup_input(name, key))
            case ItemField(name=name):
                return f"e[{self.place(name)[0]}]"
            case TierValue(name=name):
                return self.needed(name)
            case Inlined(value=value):
                return self.value(value)
            case Arithmetic() | Negate():
                return self.deep(lambda: self._arithmetic(expr))
            case EventAggregate():
                return self.share(self._aggregate(expr))
            case ListAggregate():
                return self.share(f"list{self.places.list(expr)}(m)")
            case TimeSince(value=value):
                return f"(now - {self.value(value)})"
            case Anniversary(value=value):
                return self.share(f"returns({self.value(value)}, now, zone)")
            case _:  # no Value: mypy says what is missing
                return self.deep(lambda: self.kleene(expr))

    def kleene(self, expr: Connective | Predicate) -> str:
        """Code for a condition as a value: True, False or None."""
        true = self.truth(optimized(expr))
        if not self.nullable(expr):
            return f"(True if {true} else False)"
        false = self.truth(optimized(Not(expr.span, Bool(), True, expr)))
        return f"(True if {true} else False if {false} else None)"

    def _arithmetic(self, expr: Arithmetic | Negate) -> str:
        if isinstance(expr, Negate):
            return f"{_kept(expr.type)}(-{self.value(expr.value)})"
        left, right = self.value(expr.left), self.value(expr.right)
        if expr.op == "/":
            return f"quotient({left}, {right})"
        return f"{_kept(expr.type)}({left} {expr.op} {right})"

    def _aggregate(self, expr: EventAggregate) -> str:
        log = self.log(Log(expr.event, expr.field, expr.where))
        since = str(EARLIEST) if expr.window is None else self.since(expr.window)
        if expr.field is None:
            if expr.function == "count":
                return f"len({log})" if expr.window is None else f"count({log}, {since})"
            return f"{'first' if expr.function in ('first', 'min') else 'last'}_moment({log}, {since})"
        declared = self.places.schema.events[expr.event].fields[expr.field].type
        match expr.function:
            case "sum":
                return f"{log}.{_sum(declared)}({since})"
            case "avg":
                return f"{average(expr.type, declared)}({log}.after({since}))"
            case "count" | "distinct":
                values = f"{log}.after({since})"
                return f"len(set({values}))" if expr.function == "distinct" else f"len({values})"
            case "min" | "max":
                method = "smallest" if expr.function == "min" else "largest"
                return f"{log}.{method}({since}, {absent(declared)}{self.rank(declared)})"
            case "first" | "last":
                return f"{log}.{expr.function}({since}, {absent(declared)})"

    def rank(self, type: Type, keyword: str = "") -> str:
        """The argument that orders members of an enum as their author did."""
        if not (isinstance(type, Enum) and type.ordered):
            return ""
        return f", {keyword}{self.places.constant(ranks(type))}.get"

    def since(self, window: Window) -> str:
        """The moment after which an event lies in a window; none is seen after now."""
        if isinstance(window, ExactWindow):
            return f"now - {window.length}" if window.last else "now"
        ends = self.share(f"bounds({self.places.constant(repr(window))}, now, zone)")
        return f"{ends}[0] - 1"

    def log(self, log: Log) -> str:
        """Code for a log."""
        where = None if log.where is None else optimized(log.where)
        return f"m[{self.places.log(Log(log.event, log.field, where))}]"

    def input(self, source: Input) -> str:
        """The variable that holds an input."""
        place = self.places.input(source)
        self.inputs.add(place)
        return f"v{place}"

    # ---- what may be missing

    def nullable(self, expr: Expr) -> bool:
        """Whether a value may be missing (a condition unknown); where it is doubtful, it may."""
        match expr:
            case Const() | ConsentGiven() | InSegment() | Exists() | Known() | LookupValue():
                return False
            case Attribute(name=name):
                return self.places.partial or _may_lack(self.places.schema.profile[name])
            case ItemField(name=name):
                return self._rows is None or _may_lack(self._rows.fields[name])
            case ScoreValue(name=name):
                return self.places.schema.scores[name].otherwise is None
            case EventAggregate(function=function):
                return function not in ("count", "distinct")
            case Inlined(value=value):
                return self.nullable(value)
            case _:  # doubtful
                return True


def _may_lack(field: Field) -> bool:
    return field.needs is not None or (field.optional and field.default is None)


def ranks(type: Type) -> str:
    """Code for the ranks of the members of an enum."""
    members = type.members if isinstance(type, Enum) else ()
    return repr({name: rank for rank, name in enumerate(members)})


def _kept(type: Type) -> str:
    """The function that keeps a result within its type."""
    match type:
        case Money():
            return "amount"
        case Int() | Duration():
            return "whole"
        case Number() | Ratio():
            return "double"
        case Text() | Key() | Bool() | Date() | Instant() | Zone() | Enum() | SetOf() | ListOf():
            raise TypeError(f"nothing is calculated in {type}")


def _sum(type: Type) -> str:
    return {Money: "sum_units", Number: "sum_double", Ratio: "sum_double"}.get(type.__class__, "sum_whole")


def average(result: Type, type: Type) -> str:
    """The function that averages values of a type."""
    if isinstance(result, Money | Duration):
        return "average_units"
    return "average_double" if isinstance(type, Number | Ratio) else "average_whole"


def absent(type: Type) -> str:
    """Code for a missing value of a type."""
    return "MISSING" if is_quantity(type) else "None"
