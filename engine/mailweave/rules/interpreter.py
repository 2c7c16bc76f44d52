"""The naive interpreter: what every construct means, in the plainest Python; the compiled program equals it.

It shares nothing with admission, the optimizer or the code generator. It reads the recipient as it comes
(valid data; the refusals of admission are not repeated), in Python's own types: Decimal, date, datetime,
timedelta. Unknown and missing are None everywhere. Events are gone through one by one, for each question.
"""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias
from unicodedata import normalize
from zoneinfo import ZoneInfo

from mailweave.rules import typed
from mailweave.rules.checked import CheckedDocument
from mailweave.schema.model import EventType
from mailweave.schema.types import (
    Date,
    Duration,
    Enum,
    Field,
    Instant,
    Int,
    ListOf,
    Money,
    Number,
    Ratio,
    SetOf,
    Type,
)
from mailweave.values.calendar import CalendarWindow

Natural: TypeAlias = Any
"""A value in Python's own type for it; None is missing, and unknown for a condition."""

Record: TypeAlias = dict[str, Natural]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the interpreter says: the same as an Evaluation."""

    segments: frozenset[str]
    tiers: dict[str, str | None]
    skip: str | None


def interpret(
    checked: CheckedDocument,
    profile: Mapping[str, Any],
    events: Iterable[Mapping[str, Any]] = (),
    *,
    context: Mapping[str, Any] | None = None,
    now: datetime,
) -> Answers:
    """Segments, tiers and the code of the skip of one recipient whose data is valid."""
    person = Person(checked, profile, list(events), context or {}, now)
    return Answers(
        frozenset(name for name in checked.segments if person.is_in(name)),
        {name: person.tier(name) for name in checked.tiers},
        next((skip.name for skip in checked.skips if person.ask(skip.condition) is True), None),
    )


class Person:
    """One recipient at one moment, and the meaning of every expression for this recipient."""

    def __init__(
        self,
        checked: CheckedDocument,
        profile: Mapping[str, Any],
        events: Sequence[Mapping[str, Any]],
        context: Mapping[str, Any],
        now: datetime,
    ) -> None:
        self.checked = checked
        self.schema = checked.schema
        self.profile = profile
        self.events = events
        self.context = context
        self.now = instant(now)

    # ---- what is known

    def is_in(self, name: str) -> bool:
        segment = self.checked.segments[name]
        inside = segment.within is None or self.is_in(segment.within)
        return inside and self.ask(segment.condition) is True

    def tier(self, name: str) -> str | None:
        tier = self.checked.tiers[name]
        for member in tier.members:
            if self.ask(member.condition) is True:
                return member.name
        return tier.otherwise

    def consents(self, purpose: str) -> bool:
        return (self.profile.get("consent") or {}).get(purpose) is True

    def attribute(self, name: str) -> Natural:
        field = self.schema.profile[name]
        if field.needs is not None and not self.consents(field.needs):
            return None
        return read_field(field, self.profile.get(field.column or name))

    def score(self, name: str) -> Natural:
        score = self.schema.scores[name]
        otherwise = natural(score.type, score.otherwise)
        given = (self.profile.get("scores") or {}).get(name)
        return self.dated(given, score.type, score.ttl, otherwise, bare_is_fresh=False)

    def lookup(self, name: str, key: Natural) -> Natural:
        lookup = self.schema.lookups[name]
        otherwise = natural(lookup.type, lookup.otherwise)
        if key is None:
            return otherwise
        table = (self.context.get("lookups") or {}).get(name) or {}
        given = table.get(key, table.get(str(key)))
        return self.dated(given, lookup.type, lookup.ttl, otherwise, bare_is_fresh=True)

    def dated(self, given: Any, type: Type, ttl: int, otherwise: Natural, *, bare_is_fresh: bool) -> Natural:
        """A bare value, or {"value", "at"}: what it holds, unless that is absent, undated or too old."""
        whole = given if isinstance(given, Mapping) else {"value": given}
        if whole.get("value") is None:
            return otherwise
        if whole.get("at") is None:
            return read(type, whole["value"]) if bare_is_fresh else otherwise
        stale = self.now - instant(whole["at"]) > timedelta(microseconds=ttl)
        return otherwise if stale else read(type, whole["value"])

    def kept(self, name: str) -> list[Record]:
        """The events of a type that are seen: not after now, not older than is kept."""
        event = self.schema.events[name]
        records = [read_event(event, each) for each in self.events if each["type"] == name]
        return [each for each in records if self.is_kept(each["at"], event)]

    def is_kept(self, at: datetime, event: EventType) -> bool:
        if at > self.now:
            return False
        return event.keep is None or at > self.now - timedelta(microseconds=event.keep)

    def zone(self) -> ZoneInfo:
        zone = self.schema.timezone
        return ZoneInfo((self.attribute(zone.attribute) if zone.attribute else None) or zone.zone)

    def today(self) -> date:
        return self.now.astimezone(self.zone()).date()

    # ---- windows

    def lies_in(self, when: datetime | date, window: typed.Window) -> bool:
        if isinstance(window, CalendarWindow):
            days = calendar_days(window, self.today())
            day = self.day_of(when) if isinstance(when, datetime) else when
            return days[0] <= day <= days[1]
        assert isinstance(when, datetime)
        length = timedelta(microseconds=window.length)
        return self.now - length < when <= self.now if window.last else self.now < when <= self.now + length

    def day_of(self, when: datetime) -> date:
        """The latest day that the clock has shown: where it goes back over midnight, a day stays begun."""
        zone, minute = self.zone(), timedelta(minutes=1)
        clock = [when.astimezone(zone)]
        if (when - 180 * minute).astimezone(zone).utcoffset() != clock[0].utcoffset():
            clock += [(when - n * minute).astimezone(zone) for n in range(180)]
        return max(each.date() for each in clock)

    # ---- the meaning of expressions

    def ask(self, expr: typed.Expr, item: Record | None = None) -> Natural:
        """The value of an expression, or the Kleene truth of a condition; `item` is the row at hand."""
        ask: Callable[[typed.Expr], Natural] = lambda below: self.ask(below, item)  # noqa: E731  # reads well
        match expr:
            case typed.Const(type=type, value=value):
                return natural(type, value)
            case typed.Attribute(name=name):
                return self.attribute(name)
            case typed.ItemField(name=name):
                assert item is not None
                return item[name]
            case typed.ConsentGiven(purpose=purpose):
                return self.consents(purpose)
            case typed.ScoreValue(name=name):
                return self.score(name)
            case typed.LookupValue(name=name, key=key):
                return self.lookup(name, ask(key))
            case typed.TierValue(name=name):
                return self.tier(name)
            case typed.InSegment(name=name):
                return self.is_in(name)
            case typed.Inlined(value=value):
                return ask(value)
            case typed.Not(term=term):
                return kleene_not(ask(term))
            case typed.And(terms=terms):
                return kleene_and(map(ask, terms))
            case typed.Or(terms=terms):
                return kleene_not(kleene_and(kleene_not(ask(term)) for term in terms))
            case typed.Known(value=value):
                return ask(value) is not None
            case typed.Between(value=value, low=low, high=high):
                found = ask(value)
                ends = (
                    compare(ask(low), "<=", found, value.type),
                    compare(found, "<=", ask(high), value.type),
                )
                return kleene_and(ends)
            case typed.Compare(left=left, op=op, right=right):
                return compare(ask(left), op, ask(right), left.type)
            case typed.Exists(event=event, window=window):
                return any(window is None or self.lies_in(e["at"], window) for e in self.kept(event))
            case typed.EventAggregate():
                return self.over_events(expr)
            case typed.ListAggregate():
                return self.over_list(expr)
            case typed.TimeSince(value=value):
                return known([ask(value)], lambda at: self.now - at)
            case typed.Anniversary(value=value):
                return known([ask(value)], lambda day: anniversary(day, self.today()))
            case typed.Negate(value=value):
                return known([ask(value)], lambda found: within_type(-found, expr.type))
            case typed.Arithmetic(left=left, op=op, right=right):
                return known([ask(left), ask(right)], lambda a, b: calculate(a, op, b, expr.type))
            case typed.In(value=value, items=items):
                return known([ask(value)], lambda found: any(found == ask(each) for each in items))
            case typed.InWindow(value=value, window=window):
                return known([ask(value)], lambda when: self.lies_in(when, window))
            case typed.TextContains(value=value, part=part):
                return known([ask(value), ask(part)], lambda text, sub: sub in text)
            case typed.SetContains(value=value, item=wanted):
                return known([ask(value), ask(wanted)], lambda items, one: one in items)
            case typed.SetContainsMany(value=value, quantifier=quantifier, items=wanted):
                every = all if quantifier == "all" else any
                return known([ask(value)], lambda items: every(ask(each) in items for each in wanted))
            case typed.Matches(value=value, pattern=pattern):
                return known([ask(value)], lambda text: glob_matches(pattern, text))

    # ---- aggregates

    def over_events(self, expr: typed.EventAggregate) -> Natural:
        rows = [
            row
            for row in self.kept(expr.event)
            if (expr.window is None or self.lies_in(row["at"], expr.window))
            and (expr.where is None or self.ask(expr.where, row) is True)
        ]
        if expr.field is None:
            moments = sorted(row["at"] for row in rows)
            if expr.function == "count":
                return len(moments)
            ends = {"first": 0, "min": 0, "last": -1, "max": -1}
            return moments[ends[expr.function]] if moments else None
        type = self.schema.events[expr.event].fields[expr.field].type
        have = [row for row in rows if row[expr.field] is not None]
        if expr.function in ("first", "last") and have:
            pick = min if expr.function == "first" else max
            at = pick(row["at"] for row in have)
            have = [row for row in have if row["at"] == at]
        return aggregate(expr.function, [row[expr.field] for row in have], type, expr.type)

    def over_list(self, expr: typed.ListAggregate) -> Natural:
        items = self.attribute(expr.list.name)
        if items is None:
            return None
        kept = [item for item in items if expr.where is None or self.ask(expr.where, item) is True]
        if expr.field is None:
            return len(kept)
        declared = expr.list.type
        assert isinstance(declared, ListOf)
        type = next(field.type for field in declared.fields if field.name == expr.field)
        values = [item[expr.field] for item in kept if item[expr.field] is not None]
        return aggregate(expr.function, values, type, expr.type)


# ---- three-valued logic


def kleene_not(value: bool | None) -> bool | None:
    return None if value is None else not value


def kleene_and(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    if any(value is False for value in found):
        return False
    return None if any(value is None for value in found) else True


def known(values: list[Natural], then: Callable[..., Natural]) -> Natural:
    """None when something is missing, else what `then` makes of the values."""
    return None if any(value is None for value in values) else then(*values)


# ---- operators


def compare(left: Natural, op: str, right: Natural, type: Type) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(type, Enum) and op not in ("==", "!="):
        left, right = type.members.index(left), type.members.index(right)
    match op:
        case "==":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case _:
            return bool(left >= right)


def calculate(left: Natural, op: str, right: Natural, type: Type) -> Natural:
    match op:
        case "+":
            return within_type(left + right, type)
        case "-":
            return within_type(left - right, type)
        case "*":
            return within_type(left * right, type)
        case _:
            return divided(left, right)


def divided(left: Natural, right: Natural) -> float | None:
    if right == 0:
        return None
    if isinstance(left, float):
        quotient = left / right
    elif isinstance(left, timedelta):
        quotient = float(Fraction(microseconds(left), microseconds(right)))
    else:
        quotient = float(Fraction(left) / Fraction(right))
    return quotient if math.isfinite(quotient) else None


def within_type(value: Natural, type: Type) -> Natural:
    """A result, or None when its type does not hold it."""
    match type:
        case Int():
            return value if -(2**63) <= value < 2**63 else None
        case Money():
            return value if abs(value) < 10**14 else None
        case Duration():
            return value if -(2**63) <= microseconds(value) < 2**63 else None
        case Number() | Ratio():
            return value if math.isfinite(value) else None
        case _:
            return value


def aggregate(function: str, values: list[Natural], type: Type, result: Type) -> Natural:
    """An aggregate over known values; of first and last, only those of one moment are left."""
    match function:
        case "count":
            return len(values)
        case "distinct":
            return len(set(values))
        case "sum":
            return summed(values, type)
        case "avg":
            return averaged(values, type, result)
        case "min":
            return min(values, key=rank(type), default=None)
        case _:
            return max(values, key=rank(type), default=None)


def rank(type: Type) -> Callable[[Natural], Natural]:
    return type.members.index if isinstance(type, Enum) and type.ordered else lambda value: value


def summed(values: list[Natural], type: Type) -> Natural:
    if isinstance(type, Number | Ratio):
        try:
            return within_type(math.fsum(values), type)
        except OverflowError:
            return None
    zero: Natural = (
        timedelta(0) if isinstance(type, Duration) else Decimal(0) if isinstance(type, Money) else 0
    )
    return within_type(sum(values, zero), type)


def averaged(values: list[Natural], type: Type, result: Type) -> Natural:
    if not values:
        return None
    if isinstance(result, Money):
        exact = Fraction(sum(values)) / len(values) * 10_000
        return Decimal(round(exact)).scaleb(-4)  # round() is half to even
    if isinstance(type, Number | Ratio):
        total = summed(values, type)
        return None if total is None else total / len(values)
    if isinstance(type, Duration):
        exact = Fraction(sum(map(microseconds, values)), len(values))
        return timedelta(microseconds=round(exact))
    return float(Fraction(sum(values), len(values)))


def glob_matches(pattern: str, text: str) -> bool:
    """fnmatch, whose brackets are plain characters here."""
    plain = "".join(f"[{char}]" if char == "[" else char for char in pattern)
    return re.fullmatch(fnmatch.translate(plain), text) is not None


# ---- calendars


def calendar_days(window: CalendarWindow, today: date) -> tuple[date, date]:
    """The first and the last day of a calendar window, found by walking from unit to unit."""
    first, last = unit_around(today, window.unit)
    for _ in range(window.count - 1):
        if window.last:
            first = unit_around(first - timedelta(days=1), window.unit)[0]
        else:
            last = unit_around(last + timedelta(days=1), window.unit)[1]
    return first, last


def unit_around(day: date, unit: str) -> tuple[date, date]:
    """The first and the last day of the day, week, month or year that holds a day."""
    one = timedelta(days=1)
    same: Callable[[date], object] = {
        "day": lambda each: each,
        "week": lambda each: each.isocalendar()[:2],
        "month": lambda each: (each.year, each.month),
        "year": lambda each: each.year,
    }[unit]
    first = last = day
    while same(first - one) == same(day):
        first -= one
    while same(last + one) == same(day):
        last += one
    return first, last


def anniversary(born: date, today: date) -> date:
    day = today
    while not returns_on(born, day):
        day += timedelta(days=1)
    return day


def returns_on(born: date, day: date) -> bool:
    if (day.month, day.day) == (born.month, born.day):
        return True
    ends_february = (day + timedelta(days=1)).month == 3 and day.month == 2
    return (born.month, born.day) == (2, 29) and ends_february and day.day == 28


# ---- reading


def microseconds(value: timedelta) -> int:
    return value // timedelta(microseconds=1)


def natural(type: Type, value: Any) -> Natural:
    """A literal of the checked text, held in the engine's normal form, as Python's own type."""
    if value is None:
        return None
    match type:
        case Money():
            return Decimal(value).scaleb(-4)
        case Instant():
            return _EPOCH + timedelta(microseconds=value)
        case Duration():
            return timedelta(microseconds=value)
        case Date():
            return date.fromordinal(value)
        case _:
            return value


def read_field(field: Field, value: Any) -> Natural:
    if value is not None:
        return read(field.type, value)
    if field.default is not None:
        return natural(field.type, field.default)
    if field.optional:
        return None
    return {SetOf: frozenset(), ListOf: []}.get(field.type.__class__)


def read(type: Type, value: Any) -> Natural:
    """Valid plain data as Python's own type."""
    if value is None:
        return None
    match type:
        case Money():
            return Decimal(str(value).split(" ")[0])
        case Instant():
            return instant(value)
        case Date():
            return date.fromisoformat(value) if isinstance(value, str) else value
        case Number() | Ratio():
            return float(value)
        case SetOf(item=item):
            return frozenset(read(item, each) for each in value)
        case ListOf(fields=fields):
            return [{f.name: read_field(f, each.get(f.column or f.name)) for f in fields} for each in value]
        case _:
            return normalize("NFC", value) if isinstance(value, str) else value


def read_event(event: EventType, given: Mapping[str, Any]) -> Record:
    fields = {
        name: read_field(field, given.get(field.column or name)) for name, field in event.fields.items()
    }
    return {**fields, "at": instant(given["at"])}


def instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
