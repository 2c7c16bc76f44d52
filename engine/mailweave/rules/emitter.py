"""Expressions as Python code.

`Emitter.truth` gives code that is true exactly where the Kleene value of a condition is true; it expects a
condition after `optimizer.push_not`. `Emitter.value` gives code for a value in normal form (a missing one as
NaN or None). No text of an author becomes code: names turn into numbered variables, literals into `repr`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from mailweave.rules.forms import is_quantity
from mailweave.rules.globs import code_of
from mailweave.rules.inputs import AttributeInput, ConsentInput, Input, LookupTable, ScoreInput
from mailweave.rules.optimizer import cost, optimized
from mailweave.rules.places import Log, Places, Rows, lookup_input
from mailweave.rules.typed import (
    And,
    Anniversary,
    Arithmetic,
    Attribute,
    Between,
    Compare,
    ConsentGiven,
    Const,
    EventAggregate,
    ExactWindow,
    Exists,
    Expr,
    In,
    Inlined,
    InSegment,
    InWindow,
    ItemField,
    Known,
    ListAggregate,
    LookupValue,
    Matches,
    Negate,
    Not,
    Or,
    ScoreValue,
    SetContains,
    SetContainsMany,
    TextContains,
    TierValue,
    TimeSince,
    Window,
)
from mailweave.rules.variables import Variables
from mailweave.schema.types import Bool, Date, Duration, Enum, Field, Int, Money, Number, Ratio, Type

FLIPPED: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
EARLIEST: Final = -(2**63)

_DEEPEST = 24  # brackets in one expression, before a part of it becomes a variable; Python's own limit is 200
_DEAR = 8  # from this cost on, what occurs twice is kept


class Emitter:
    """Code for the expressions of one generated function.

    `rows` are those of which one is at hand, inside the `where` of an aggregate. `needs` gathers segments
    and tiers that must be computed before, `before` lines that must stand before the statement at hand.
    """

    def __init__(
        self,
        places: Places,
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

    def _share(self, code: str) -> str:
        """What depends on the row at hand is not shared."""
        return code if self._rows else self.variables.share(code)

    # ---- conditions

    def truth(self, expr: Expr) -> str:
        """Code that is true where `expr` (optimized) is true, and false where it is false or unknown."""
        match expr:
            case And(terms=terms):
                return self._joined(" and ", terms)
            case Or(terms=terms):
                return self._joined(" or ", terms)
            case Not(term=term):
                return self._atom(term, negated=True)
            case _:
                return self._atom(expr, negated=False)

    def _joined(self, word: str, terms: tuple[Expr, ...]) -> str:
        return self._deep(lambda: f"({word.join(map(self.truth, terms))})")

    def _deep(self, make: Callable[[], str]) -> str:
        """Code made one level deeper; from time to time a level is computed beforehand."""
        self._depth += 1
        code = make()
        self._depth -= 1
        if self._depth % _DEEPEST:
            return code
        return self._early(code) if self._depth else code

    def _early(self, code: str) -> str:
        name = self.variables.temp(code)
        self.before.append(f"{name} = {code}")
        return name

    def _atom(self, expr: Expr, *, negated: bool) -> str:
        code = self._atom_code(expr, negated=negated)
        return self._share(code) if cost(expr) >= _DEAR and "\0" not in code else code

    def _atom_code(self, expr: Expr, *, negated: bool) -> str:
        match expr:
            case Compare():
                return self._compare(expr.left, FLIPPED[expr.op] if negated else expr.op, expr.right)
            case Between():
                return self._between(expr, negated=negated)
            case In():
                return self._in(expr, negated=negated)
            case InWindow():
                return self._in_window(expr, negated=negated)
            case Exists():
                found = self._at_least(Log(expr.event, None, None), 1, expr.window)
                return f"(not {found})" if negated else found
            case InSegment(name=name):
                return f"(not {self.needed(name)})" if negated else self.needed(name)
            case Known(value=value):
                return self._known_code(value, negated=negated)
            case TextContains(value=value, part=part):
                return self._contains(part, value, negated=negated)
            case SetContains(value=value, item=item):
                return self._contains(item, value, negated=negated)
            case SetContainsMany():
                return self._contains_many(expr, negated=negated)
            case Matches(value=value, pattern=pattern):
                word = "not " if negated else ""
                return self._if_known(value, lambda code: f"{word}{self._glob(pattern, code)}")
            case And() | Or() | Not():
                return self.truth(optimized(Not(expr.span, Bool(), expr.optional, expr) if negated else expr))
            case _:
                return self._flag(expr, negated=negated)

    def _flag(self, expr: Expr, *, negated: bool) -> str:
        """A value of type bool as a condition."""
        code = self.value(expr)
        if self.nullable(expr):
            return f"({code} is {not negated})"
        return f"(not {code})" if negated else code

    def needed(self, name: str) -> str:
        """The variable of a segment or a tier, which is noted as needed."""
        if name not in self.needs:
            self.needs.append(name)
        return self.places.variable(name)

    # ---- atoms

    def _compare(self, left: Expr, op: str, right: Expr) -> str:
        counted = self._count_compared(left, op, right) or self._count_compared(right, MIRRORED[op], left)
        if counted:
            return counted
        if op not in ("==", "!=") and isinstance(left.type, Enum):
            return self._ranked(left, op, right, left.type)
        if op == "!=":
            return self._differs(left, right)
        if op == "==" and not is_quantity(left.type) and self.nullable(left) and self.nullable(right):
            return self._if_known(left, lambda code: f"{code} == {self.value(right)}")
        return f"({self.value(left)} {op} {self.value(right)})"

    def _differs(self, left: Expr, right: Expr) -> str:
        if not is_quantity(left.type):
            return self._if_known(left, lambda a: self._if_known(right, lambda b: f"{a} != {b}"))
        if not (self.nullable(left) or self.nullable(right)):
            return f"({self.value(left)} != {self.value(right)})"
        (a, left_again), (b, right_again) = (
            self.variables.twice(self.value(left)),
            self.variables.twice(self.value(right)),
        )
        return f"({a} < {b} or {left_again} > {right_again})"

    def _count_compared(self, count: Expr, op: str, limit: Expr) -> str | None:
        """`count(..) >= k` looks at the k-th newest event."""
        match count, limit:
            case EventAggregate(function="count", event=event, field=None, where=where), Const(value=int(k)):
                log = Log(event, None, where)
            case Inlined(value=value), Const():
                return self._count_compared(value, op, limit)
            case _:
                return None
        at_least = {">=": k, ">": k + 1, "<": k, "<=": k + 1, "==": 1, "!=": 1}[op]
        if op in ("==", "!=") and k != 0:
            return None
        found = self._at_least(log, at_least, count.window)
        return found if op in (">=", ">", "!=") else f"(not {found})"

    def _at_least(self, log: Log, k: int, window: Window | None) -> str:
        if k <= 0:
            return "True"
        moments = self._log(log)
        if window is None:
            return f"(len({moments}) >= {k})"
        first, again = self.variables.twice(moments)
        enough = first if k == 1 else f"len({first}) >= {k}"
        return self._share(f"({enough} and {again}[-{k}] > {self._since(window)})")

    def _ranked(self, left: Expr, op: str, right: Expr, type: Enum) -> str:
        """Ordered enums: membership in what lies on one side of a constant, else their ranks."""
        if isinstance(left, Const):
            return self._ranked(right, MIRRORED[op], left, type)
        if isinstance(right, Const):
            rank = type.members.index(str(right.value))
            below, above = type.members[: rank + (op == "<=")], type.members[rank + (op == ">") :]
            return f"({self.value(left)} in {_several(below if op in ('<', '<=') else above)})"
        of = f"{self.places.constant(_ranks(type))}.get"
        return f"({of}({self.value(left)}, MISSING) {op} {of}({self.value(right)}, MISSING))"

    def _between(self, expr: Between, *, negated: bool) -> str:
        if isinstance(expr.value.type, Enum):
            low = self._compare(expr.value, "<" if negated else ">=", expr.low)
            high = self._compare(expr.value, ">" if negated else "<=", expr.high)
            return f"({low} {'or' if negated else 'and'} {high})"
        value, low, high = self.value(expr.value), self.value(expr.low), self.value(expr.high)
        if not negated:
            return f"({low} <= {value} <= {high})"
        first, again = self.variables.twice(value)
        return f"({first} < {low} or {again} > {high})"

    def _in(self, expr: In, *, negated: bool) -> str:
        items = _several(item.value for item in expr.items)
        if not negated:
            return f"({self.value(expr.value)} in {items})"
        return self._if_known(expr.value, lambda code: f"{code} not in {items}")

    def _in_window(self, expr: InWindow, *, negated: bool) -> str:
        low, high, below, above = self._ends(expr)
        value = self.value(expr.value)
        if not negated:
            return f"({low} {below} {value} {above} {high})"
        first, again = self.variables.twice(value)
        return f"({first} {MIRRORED[FLIPPED[below]]} {low} or {again} {FLIPPED[above]} {high})"

    def _ends(self, expr: InWindow) -> tuple[str, str, str, str]:
        """Code of both ends of a window, and how the value compares with them, from left to right."""
        window = expr.window
        if isinstance(window, ExactWindow):
            if window.last:
                return f"now - {window.length}", "now", "<", "<="
            return "now", f"now + {window.length}", "<", "<="
        dates = isinstance(expr.value.type, Date)
        function = "days" if dates else "bounds"
        ends = self._share(f"{function}({self.places.constant(repr(window))}, now, zone)")
        first, again = self.variables.twice(ends)
        return f"{first}[0]", f"{again}[1]", "<=", "<=" if dates else "<"

    def _known_code(self, value: Expr, *, negated: bool) -> str:
        if not self.nullable(value):
            return str(not negated)
        if is_quantity(value.type):
            first, again = self.variables.twice(self.value(value))
            return f"({first} {'!=' if negated else '=='} {again})"
        return f"({self.value(value)} is {'' if negated else 'not '}None)"

    def _contains(self, item: Expr, whole: Expr, *, negated: bool) -> str:
        word = "not in" if negated else "in"
        return self._if_known(whole, lambda b: self._if_known(item, lambda a: f"{a} {word} {b}"))

    def _glob(self, pattern: str, text: str) -> str:
        simple = code_of(pattern, text)
        return f"({simple})" if simple else f"{self.places.constant(f'glob({pattern!r})')}({text})"

    def _contains_many(self, expr: SetContainsMany, *, negated: bool) -> str:
        items = self.places.constant(f"frozenset({_several(item.value for item in expr.items)})")
        some = expr.quantifier == "any"
        word = "not " if some != negated else ""
        test = ".isdisjoint" if some else ".issuperset"
        return self._if_known(expr.value, lambda code: f"{word}{code}{test}({items})")

    def _if_known(self, expr: Expr, then: Callable[[str], str]) -> str:
        """A test that is asked only of a known value."""
        code = self.value(expr)
        if not self.nullable(expr):
            return f"({then(code)})"
        first, again = self.variables.twice(code)
        test = f"{first} == {again}" if is_quantity(expr.type) else f"{first} is not None"
        return f"({test} and {then(again)})"

    # ---- values

    def value(self, expr: Expr) -> str:
        """Code for a value in normal form."""
        match expr:
            case Const(value=value):
                return repr(value)
            case Attribute(name=name):
                return self._input(AttributeInput(name))
            case ConsentGiven(purpose=purpose):
                return self._input(ConsentInput(purpose))
            case ScoreValue(name=name):
                return self._input(ScoreInput(name))
            case LookupValue(name=name, key=key):
                return self._lookup(name, key)
            case ItemField(name=name):
                return f"e[{self.place(name)[0]}]"
            case TierValue(name=name):
                return self.needed(name)
            case Inlined(value=value):
                return self.value(value)
            case Arithmetic() | Negate():
                return self._deep(lambda: self._arithmetic(expr))
            case EventAggregate():
                return self._share(self._aggregate(expr))
            case ListAggregate():
                return self._share(f"list{self.places.list(expr)}(m)")
            case TimeSince(value=value):
                return f"(now - {self.value(value)})"
            case Anniversary(value=value):
                return self._share(f"returns({self.value(value)}, now, zone)")
            case _:
                return self._deep(lambda: self.kleene(expr))

    def kleene(self, expr: Expr) -> str:
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
        log = self._log(Log(expr.event, expr.field, expr.where))
        since = str(EARLIEST) if expr.window is None else self._since(expr.window)
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
            case _:
                return f"{log}.{expr.function}({since}, {absent(declared)})"

    def rank(self, type: Type, keyword: str = "") -> str:
        """The argument that orders members of an enum as their author did."""
        if not (isinstance(type, Enum) and type.ordered):
            return ""
        return f", {keyword}{self.places.constant(_ranks(type))}.get"

    def _since(self, window: Window) -> str:
        """The moment after which an event lies in a window; none is seen after now."""
        if isinstance(window, ExactWindow):
            return f"now - {window.length}" if window.last else "now"
        ends = self._share(f"bounds({self.places.constant(repr(window))}, now, zone)")
        return f"{ends}[0] - 1"

    def _log(self, log: Log) -> str:
        where = None if log.where is None else optimized(log.where)
        return f"m[{self.places.log(Log(log.event, log.field, where))}]"

    def _lookup(self, name: str, key: Expr) -> str:
        if isinstance(key, ItemField) and self._rows is not None:
            rows, place = self._rows, self._rows.place(key.name)
            table = self._input(LookupTable(name, rows.of, rows.source, place))
            return f"{table}.get(e[{place}], {self.places.schema.lookups[name].otherwise!r})"
        return self._input(lookup_input(name, key))

    def _input(self, source: Input) -> str:
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
            case _:
                return True


def _may_lack(field: Field) -> bool:
    return field.needs is not None or (field.optional and field.default is None)


def _several(values: Iterable[object]) -> str:
    items = sorted(map(repr, set(values)))
    return f"{{{', '.join(items)}}}" if items else "()"


def _ranks(type: Type) -> str:
    members = type.members if isinstance(type, Enum) else ()
    return repr({name: rank for rank, name in enumerate(members)})


def _kept(type: Type) -> str:
    """The function that keeps a result within its type."""
    match type:
        case Money():
            return "amount"
        case Int() | Duration():
            return "whole"
        case _:
            return "double"


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
