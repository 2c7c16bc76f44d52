"""Conditions as z3 terms: where each is true, where it is false. Every recipient is among the solutions.

What z3 cannot say (arithmetic of doubles, averages, anniversaries) is left unbound: then there are solutions that no
recipient is, which the replay of a witness finds out, and never the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.prover.encoding.anniversaries import returns, still_to_come
from mailweave.rules.prover.encoding.clock import Clock
from mailweave.rules.prover.encoding.comparisons import (
    FLIPPED,
    OPPOSITE,
    averages,
    compared,
    is_among,
    is_extreme,
    is_plain_set,
    joined,
    rank_of,
    two_valued,
    unrounded,
)
from mailweave.rules.prover.encoding.histories import Log, axioms, guessed, is_part
from mailweave.rules.prover.encoding.histories import item as log_item
from mailweave.rules.prover.encoding.texts import Texts, exactly, globbed, holding
from mailweave.rules.prover.encoding.values import NO_ITEM, Item, Term, Truth, literal, truth_of, within
from mailweave.rules.prover.encoding.variables import Variables
from mailweave.rules.prover.questions import AllOf, AnyOf, AtLeast, Filled, Holds, NotSo, Question
from mailweave.rules.prover.smt import smt
from mailweave.schema import types as t


class Encoder:
    """One question's terms. `rules` are the axioms found on the way; `finished` adds those about events.

    `guesses` hold for most recipients, not for all: examples are looked for among those first.
    """

    def __init__(self, document: c.CheckedDocument) -> None:
        self.document, self.schema = document, document.schema
        self.clock = Clock(document.schema.timezone)
        self.variables = Variables(self.schema)
        self.rules = self.variables.rules
        self.texts = Texts()
        self.guesses: list[Any] = []
        self.logs: dict[str, Log] = {}
        self._inside: dict[str, Any] = {}
        self._found: dict[str, dict[Any, Any]] = {}
        self._tiers: dict[str, Mapping[str, Any]] = {}

    def question(self, question: Question) -> Any:
        """Where a question is so."""
        z3 = smt()
        match question:
            case Holds(condition=condition):
                return self.truth(condition).true
            case Filled(list=name):
                return self.variables.filled(name)
            case AllOf(parts=parts):
                return z3.And(*[self.question(part) for part in parts])
            case AnyOf(parts=parts):
                return z3.Or(*[self.question(part) for part in parts])
            case AtLeast(number=number, parts=parts):
                return z3.AtLeast(*[self.question(part) for part in parts], number)
            case NotSo(part=part):
                return z3.Not(self.question(part))

    def finished(self) -> list[Any]:
        """All axioms, once every question is asked. Raises TooMany."""
        self._settle()
        found = []
        for log in self.logs.values():
            found += axioms(log, self.clock, self.truth, self.texts)
            self.guesses += guessed(log)
        return [*self.clock.axioms, *self.rules, *found, *self.texts.rules()]

    def _settle(self) -> None:
        """Filters may speak of segments, which ask more: until nothing new is asked."""
        seen: set[tuple[str, x.Expr]] = set()
        while True:
            asked = {(name, where) for name, log in self.logs.items() for where in log.filters()} - seen
            if not asked:
                return
            for name, where in asked:
                self.truth(where, log_item(self.logs[name], f"any {name}"))
            seen |= asked

    # ---- conditions

    def truth(self, expr: x.Expr, item: Item = NO_ITEM) -> Truth:
        """Where a condition is true and where it is false."""
        z3 = smt()
        match expr:
            case x.Inlined(value=value):
                return self.truth(value, item)
            case x.And(terms=terms):
                parts = [self.truth(term, item) for term in terms]
                return Truth(z3.And(*[p.true for p in parts]), z3.Or(*[p.false for p in parts]))
            case x.Or(terms=terms):
                parts = [self.truth(term, item) for term in terms]
                return Truth(z3.Or(*[p.true for p in parts]), z3.And(*[p.false for p in parts]))
            case x.Not(term=term):
                part = self.truth(term, item)
                return Truth(part.false, part.true)
            case x.InSegment(name=name):
                return two_valued(self.inside(name))
            case x.Known(value=value):
                return two_valued(self.known(value, item))
            case x.Exists(event=event, window=window):
                return two_valued(self.event(event).count(window, None) >= 1)
            case x.Compare(left=left, op=op, right=right):
                return self._compare(expr, x.bare(left), op, x.bare(right), item)
            case x.Between(value=value, low=low, high=high):
                ends = (self._pair(value, ">=", low, item), self._pair(value, "<=", high, item))
                return self.truth(x.And(expr.span, t.Bool(), expr.optional, ends), item)
            case x.In(value=value, items=items):
                same = tuple(self._pair(value, "==", each, item) for each in items)
                return self.truth(x.Or(expr.span, t.Bool(), expr.optional, same), item)
            case x.ByArm():
                return self._by_arm(expr, item)
            case _:  # no connective, and no comparison
                return self._atom(expr, item)

    def _by_arm(self, expr: x.ByArm, item: Item) -> Truth:
        """Each arm with its condition: which one somebody is in who can be in one is for z3 to choose."""
        z3, arm = smt(), self.variables.arm(expr.experiment, len(expr.conditions))
        inside = [self.known(expr.unit, NO_ITEM)]
        inside += [] if expr.only is None else [self.truth(expr.only).true]
        is_in = [z3.And(arm == at, *inside) for at in range(1, len(expr.conditions))]
        places = [z3.Not(z3.Or(*is_in)), *is_in]
        found = [(place, self.truth(each, item)) for place, each in zip(places, expr.conditions, strict=True)]
        true = z3.Or(*[z3.And(place, each.true) for place, each in found])
        return Truth(true, z3.Or(*[z3.And(place, each.false) for place, each in found]))

    def _pair(self, left: x.Expr, op: Any, right: x.Expr, item: Item) -> x.Compare:
        return x.Compare(left.span, t.Bool(), left.optional or right.optional, left, op, right)

    def _atom(self, expr: x.Expr, item: Item) -> Truth:
        z3 = smt()
        match expr:
            case x.InWindow(value=value, window=window):
                term = self.value(value, item)
                of_day = isinstance(x.bare(value).type, t.Date)
                if of_day and not isinstance(window, x.ExactWindow):
                    return truth_of(term.known, self.clock.holds_day(window, term.value))
                return truth_of(term.known, self.clock.holds_moment(window, term.value))
            case x.TextContains(value=value, part=x.Const(value=str(part))):
                term = self.value(value, item)
                return truth_of(term.known, self.texts.fits(term.value, holding(part)))
            case x.TextContains(value=value, part=part):
                whole, inner = self.value(value, item), self.value(part, item)
                return truth_of(z3.And(whole.known, inner.known), z3.Contains(whole.value, inner.value))
            case x.Matches(value=value, pattern=pattern):
                term = self.value(value, item)
                return truth_of(term.known, self.texts.fits(term.value, globbed(pattern)))
            case x.SetContains(value=value, item=one) if is_plain_set(value, one):
                return truth_of(self.known(value, item), self._member(value, one))
            case x.SetContainsMany(value=value, quantifier=quantifier, items=items) if is_plain_set(value):
                inside = [self._member(value, each) for each in items]
                found = z3.And(*inside) if quantifier == "all" else z3.Or(*inside)
                return truth_of(self.known(value, item), found)
            case x.SetContains() | x.SetContainsMany():
                return self.variables.condition(expr, item)
            case _:  # a value of true or false
                term = self.value(expr, item)
                return truth_of(term.known, term.value)

    def _member(self, value: x.Expr, one: x.Expr) -> Any:
        held, given = x.bare(value), x.bare(one)
        assert isinstance(held, x.Attribute)
        assert isinstance(given, x.Const)
        return self.variables.member(held.name, given.value)

    def _compare(self, expr: x.Expr, left: x.Expr, op: str, right: x.Expr, item: Item) -> Truth:
        if isinstance(left, x.Const) and not isinstance(right, x.Const):
            left, op, right = right, FLIPPED.get(op, op), left
        if isinstance(right, x.Const) and is_extreme(left) and op != "!=":
            return self._extreme(left, op, right)
        if isinstance(left.type, t.SetOf | t.ListOf):
            return self.variables.condition(expr, item)
        one, other = self.value(left, item), self.value(right, item)
        found = truth_of(smt().And(one.known, other.known), compared(one.value, op, other.value))
        if isinstance(right, x.Const) and isinstance(right.value, str) and not isinstance(left.type, t.Enum):
            self.texts.fits(one.value, exactly(right.value))
        if isinstance(right, x.Const) and is_among(left):
            self._among(left, op, right, found)
        return found

    def _among(self, expr: x.EventAggregate | x.ListAggregate, op: str, right: x.Const, found: Truth) -> None:
        """An average above something needs a value above it, and a last value is one of the values."""
        z3 = smt()
        for true, sign in ((found.true, op), (found.false, OPPOSITE[op])):
            if expr.function != "avg" or sign != "==":
                self.rules.append(z3.Implies(true, self._those(expr, sign, right) >= 1))

    def _extreme(self, expr: x.EventAggregate | x.ListAggregate, op: str, right: x.Const) -> Truth:
        """`max(e.f) >= c` asks whether there is an e whose f is at least c."""
        z3 = smt()
        largest = expr.function == "max"
        over, at = (">", ">=") if largest else ("<", "<=")
        beyond, reached = self._those(expr, over, right) >= 1, self._those(expr, at, right) >= 1
        true = {
            at: reached, over: beyond, "==": z3.And(reached, z3.Not(beyond)),
            FLIPPED[at]: z3.Not(beyond), FLIPPED[over]: z3.Not(reached),
        }[op]  # fmt: skip
        return truth_of(self.known(expr, NO_ITEM), true)

    def _those(self, expr: x.EventAggregate | x.ListAggregate, op: Any, right: x.Const) -> Any:
        """How many of an aggregate's events have a field that compares so with a constant."""
        log, window = self._log(expr)
        assert expr.field is not None
        own = log.fields[expr.field]
        value = x.ItemField(expr.span, own.type, own.optional, own.name)
        return log.count(window, joined(expr.where, self._pair(value, op, right, NO_ITEM)))

    # ---- segments and tiers

    def inside(self, name: str) -> Any:
        """Where somebody is in a segment."""
        if name not in self._inside:
            segment = self.document.segments[name]
            true = self.truth(segment.condition).true
            whole = [true] if segment.within is None else [self.inside(segment.within), true]
            self._inside[name] = smt().And(*whole)
        return self._inside[name]

    def tier(self, name: str) -> Mapping[str, Any]:
        """Where each member of a tier holds and none before it."""
        if name not in self._tiers:
            z3 = smt()
            found: dict[str, Any] = {}
            before: list[Any] = []
            tier = self.document.tiers[name]
            for member in tier.members:
                true = self.truth(member.condition).true
                found[member.name] = z3.And(true, *before)
                before.append(z3.Not(true))
            if tier.otherwise is not None:
                rest = z3.And(*before)
                found[tier.otherwise] = z3.Or(found.get(tier.otherwise, z3.BoolVal(False)), rest)
            self._tiers[name] = found
        return self._tiers[name]

    # ---- values

    def known(self, expr: x.Expr, item: Item) -> Any:
        """Where a value is there."""
        value = x.bare(expr)
        if isinstance(value.type, t.SetOf | t.ListOf) and isinstance(value, x.Attribute):
            return self.variables.presence(value.name)
        if isinstance(value.type, t.SetOf | t.ListOf):
            return self.variables.condition(x.Known(value.span, t.Bool(), False, value), item).true
        return self.value(value, item).known

    def value(self, expr: x.Expr, item: Item = NO_ITEM) -> Term:
        """A value and where it is there."""
        z3 = smt()
        match expr:
            case x.Inlined(value=value):
                return self.value(value, item)
            case x.Const(value=value):
                return Term(literal(value, expr.type), z3.BoolVal(True))
            case x.Attribute(name=name):
                return self.variables.attribute(name)
            case x.ItemField(name=name) if name in item:
                return item[name]
            case x.ConsentGiven(purpose=purpose):
                return Term(self.variables.consent(purpose), z3.BoolVal(True))
            case x.ScoreValue(name=name):
                return self.variables.score(name)
            case x.LookupValue():
                return self._lookup(expr, item)
            case x.TierValue(name=name):
                return self._tier_value(expr, name)
            case x.TimeSince(value=value):
                term = self.value(value, item)
                return Term(self.clock.now - term.value, term.known)
            case x.Anniversary(value=value):
                return self._anniversary(x.bare(value), item)
            case x.Negate(value=value):
                term = self.value(value, item)
                return self._in_range(expr, -term.value, term.known)
            case x.Arithmetic():
                return self._arithmetic(expr, item)
            case x.EventAggregate() | x.ListAggregate():
                return self._aggregate(expr)
            case _ if isinstance(expr.type, t.Bool) and not isinstance(expr, x.ItemField):
                truth = self.truth(expr, item)
                return Term(truth.true, z3.Or(truth.true, truth.false))
            case _:  # an unbound value: too many recipients, never too few
                return self.variables.value(expr, item)

    def _anniversary(self, value: x.Expr, item: Item) -> Term:
        day, seen = self.value(value, item), len(self.variables.anniversaries)
        found = self.variables.anniversary(value, item, self.clock.today)
        if len(self.variables.anniversaries) > seen:
            self.guesses += returns(day.value, found, self.clock.today)
            self.rules.append(still_to_come(day.value, found, self.clock.today))
        return Term(found, day.known)

    def _lookup(self, expr: x.LookupValue, item: Item) -> Term:
        """What a lookup finds: under no key its `else`, under one key the same."""
        z3, term, key = smt(), self.variables.lookup(expr, item), self.value(expr.key, item)
        instead = literal(self.schema.lookups[expr.name].otherwise, expr.type)
        self.rules.append(z3.Implies(z3.Not(key.known), term.value == instead))
        for other, value in self._found.setdefault(expr.name, {}).items():
            self.rules.append(z3.Implies(key.value == other, term.value == value))
        self._found[expr.name][key.value] = term.value
        return term

    def _tier_value(self, expr: x.TierValue, name: str) -> Term:
        z3, found = smt(), rank_of(expr.type, self.tier(name))
        return Term(found, z3.Or(*self.tier(name).values()))

    # ---- arithmetic

    def _in_range(self, expr: x.Expr, value: Any, known: Any) -> Term:
        inside = within(value, expr.type)
        return Term(value, smt().And(known, *inside) if expr.optional else known)

    def _arithmetic(self, expr: x.Arithmetic, item: Item) -> Term:
        z3 = smt()
        left, right = self.value(expr.left, item), self.value(expr.right, item)
        known = z3.And(left.known, right.known)
        if isinstance(expr.type, t.Number | t.Ratio):
            found = self.variables.value(expr, item)
            self.guesses.append(unrounded(expr.op, found, left.value, right.value))
            return Term(found.value, z3.And(known, found.known))
        value = {"+": left.value + right.value, "-": left.value - right.value}.get(expr.op)
        return self._in_range(expr, left.value * right.value if value is None else value, known)

    # ---- events and lists

    def event(self, name: str) -> Log:
        """The questions about one type of events."""
        event = self.schema.events[name]
        return self.logs.setdefault(name, Log(name, event.fields, event.keep))

    def _log(self, expr: x.EventAggregate | x.ListAggregate) -> tuple[Log, x.Window | None]:
        if isinstance(expr, x.EventAggregate):
            return self.event(expr.event), expr.window
        type_ = expr.list.type
        assert isinstance(type_, t.ListOf)
        fields = {each.name: each for each in type_.fields}
        name = f"list {expr.list.name}"
        return self.logs.setdefault(name, Log(expr.list.name, fields, 0, is_list=True)), None

    def _aggregate(self, expr: x.EventAggregate | x.ListAggregate) -> Term:
        z3 = smt()
        log, window = self._log(expr)
        there = (
            z3.BoolVal(True)
            if isinstance(expr, x.EventAggregate)
            else self.variables.presence(expr.list.name)
        )
        if expr.field is None:
            number = log.count(window, expr.where)
            if expr.function == "count":
                return Term(number, there)
            function = {"min": "first", "max": "last"}.get(expr.function, expr.function)
            return Term(log.end(function, window, expr.where), number >= 1)
        number = log.count(window, self._with_field(log, expr))
        if expr.function == "sum":
            return self._in_range(expr, log.sum(expr.field, window, expr.where), there)
        found = self.variables.value(replace(expr, optional=False), NO_ITEM)
        if expr.function == "distinct":
            self.rules += [found.value >= 0, found.value <= number, (number >= 1) == (found.value >= 1)]
            self._distinct(log, expr, window, found.value)
            return Term(found.value, there)
        if expr.function == "avg":
            total = log.sum(expr.field, window, expr.where)
            self.guesses.append(smt().Or(number == 0, *averages(found.value, total, number)))
        else:
            log.one_of(found.value, expr.field, window, self._with_field(log, expr))
            log.edges.append((expr.function, found.value, expr.field, window, self._with_field(log, expr)))
        if expr.function == "last":
            log.lasts[expr.field] = [
                *log.lasts.get(expr.field, ()),
                (found.value, window, self._with_field(log, expr)),
            ]
        return Term(found.value, z3.And(there, number >= 1))

    def _distinct(self, log: Log, expr: Any, window: x.Window | None, value: Any) -> None:
        """Among fewer events there are no more different values."""
        log.distinct[expr.field] = value
        asked = (window, self._with_field(log, expr))
        for field, other, known in log.differing:
            if field == expr.field:
                self.rules += [value <= other] if is_part(asked, known) else []
                self.rules += [other <= value] if is_part(known, asked) else []
        log.differing.append((expr.field, value, asked))

    def _with_field(self, log: Log, expr: x.EventAggregate | x.ListAggregate) -> x.Expr | None:
        """The filter of an aggregate, and that the field it reads is there."""
        assert expr.field is not None
        own = log.fields[expr.field]
        if not own.optional or own.default is not None:
            return expr.where
        value = x.ItemField(expr.span, own.type, True, own.name)
        return joined(expr.where, x.Known(expr.span, t.Bool(), False, value))
