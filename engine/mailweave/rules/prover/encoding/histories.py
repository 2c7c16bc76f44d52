"""What happened to a recipient, as z3 terms: how many events of each kind, how old, what they say.

The events of a type fall into classes: those in the same windows that fulfil the same filters. Of a class it is
said how many there are, how old its newest and its oldest is, and what one of them says. Items of a list are the
same without windows and ages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from mailweave.rules import typed as x
from mailweave.rules.prover.encoding.clock import Clock
from mailweave.rules.prover.encoding.texts import Texts
from mailweave.rules.prover.encoding.values import Item, Term, Truth, literal, variable, within
from mailweave.rules.prover.smt import smt
from mailweave.schema import types as t
from mailweave.schema.types import Field
from mailweave.values.durations import DAY

Ask = Callable[[x.Expr, Item], Truth]
Asked = tuple[x.Window | None, x.Expr | None]
"""A window and a filter."""
_MOST_CLASSES = 192
_SLACK = 1.2  # days
_LENGTHS = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "year": (365, 366)}


class TooMany(Exception):
    """A question has more windows and filters than can be told apart."""


@dataclass(frozen=True, slots=True)
class Class:
    """Events in the same windows that fulfil the same filters."""

    name: str
    number: Any
    newest: Any
    oldest: Any
    item: Item
    inside: Mapping[x.Window, bool]
    fulfilled: Mapping[x.Expr, bool]
    sums: dict[str, Any] = field(default_factory=dict)

    def is_in(self, window: x.Window | None, where: x.Expr | None) -> bool:
        """Whether an aggregate over a window with a filter runs over these events."""
        return (window is None or self.inside[window]) and (where is None or self.fulfilled[where])


@dataclass(slots=True)
class Log:
    """The questions asked about one type of events, or one list (`keep` is then 0)."""

    name: str
    fields: Mapping[str, Field]
    keep: int | None
    is_list: bool = False
    counts: dict[tuple[x.Window | None, x.Expr | None], Any] = field(default_factory=dict)
    ends: dict[tuple[str, x.Window | None, x.Expr | None], Any] = field(default_factory=dict)
    sums: dict[tuple[str, x.Window | None, x.Expr | None], Any] = field(default_factory=dict)
    values: list[tuple[Any, str, x.Window | None, x.Expr | None]] = field(default_factory=list)
    lasts: dict[str, list[tuple[Any, x.Window | None, x.Expr | None]]] = field(default_factory=dict)
    edges: list[tuple[str, Any, str, x.Window | None, x.Expr | None]] = field(default_factory=list)
    distinct: dict[str, Any] = field(default_factory=dict)
    differing: list[tuple[str, Any, Asked]] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)

    def count(self, window: x.Window | None, where: x.Expr | None) -> Any:
        """How many there are."""
        if isinstance(window, x.ExactWindow) and not window.last:
            return smt().IntVal(0)
        key = (window, where)
        if key not in self.counts:
            self.counts[key] = smt().Int(f"count {len(self.counts)} of {self.name}")
        return self.counts[key]

    def end(self, function: str, window: x.Window | None, where: x.Expr | None) -> Any:
        """The moment of the first or the last; means nothing where there is none."""
        key = (function, window, where)
        if key not in self.ends:
            self.ends[key] = smt().Int(f"{function} {len(self.ends)} of {self.name}")
        return self.ends[key]

    def sum(self, name: str, window: x.Window | None, where: x.Expr | None) -> Any:
        """The sum of a field."""
        key = (name, window, where)
        if key not in self.sums:
            self.sums[key] = variable(f"sum {len(self.sums)} of {self.name}.{name}", self.fields[name].type)
        return self.sums[key]

    def one_of(self, value: Any, name: str, window: x.Window | None, where: x.Expr | None) -> None:
        """That a value is the field's where there is one event alone."""
        self.values.append((value, name, window, where))

    # ---- what the questions have in common

    def windows(self) -> list[x.Window]:
        """The windows that are asked about."""
        return list(dict.fromkeys(window for window, _ in self._asked() if window is not None))

    def filters(self) -> list[x.Expr]:
        """The filters that are asked about."""
        return list(dict.fromkeys(where for _, where in self._asked() if where is not None))

    def _asked(self) -> Iterator[tuple[x.Window | None, x.Expr | None]]:
        yield from self.counts
        for keys in (self.ends, self.sums):
            yield from ((window, where) for _, window, where in keys)


def axioms(log: Log, clock: Clock, ask: Ask, texts: Texts) -> list[Any]:
    """What ties the questions about one type of events together. Raises TooMany."""
    windows, filters = log.windows(), log.filters()
    zones = [each for each in product((True, False), repeat=len(windows)) if _nested(windows, each)]
    kinds = _kinds(log, filters, ask, texts)
    if len(zones) * len(kinds) > _MOST_CLASSES:
        raise TooMany(f"the windows and filters over `{log.name}` are too many")
    found: list[Any] = []
    for at, (zone, kind) in enumerate(product(zones, kinds)):
        inside, fulfilled = dict(zip(windows, zone, strict=True)), dict(zip(filters, kind, strict=True))
        one = _class(log, f"{log.name} {at}", inside, fulfilled)
        found += _of_class(log, one, clock, ask)
        log.classes.append(one)
    return [*found, *_totals(log), *_ends(log, clock), *_single(log), *_lasts(log)]


def _class(log: Log, name: str, inside: Mapping[x.Window, bool], fulfilled: Mapping[x.Expr, bool]) -> Class:
    z3 = smt()
    newest = z3.Int(f"newest of {name}")
    asked_first = any(function == "first" for function, _, _ in log.ends)
    oldest = z3.Int(f"oldest of {name}") if asked_first else newest
    return Class(name, z3.Int(f"number of {name}"), newest, oldest, item(log, name), inside, fulfilled)


def item(log: Log, name: str) -> Item:
    """One event with unbound fields."""
    z3 = smt()
    return {
        each.name: Term(
            variable(f"{each.name} of {name}", each.type),
            z3.Bool(f"{each.name} of {name} is known") if _may_miss(each) else z3.BoolVal(True),
        )
        for each in log.fields.values()
        if not isinstance(each.type, t.SetOf | t.ListOf)
    }


def _may_miss(each: Field) -> bool:
    return each.optional and each.default is None


def _of_class(log: Log, one: Class, clock: Clock, ask: Ask) -> list[Any]:
    z3 = smt()
    some: list[Any] = []
    for name, term in one.item.items():
        some += within(term.value, log.fields[name].type, log.fields[name])
    if not log.is_list:
        some += [one.newest >= 0, one.oldest >= one.newest]
        some += [] if log.keep is None else [one.oldest < literal(log.keep, t.Duration())]
        for window, bit in one.inside.items():
            for age in dict.fromkeys((one.newest, one.oldest)):
                inside = clock.holds_moment(window, clock.now - age)
                some.append(inside if bit else z3.Not(inside))
        if one.oldest is not one.newest:
            some.append(z3.Implies(one.number == 1, one.oldest == one.newest))
    for where, bit in one.fulfilled.items():
        true = ask(where, one.item).true
        some.append(true if bit else z3.Not(true))
    return [one.number >= 0, z3.Implies(one.number > 0, z3.And(*some) if some else True)]


def _totals(log: Log) -> list[Any]:
    z3 = smt()
    found = [
        total == z3.Sum([one.number for one in log.classes if one.is_in(window, where)] or [z3.IntVal(0)])
        for (window, where), total in log.counts.items()
    ]
    for (name, window, where), total in log.sums.items():
        parts = [_part(log, one, name, found) for one in log.classes if one.is_in(window, where)]
        found.append(total == (z3.Sum(parts) if parts else literal(0, log.fields[name].type)))
    return found


def _part(log: Log, one: Class, name: str, found: list[Any]) -> Any:
    """The sum of a field over a class."""
    z3 = smt()
    if name not in one.sums:
        type_, term = log.fields[name].type, one.item[name]
        part = one.sums[name] = variable(f"sum of {name} of {one.name}", type_)
        nothing = literal(0, type_)
        found.append(z3.Implies(one.number == 0, part == nothing))
        found.append(z3.Implies(one.number == 1, part == z3.If(term.known, term.value, nothing)))
        for where, bit in one.fulfilled.items():
            found += _bounds(part, one.number, where, name) if bit else []
            found += [part == nothing] if not bit and _asks_for(where, name) else []
    return one.sums[name]


def _asks_for(where: x.Expr, name: str) -> bool:
    """Whether a filter asks that a field is there, and nothing else: who does not fulfil it adds nothing."""
    match x.bare(where):
        case x.Known(value=value):
            field_ = x.bare(value)
            return isinstance(field_, x.ItemField) and field_.name == name
        case _:  # any other filter
            return False


def _bounds(part: Any, number: Any, where: x.Expr, name: str) -> Iterator[Any]:
    """A filter on the field itself bounds its sum."""
    where = x.bare(where)
    match where:
        case x.And(terms=terms):
            for term in terms:
                yield from _bounds(part, number, term, name)
        case x.Compare(left=left, op=op, right=x.Const(value=value)) if not isinstance(value, str):
            field_ = x.bare(left)
            if isinstance(field_, x.ItemField) and field_.name == name and not isinstance(value, float):
                if op in (">", ">=", "=="):
                    yield part >= number * (int(value) + (op == ">"))
                if op in ("<", "<=", "=="):
                    yield part <= number * (int(value) - (op == "<"))


def _ends(log: Log, clock: Clock) -> list[Any]:
    """The last is the newest, the first the oldest of the classes it runs over."""
    z3 = smt()
    found = []
    for (function, window, where), at in log.ends.items():
        ages = [
            (one.number > 0, one.newest if function == "last" else one.oldest)
            for one in log.classes
            if one.is_in(window, where)
        ]
        order = (lambda age, at=at: clock.now - at <= age) if function == "last" else None
        for some, age in ages:
            bound = order(age) if order else clock.now - at >= age
            found.append(z3.Implies(some, bound))
        somewhere = [z3.And(some, clock.now - at == age) for some, age in ages]
        none = [z3.Not(some) for some, _ in ages]
        found.append(z3.Or(*somewhere, z3.And(*none) if none else True))
    return found


def _single(log: Log) -> list[Any]:
    """The value of one event alone is its own."""
    z3 = smt()
    found = []
    for value, name, window, where in log.values:
        scope = [one for one in log.classes if one.is_in(window, where)]
        if scope:
            total = z3.Sum([one.number for one in scope])
            own = [z3.And(one.number > 0, one.item[name].value == value) for one in scope]
            found.append(z3.Implies(total == 1, z3.Or(*own)))
    return found


def _lasts(log: Log) -> Iterator[Any]:
    """The last value is that of a newest event: what is said of a class is what its newest says.

    Where two fields are asked for, the largest of each may be those of two events at one moment: then nothing is said.
    """
    z3 = smt()
    for name, asked in log.lasts.items() if len(log.lasts) == 1 else ():
        for value, window, where in asked:
            scope = [one for one in log.classes if one.is_in(window, where)]
            newest = [
                z3.And(
                    one.number > 0,
                    one.item[name].value == value,
                    *(z3.Implies(o.number > 0, one.newest <= o.newest) for o in scope if o is not one),
                )
                for one in scope
            ]
            nothing = z3.And(*[one.number == 0 for one in scope]) if scope else z3.BoolVal(True)
            yield z3.Or(nothing, *newest)


def guessed(log: Log) -> Iterator[Any]:
    """The first and the last value are those of an event that no other is as old, or as new, as."""
    z3 = smt()
    for function, value, name, window, where in log.edges:
        scope = [one for one in log.classes if one.is_in(window, where)]
        at_edge = [
            z3.And(
                one.number > 0,
                one.item[name].value == value,
                *(z3.Implies(o.number > 0, _is_before(function, one, o)) for o in scope if o is not one),
            )
            for one in scope
        ]
        yield z3.Or(*(at_edge or [z3.BoolVal(True)]), z3.And(*[one.number == 0 for one in scope]))


def _is_before(function: str, one: Class, other: Class) -> Any:
    return one.newest < other.newest if function == "last" else one.oldest > other.oldest


def is_part(small: Asked, large: Asked) -> bool:
    """Whether all events of one window and filter are among those of another."""
    one, other = small[0], large[0]
    within_ = other is None or one == other or (one is not None and _holds(other, one))
    return within_ and (large[1] is None or small[1] == large[1])


# ---- which classes there can be


def _kinds(log: Log, filters: list[x.Expr], ask: Ask, texts: Texts) -> list[tuple[bool, ...]]:
    """The ways in which one event can fulfil some of the filters and not the others. Raises TooMany."""
    if not filters:
        return [()]
    z3, one = smt(), item(log, f"some {log.name}")
    solver = z3.Solver()
    solver.set("timeout", 200)
    for name, term in one.items():
        solver.add(*within(term.value, log.fields[name].type, log.fields[name]))
    asked = [ask(where, one).true for where in filters]
    solver.add(*[rule for term in one.values() for rule in texts.rules(term.value)])
    return list(_chosen(solver, asked, log.name, [0]))


def _chosen(solver: Any, asked: list[Any], name: str, found: list[int]) -> Iterator[tuple[bool, ...]]:
    """Filter by filter, so that what two of them rule out is not gone through for the others."""
    z3 = smt()
    if not asked:
        found[0] += 1
        if found[0] > _MOST_CLASSES:
            raise TooMany(f"the filters over `{name}` are too many")
        yield ()
        return
    for bit in (True, False):
        solver.push()
        solver.add(asked[0] if bit else z3.Not(asked[0]))
        if solver.check() != z3.unsat:
            yield from ((bit, *rest) for rest in _chosen(solver, asked[1:], name, found))
        solver.pop()


def _nested(windows: list[x.Window], bits: tuple[bool, ...]) -> bool:
    """Whether no event is said to lie in a window and outside one that holds it."""
    inside = [window for window, bit in zip(windows, bits, strict=True) if bit]
    outside = [window for window, bit in zip(windows, bits, strict=True) if not bit]
    return not any(_holds(larger, smaller) for larger in outside for smaller in inside)


def _holds(larger: x.Window, smaller: x.Window) -> bool:
    return _ages(smaller)[1] <= _ages(larger)[0]


def _ages(window: x.Window) -> tuple[float, float]:
    """The least and the most age, in days, at which a window begins; zones have left out days, and had some twice."""
    if isinstance(window, x.ExactWindow):
        return window.length / DAY, window.length / DAY
    least, most = _LENGTHS[window.unit]
    if not window.last:
        return 0.0, window.count * most + _SLACK
    return max(0.0, (window.count - 1) * least - _SLACK), window.count * most + _SLACK
